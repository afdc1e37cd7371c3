"""Committed departures that carry nothing: their owner's shipments bear them by TEU."""

from __future__ import annotations

from collections.abc import Mapping


def shares(departure_owner: str, teu_of: Mapping[int, tuple[str, float]]) -> dict[int, float]:
    """Who bears an empty departure, as weights by itinerary.

    ``teu_of`` gives owner and TEU of every itinerary. The itineraries of the departure's owner
    bear it; all of them do where the owner has none; the answer is empty where there is none.
    """
    own = {key: teu for key, (owner, teu) in teu_of.items() if owner == departure_owner}
    return own or {key: teu for key, (_, teu) in teu_of.items()}
