"""Ruin and recreate on the itineraries of a solution: for networks too large for a master.

One move takes some parts off the network (a part is an amount of one commodity on one itinerary)
and loads them again, one by one, on the cheapest itinerary with room. Four kinds of moves:

*full*     an unserved commodity asks for its cheapest itinerary whether there is room or not; parts
           leave every row in its way until it fits, it is loaded, and they look for other ways;
*closing*  a design that runs is emptied and may not be used in this move;
*filling*  a design that misses its minimum, or does not run, is offered at less than nothing to
           commodities that may use it;
*loosening* a random part leaves, and parts that share rows with those that left.

Cheapest is measured with random weight on the prices of a relaxation and with a random share of the
fixed cost of designs that do not run yet, so that a move may open some. What a move changes in cost
decides: better is kept, worse with probability ``exp(-change / temperature)``. Minimum rows of
running designs may fall short at a price.

Sources: Schrimpf, Schneider, Stamm-Wilbrandt, Dueck (2000), "Record breaking optimization results
using the ruin and recreate principle", Journal of Computational Physics 159; Pisinger, Ropke
(2007), "A general heuristic for vehicle routing problems", Computers & Operations Research 34.
"""

from solvers.rerouting.rerouting import Rerouting

__all__ = ["Rerouting"]
