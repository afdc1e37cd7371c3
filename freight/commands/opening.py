"""Plans as commands open them: with their instance, and with a word where that has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from freight.commands.screen import tell
from freight.errors import InstanceError

if TYPE_CHECKING:
    from freight.domain.instance import Instance
    from freight.domain.plan import Plan


def opened(path: Path, instance: str | None) -> tuple[Plan, Instance]:
    """A plan that holds, with its instance; raises InstanceError."""
    from freight.io.plan_file import held_by, read_plan

    plan = read_plan(path)
    home = held_by(plan, path, instance)
    tell_change(plan, path, instance)
    return plan, home


def looked_at(path: Path, instance: str | None) -> tuple[Plan, Instance | None]:
    """A plan to be shown even where it does not hold or cannot be checked: then stderr says so.

    The instance is None then.
    """
    from freight.io.plan_file import held_by, read_plan

    plan, home = read_plan(path), None
    try:
        home = held_by(plan, path, instance)
    except InstanceError as error:
        for fault in error.faults:
            tell(str(fault), "Not checked:", "yellow")
    tell_change(plan, path, instance)
    return plan, home


def tell_change(plan: Plan, path: Path, instance: str | None) -> None:
    """Say on stderr when what the plan's own instance was read from has changed since."""
    from freight.io.plan_file import changed_since

    said = changed_since(plan, path) if instance is None else None
    if said is not None:
        tell(said, "Note:", "yellow")
