"""What stands beside the plan: trucks to doors, boxes of small consignments, barge rotations."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from freight.commands import options as flags
from freight.commands.opening import opened
from freight.commands.screen import raw_json, say, tell, view
from freight.commands.values import Number
from freight.commands.watching import read_watched, watched
from freight.requests.drayage import DrayageRequest
from freight.requests.groupage import GroupageRequest
from freight.requests.rotation import RotationRequest


@flags.command
@flags.PLAN
@flags.HOME
@click.option("--doors", type=flags.PATH, help="CSV of the doors: a row for each shipment and end.")
@click.option(
    "--synthetic-doors", is_flag=True, help="Make up doors around each terminal, for a trial."
)
@click.option(
    "--within-km",
    type=Number("km", 1, 300),
    default=60.0,
    help="How far from their terminal made-up doors may lie, in km.",
)
@flags.template("Write doors to fill in to this file, and do nothing else.")
@click.option(
    "--trucks", type=flags.PATH, help="CSV of the trucks and their costs. Default: assumed ones."
)
@flags.time_limit(60.0, "Seconds for all cities and days together.")
@click.option(
    "-m",
    "--method",
    default="pyvrp",
    help="How routes are found: pyvrp, ortools, best-of-both or enumeration.",
)
@flags.seed()
@flags.output("File for the plan with its trucks.", Path("door-plan.json"))
@click.option("--routes", type=flags.PATH, help="CSV to write: every stop of every truck.")
@flags.FORCE
@flags.json_flag("Trucks as JSON on stdout.")
@flags.ENCODING
@flags.fills(DrayageRequest)
def dray(
    request: DrayageRequest,
    plan: Path,
    instance: str | None,
    template: Path | None,
    as_json: bool,
) -> None:
    r"""Trucks between doors and terminals: collect and deliver the boxes of a plan.

    Writes the plan with its trucks: their cost is charged to the boxes they move, and
    `freight audit`, `show`, `bill` and `report` take it as any other plan.

    \b
    freight dray plan.json --template doors.csv
    freight dray plan.json --doors doors.csv -o door-plan.json --routes trucks.csv
    freight dray plan.json --synthetic-doors --seed 1
    """
    if template is not None:
        _doors_to_fill_in((plan, instance), template, request.force)
        return
    with watched(f"reading {plan}", "the trucks planned so far") as watcher:
        from freight.drayage.asked import check_outputs, plan_with_trucks
        from freight.report.drayage_view import drayage_view
        from freight.report.writing import write_trucks

        check_outputs(request, reads=(plan, instance))
        read, home = opened(plan, instance)
        after = plan_with_trucks(home, read, request, watcher)
        write_trucks(after, request)
    if as_json:
        raw_json(after.drayage.model_dump_json() if after.drayage else "null")
        return
    view(drayage_view(home, after))
    say(f"Plan with its trucks written to {request.output}.")


def _doors_to_fill_in(source: tuple[Path, str | None], template: Path, force: bool) -> None:
    from freight.drayage import write_template
    from freight.io.places import check_output
    from freight.io.plan_file import held_by, read_plan

    plan, instance = source
    check_output(template, force=force, reads=source)
    write_template(held_by(read_plan(plan), plan, instance), template, force=force)
    say(f"Doors to fill in written to {template}.")


@flags.command
@flags.argument(
    "consignments", "CSV of the goods: a row for each consignment.", type=flags.PATH, required=False
)
@click.option(
    "-i", "--instance", required=True, help="Instance whose terminals and owners the table names."
)
@click.option(
    "--boxes",
    type=flags.PATH,
    help="CSV of box types and costs. Default: usual ones, costs about by TEU (assumption).",
)
@click.option(
    "--most-wait-hours",
    type=Number("hours", 0, 8784),
    default=168.0,
    help="How long goods may wait for others in their box.",
)
@flags.time_limit(30.0, "Seconds for each pair of terminals.")
@flags.output("File for the boxes, as rows of shipments.csv.")
@click.option("--into", type=flags.PATH, help="Instance to write, with the boxes as shipments.")
@flags.template("Write consignments to fill in to this file, and do nothing else.")
@flags.FORCE
@flags.json_flag()
@flags.ENCODING
@flags.fills(GroupageRequest)
def groupage(request: GroupageRequest, instance: str, template: Path | None, as_json: bool) -> None:
    r"""Pack goods that fill no container into boxes (集拼): by mass, volume, kind and time.

    Goods that need a temperature, dangerous goods of different UN numbers, and dangerous goods and
    food never share a box. The boxes become shipments to plan.

    \b
    freight groupage --instance tiny --template consignments.csv
    freight groupage consignments.csv --instance tiny -o new-shipments.csv
    freight groupage consignments.csv --instance tiny --into tiny-with-groupage
    """
    if template is not None:
        _consignments_to_fill_in(instance, template, request.force)
        return
    with watched(f"reading {instance}") as watcher:
        from freight.groupage.asked import check_outputs, hand_on, pack_as_asked
        from freight.report.groupage_view import groupage_view

        check_outputs(request, reads=(instance,))
        home = read_watched(instance, watcher)
        packed = pack_as_asked(home, request, watcher)
        written = hand_on(home, packed, request)
    if as_json:
        raw_json(packed.plan.model_dump_json())
    else:
        view(groupage_view(packed.plan))
    for path in written:
        count = len(packed.shipments)
        tell(f"{count:,} {'shipment' if count == 1 else 'shipments'} written to {path}.")


def _consignments_to_fill_in(instance: str, template: Path, force: bool) -> None:
    from freight.groupage.files import write_example
    from freight.io import read

    write_example(read(instance), template, force=force)
    say(f"Consignments to fill in written to {template}.")


@flags.command
@flags.argument(
    "source", "A folder of tables, or the example yangtze (the default).", default="yangtze"
)
@click.option(
    "--month",
    type=Number("month", 1, 12, whole=True),
    default=1,
    help="Month whose water depths hold.",
)
@click.option(
    "--home", help="Port where rotations begin and end. Default: the lowest of the river."
)
@click.option(
    "--lot-teu",
    type=Number("teu", 1, 100_000, whole=True),
    default=300,
    help="Flows are cut into lots of at most this size.",
)
@click.option(
    "--most-weeks",
    type=Number("weeks", 1, 6, whole=True),
    default=3,
    help="Longest rotation; it needs as many vessels.",
)
@click.option(
    "--under-keel",
    type=Number("metres", 0, 20),
    default=0.3,
    help="Water to keep under the keel, in metres.",
)
@click.option(
    "--call-hours",
    type=Number("hours", 0, 168),
    default=4.0,
    help="Hours for berthing and leaving at each call.",
)
@click.option(
    "--teu-per-hour",
    type=Number("teu", above=0, high=10_000),
    default=30.0,
    help="TEU lifted in an hour at the quay.",
)
@flags.time_limit(120.0, "Seconds; the best rotations found so far are kept.")
@flags.gap(0.0)
@flags.template("Write the tables to fill in to this folder, and do nothing else.")
@click.option(
    "-i", "--instance", help="Instance that gets the departures; the result is written to --into."
)
@click.option("--into", type=flags.PATH, help="Instance to write, with the departures as services.")
@click.option("--owner", help="Owner of these services. Default: market, else the first owner.")
@click.option("--emission-class", default="barge-small", help="Emission class of these services.")
@flags.FORCE
@flags.json_flag()
@flags.ENCODING
@flags.fills(RotationRequest)
def rotate(request: RotationRequest, template: Path | None, as_json: bool) -> None:
    r"""Weekly barge rotations: which ports a feeder visits in which order, proved.

    SOURCE is a folder with sections.csv, fleet.csv, flows.csv and, if any, berths.csv, or the
    example yangtze (flows and costs are assumptions). The depth of the month limits every load.

    \b
    freight rotate yangtze --month 1
    freight rotate yangtze --template my-river
    freight rotate my-river --month 7 --instance yangtze-europe --into with-barges
    """
    if template is not None:
        _tables_to_fill_in(request.source, template, request.force)
        return
    with watched(f"reading {request.source}", "the best rotations so far") as watcher:
        from freight.report.rotation_view import rotation_view
        from freight.rotation.asked import add_as_asked, rotations_as_asked

        made = rotations_as_asked(request, watcher)
        add_as_asked(made, request)
    if as_json:
        raw_json(made.model_dump_json())
    else:
        view(rotation_view(made))
    if request.into is not None:
        tell(f"Departures written to {request.into}. Next: freight validate {request.into}")


def _tables_to_fill_in(source: str, template: Path, force: bool) -> None:
    from freight.rotation.files import write_example

    written = write_example(source, template, force=force)
    say(f"Wrote {', '.join(written)} to {template}.")
