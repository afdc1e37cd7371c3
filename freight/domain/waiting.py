"""Where boxes may wait: part of what every instance states, of its network and of its audit.

- Between an unloading and the next departure, or the destination, and before the first departure,
  there are at most ``MOST_TRANSFERS`` transfers in a row.
- After an unloading or a transfer, the next transfer starts as soon as the boxes are free; one with
  a daily capacity may also start one, two or three days later (``LATER_DAYS``). Boxes wait where
  their next departure leaves.
- The transfers before the first departure end just when it closes, without a wait between them; or
  the first one starts when a shipment of that origin is ready, or, where a transfer from there has
  a daily capacity, one, two or three days later, and the others follow as after an unloading.
- Boxes that are unloaded from a departure are not loaded onto it again at that stop.
"""

from __future__ import annotations

from typing import Final

MOST_TRANSFERS: Final = 3
LATER_DAYS: Final = (1, 2, 3)
