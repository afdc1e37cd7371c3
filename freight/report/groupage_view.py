"""Packed boxes as a table for a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from freight.domain.money import shown
from freight.groupage import GroupagePlan
from freight.report.terminal import percent, table


def groupage_view(found: GroupagePlan) -> RenderableType:
    """Every box with what is in it, and what is proved."""
    columns = ("from", "to", "box", "t", "full by t", "full by m³", "ready", "consignments")
    shown = table("Boxes", *columns, text_columns=3)
    for relation in found.relations:
        for box in relation.boxes:
            shown.add_row(
                box.origin, box.destination, box.container_type.value, f"{box.gross_tonnes:,.1f}",
                f"{box.weight_share:.0%}", f"{box.volume_share:.0%}",
                f"{box.ready:%Y-%m-%d %H:%M}", ", ".join(box.consignments),
            )  # fmt: skip
    return Group(shown, Text(sentence(found)))


def sentence(found: GroupagePlan) -> str:
    """How many boxes, what they cost and how good that provably is."""
    boxes = [box for relation in found.relations for box in relation.boxes]
    inside = sum(len(box.consignments) for box in boxes)
    cost = f"{shown(found.cost, found.currency)} {found.currency}"
    lots = f"{inside:,} consignment{'' if inside == 1 else 's'}"
    head = f"{lots} in {len(boxes):,} box{'' if len(boxes) == 1 else 'es'}: {cost}."
    if found.gap < 1e-9:
        return f"{head} No packing costs less: proved."
    floor = f"{shown(found.bound, found.currency)} {found.currency}"
    return f"{head} None costs less than {floor}: at most {percent(found.gap, 2)} below."
