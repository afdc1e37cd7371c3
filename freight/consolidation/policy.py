"""What a policy allows: who may use whose slots, which trains may run, from where.

A policy is data: a TOML file with the fields of :class:`Policy`. The shipped ones lie in
``policies/``, one file each, and are listed in ``POLICIES``; a file of the same form makes a policy
of one's own. A policy speaks of *trunk trains* only, rail services that cross a border; everything
else of an instance (barges, ships, flights, domestic trains, trucks) stays open to all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from freight.consolidation.trunk import trunks
from freight.domain.base import Frozen, Identifier, Teu, Text
from freight.domain.gazetteer import city_key
from freight.domain.instance import Instance
from freight.errors import Fault, InstanceError
from freight.io.finding import there
from freight.io.regular import Unreadable, regular_bytes

LONGEST_TRAIN_TEU: Final = 142.0
"""71 wagons of one FEU on broad gauge (``sections.csv``): no train could load more."""
MOST_STOPS: Final = 20
MOST_SHOWN: Final = 60


class Slots(StrEnum):
    """Who may ride on a trunk train."""

    OWN = "own"  # shipments of the train's owner
    ALL = "all"  # everybody's shipments


class TrainKind(StrEnum):
    """How a trunk train is made up."""

    DIRECT = "direct"  # as the instance states it
    PICKUP = "pickup"  # gathers at (or distributes to) a second city on the way
    SECTION = "section"  # runs on one side of a gauge change only; boxes change trains there


Riders = Annotated[tuple[Identifier, ...], Field(min_length=1)]


class Policy(Frozen):
    """One way to run trains together."""

    id: Identifier
    title_en: Text
    title_zh: Text
    summary: Text
    """What it allows, in a sentence."""
    summary_zh: Text | None = None
    """The same in Chinese."""
    slots: Slots = Slots.ALL
    share: Annotated[dict[Identifier, Riders], Field(default_factory=dict)]
    """Owner of a train to the owners whose shipments may ride on it; overrides ``slots``."""
    trains: Annotated[tuple[TrainKind, ...], Field(min_length=1)] = tuple(TrainKind)
    hubs: tuple[Text, ...] = ()
    """Cities where trunk trains must start (outbound) or end (inbound); empty: anywhere."""
    minimum_load_teu: Annotated[Teu, Field(le=LONGEST_TRAIN_TEU)] | None = None
    """Least load of a trunk train that runs, instead of the instance's."""
    most_stops: Annotated[int, Field(ge=1, le=MOST_STOPS, strict=True)] | None = None
    """Most stations at home where one trunk train may load or unload."""

    def may_ride(self, train_owner: str) -> tuple[str, ...]:
        """Owners whose shipments may ride on a trunk train of ``train_owner``; empty: all."""
        if train_owner in self.share:
            return self.share[train_owner]
        return (train_owner,) if self.slots is Slots.OWN else ()


EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "a short name without spaces",
        "title_en": "a title in English",
        "title_zh": "a title in Chinese",
        "summary": "a sentence",
        "summary_zh": "a sentence in Chinese",
        "slots": "own or all",
        "share": "a table from the owner of a train to a list of at least one owner",
        "trains": "a list of at least one of direct, pickup and section",
        "hubs": "a list of cities",
        "minimum_load_teu": f"0 to {LONGEST_TRAIN_TEU:g}, the TEU of the longest train",
        "most_stops": f"a whole number from 1 to {MOST_STOPS}",
    }
)
"""What every field holds, for whoever wrote something else."""
FOLDER: Final = Path(__file__).parent / "policies"
POLICIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "standalone": "standalone.toml",
        "joint": "joint.toml",
        "hub": "hub.toml",
        "pickup": "pickup.toml",
        "free": "free.toml",
    }
)
"""Shipped policies by id; a new one is one file and one entry here."""


def load_policy(name: str) -> Policy:
    """A shipped policy by its id, or one of a TOML file by its path.

    Raises InstanceError naming every fault of the file, or the known ids.
    """
    if name in POLICIES:
        return _read(FOLDER / POLICIES[name])
    path = Path(name)
    if not there(path):
        known = ", ".join(POLICIES)
        what = f"Policy '{name}' is unknown."
        raise InstanceError([Fault("policy", None, None, what, f"Choose {known} or a TOML file.")])
    return _read(path)


def _read(path: Path) -> Policy:
    try:
        return Policy.model_validate(tomllib.loads(regular_bytes(path).decode("utf-8-sig")))
    except FileNotFoundError as error:
        raise InstanceError([Fault(path.name, None, None, "It is missing.")]) from error
    except Unreadable as error:
        fault = Fault(path.name, None, None, error.what, error.remedy)
        raise InstanceError([fault]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        what = f"It is no TOML: {error}."
        raise InstanceError([Fault(path.name, None, None, what, "Correct it.")]) from error
    except ValidationError as error:
        found = [_fault(path.name, one) for one in error.errors(include_url=False)]
        raise InstanceError(list(dict.fromkeys(found))) from error


def _fault(file: str, error: ErrorDetails) -> Fault:
    """One fault of a field: what stands there and what is expected."""
    field = str(error["loc"][0]) if error["loc"] else ""
    where = ".".join(str(part) for part in error["loc"])
    if field not in EXPECTED:
        known = ", ".join(EXPECTED)
        return Fault(file, None, where, "It is no field of a policy.", f"Choose from {known}.")
    if error["type"] == "missing":
        return Fault(file, None, where, "It is missing.", f"Expected {EXPECTED[field]}.")
    value = repr(error["input"])
    shown = value if len(value) <= MOST_SHOWN else value[:MOST_SHOWN] + "…"
    return Fault(file, None, where, f"It is {shown}.", f"Expected {EXPECTED[field]}.")


def check_policy(policy: Policy, instance: Instance) -> None:
    """Raise InstanceError with every owner or city that the instance does not know."""
    faults = policy_faults(policy, instance, policy.id)
    if faults:
        raise InstanceError(faults)


def policy_faults(policy: Policy, instance: Instance, file: str) -> list[Fault]:
    """Owners and cities that the instance does not know, and centres that have no train."""
    known = set(instance.owner)
    named = {owner for owner, others in policy.share.items() for owner in (owner, *others)}
    cities = {city_key(one.city) for one in instance.terminals}
    ends = {instance.terminal[one.home_stop.terminal].city for one in trunks(instance)}
    return [
        Fault(file, None, "share", f"Owner '{one}' is unknown.",
              f"Choose from {', '.join(sorted(known))}.")
        for one in sorted(named - known)
    ] + [
        Fault(file, None, "hubs",
              f"No trunk train starts or ends at home in '{one}'." if city_key(one) in cities
              else f"No terminal lies in city '{one}'.",
              f"Choose from {', '.join(sorted(ends))}.")
        for one in policy.hubs
        if city_key(one) not in {city_key(end) for end in ends}
    ]  # fmt: skip
