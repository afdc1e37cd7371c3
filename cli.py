"""The command line of freight: parse, call, print."""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import rich_click as click
from rich.console import Console
from rich.markup import escape

from freight import __version__
from freight.errors import FreightError, InstanceError, NoSolution

if TYPE_CHECKING:
    from freight.domain.bill import Bill
    from freight.domain.instance import Instance
    from freight.domain.plan import Plan
    from freight.domain.shipment import Shipment
    from freight.rotation import RotationPlan, RotationRules
    from freight.rotation.files import Waterway
    from freight.routing import Request, RouteOption, Router
    from solvers.options import Cancel

out = Console(width=None if sys.stdout.isatty() else 110)
err = Console(stderr=True)
CONTEXT = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    "show_default": True,
}
DEFAULT_PLAN = Path("plan.json")
MOST_SEED = 2**31 - 1


class Real(click.FloatRange):
    """A number of a range that is a number: the range alone lets NaN through."""

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Parse; NaN is refused."""
        found: float = super().convert(value, param, ctx)
        if isnan(found):
            self.fail(f"'{value}' is not a number.", param, ctx)
        return found


Option = Callable[[Any], Any]
PATH = click.Path(path_type=Path)
INSTANCE = click.argument("instance")
PLAN = click.argument("plan", type=PATH)
PLANS = click.argument("plans", nargs=-1, required=True, type=PATH)
HOME = click.option(
    "-i", "--instance", help="The plan's instance, where it is not found by its name."
)
SEED = click.option("--seed", type=click.IntRange(0, MOST_SEED), default=0)
SECONDS = Real(min=0.1)
STUDY_SECONDS = Real(min=1, max=30 * 86400.0)


def as_json(about: str | None = None) -> Option:
    """--json: the answer for programs."""
    return click.option("--json", "as_json", is_flag=True, help=about)


def time_limit(default: float, about: str | None = None, kind: Real = SECONDS) -> Option:
    """-t: seconds after which the best so far is taken."""
    return click.option("-t", "--time-limit", type=kind, default=default, help=about)


def gap(default: float, about: str | None = None) -> Option:
    """-g: the relative gap at which a search ends."""
    kind = Real(min=0.0, max=1.0)
    return click.option("-g", "--gap", type=kind, default=default, help=about)


def bill_form(about: str) -> Option:
    """-f: one of the forms of a bill."""
    forms = click.Choice(["text", "json", "html", "pdf", "efbl", "edi"])
    return click.option("-f", "--format", "form", type=forms, help=about)


class FreightCommand(click.RichCommand):
    """A command whose examples keep their lines."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.help = _with_marks(self.help)


def _with_marks(text: str | None) -> str | None:
    r"""A raw docstring with ``\b``, click's sign for lines to keep, as click wants it."""
    return None if text is None else text.replace("\\b\n", "\b\n")


class FreightGroup(click.RichGroup):
    """Turns every error a user can cause or meet into one message and its exit code."""

    command_class = FreightCommand

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.help = _with_marks(self.help)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; FreightError ends the process with its own exit code."""
        try:
            return super().invoke(ctx)
        except FreightError as error:
            err.print(f"[bold red]Error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


@click.group(cls=FreightGroup, context_settings=CONTEXT)
@click.version_option(__version__, "-V", "--version", prog_name="freight")
def main() -> None:
    r"""Plan China–Europe trains and rail–water–air through transport.

    From a folder of tables to the departures that run, an itinerary and a through bill for every
    shipment, what it all costs, and how good that provably is.

    \b
    freight solve yangtze-europe -o plan.json    plan the four cities
    freight show plan.json                       look at the plan
    freight bill plan.json --all -o bills.html   print its through bills
    freight new my-region                        start a folder of your own
    """
    # Large plans are millions of objects that stay: looking through them for waste takes a fifth.
    gc.set_threshold(100_000, 50, 50)


@main.command()
@click.argument("directory", type=PATH)
def new(directory: Path) -> None:
    r"""Write a small commented instance to start from.

    \b
    freight new my-region
    freight validate my-region
    """
    from freight.io import new_instance

    new_instance(directory)
    out.print(f"Wrote an instance to {directory}. Next: freight validate {directory}")


@main.command()
@click.argument("workbook", type=PATH)
def template(workbook: Path) -> None:
    r"""Write an empty workbook with drop-downs, units and notes to fill in.

    \b
    freight template book.xlsx
    freight solve book.xlsx
    """
    from freight.io import template

    template(workbook)
    out.print(f"Wrote {workbook}. Fill it in, then: freight validate {workbook}", highlight=False)


@main.command()
@INSTANCE
@as_json("Faults and counts as JSON on stdout.")
def validate(instance: str, as_json: bool) -> None:
    r"""Check an instance: every fault of every table at once.

    INSTANCE is a folder, a .json or .xlsx file, or the name of a shipped instance.
    Exit code 0: usable; 2: faults found.

    \b
    freight validate my-region
    freight validate book.xlsx
    """
    from freight.domain.timetable import sizes
    from freight.io import read, warnings
    from freight.report.console import shortened

    try:
        found = read(instance)
    except InstanceError as error:
        if not as_json:
            raise
        _print_json({"valid": False, "faults": [one.record() for one in error.faults]})
        sys.exit(error.exit_code)
    remarks = warnings(found)
    if as_json:
        notes = [one.record() for one in remarks]
        _print_json({"valid": True, "counts": sizes(found), "notes": notes})
        return
    for one in shortened(remarks):
        out.print(f"[yellow]Note:[/] {escape(one)}", highlight=False, soft_wrap=True)
    listed = ", ".join(f"{value:,} {key}" for key, value in sizes(found).items())
    out.print(f"{found.statement.name}: no faults. {listed}.", highlight=False, soft_wrap=True)


@main.command()
@INSTANCE
@click.option("-o", "--output", type=PATH, default=DEFAULT_PLAN, help="Where the plan is written.")
@click.option(
    "-m", "--method", default="auto", help="See `freight solvers`; auto chooses and says why."
)
@click.option("-b", "--backend", default="highs", help="Engine for linear and integer programs.")
@time_limit(120.0, "Seconds; the best plan found so far is kept.")
@gap(0.001, "Stop when proved this close to the best.")
@SEED
@click.option("--threads", type=click.IntRange(min=1), default=2)
@as_json("The whole plan as JSON on stdout.")
def solve(instance: str, output: Path, as_json: bool, **settings: Any) -> None:
    r"""Plan an instance: departures, itineraries, cost, and a proof of how good they are.

    Ctrl-C ends early with the best plan so far; a second one gives up.

    \b
    freight solve yangtze-europe
    freight solve my-region -o monday.json --gap 0.002 --time-limit 600
    freight solve book.xlsx --method arc-mip --backend cbc
    """
    from freight.io import read
    from freight.io.plan_file import check_place, write_plan
    from freight.report.console import plan_view

    found = read(instance)
    check_place(output)
    plan = _solve(found, **settings)
    write_plan(plan, output)
    if as_json:
        click.echo(plan.model_dump_json())
        return
    out.print(plan_view(plan))
    out.print(f"Plan written to {output}.", highlight=False)


def _solve(instance: Instance, method: str, backend: str, **limits: Any) -> Plan:
    from freight.planning import choose, plan
    from freight.report.progress import ProgressLine
    from solvers.options import Cancel, Options

    cancel = Cancel()
    with ProgressLine(err, instance.statement.currency) as listener, _interruptible(cancel):
        options = Options(
            time_limit_seconds=limits["time_limit"],
            gap=limits["gap"],
            seed=limits["seed"],
            threads=limits["threads"],
            listener=listener,
            cancel=cancel,
        )
        chosen = choose(instance, method, backend)
        if method == "auto":
            err.print(f"Method {chosen.name}: {chosen.reason}", highlight=False, soft_wrap=True)
        return plan(instance, chosen, options=options)


@contextmanager
def _interruptible(cancel: Cancel) -> Iterator[None]:
    """First Ctrl-C asks the solve to stop with its best; the second one ends the process."""

    def stop(_number: int, _frame: object) -> None:
        if cancel.raised:
            raise KeyboardInterrupt
        cancel.set()
        err.print("Stopping with the best plan so far; Ctrl-C again to give up.")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@main.command()
@PLAN
@click.option("-s", "--shipment", help="Show one shipment step by step.")
@HOME
@click.option("--all", "everything", is_flag=True, help="Every departure, not just the first ones.")
@as_json("Totals and proof as JSON on stdout.")
def show(
    plan: Path, shipment: str | None, instance: str | None, everything: bool, as_json: bool
) -> None:
    r"""Show a plan, or one shipment of it.

    \b
    freight show plan.json
    freight show plan.json --shipment WUH-0042
    """
    from freight.domain.wording import unknown
    from freight.io.plan_file import held_by, read_plan
    from freight.report.console import plan_view, shipment_view

    found = read_plan(plan)
    if shipment is None:
        _warn_unless_held(found, plan, instance)
    if as_json:
        _print_json(_plan_head(found))
    elif shipment is None:
        out.print(plan_view(found, 0 if everything else 15))
    else:
        home = held_by(found, plan, instance)
        if shipment not in home.shipment:
            raise unknown("shipment", shipment, sorted(home.shipment))
        out.print(shipment_view(found, shipment, {t.id: t.time_zone for t in home.terminals}))


def _plan_head(plan: Plan) -> object:
    whole = {"departures", "itineraries", "unserved"}
    return json.loads(plan.model_dump_json(exclude=whole))


def _warn_unless_held(plan: Plan, path: Path, name: str | None) -> None:
    """Say on stderr when a plan cannot be checked, or does not hold; what is shown stays shown."""
    from freight.io.plan_file import held_by

    try:
        held_by(plan, path, name)
    except InstanceError as error:
        for fault in error.faults:
            err.print(f"[yellow]Not checked:[/] {escape(str(fault))}", highlight=False,
                      soft_wrap=True)  # fmt: skip


@main.command()
@INSTANCE
@PLAN
@as_json("Findings as JSON on stdout.")
def audit(instance: str, plan: Path, as_json: bool) -> None:
    r"""Recompute feasibility and cost of a plan from its instance and name what is broken.

    Exit code 0: the plan holds; 1: it does not.

    \b
    freight audit yangtze-europe plan.json
    """
    from freight.io import read
    from freight.io.plan_file import read_plan
    from freight.model.audit import audit as run_audit

    home, found = read(instance), read_plan(plan)
    findings = run_audit(home, found)
    if as_json:
        _print_json({"holds": not findings, "findings": [str(one) for one in findings]})
    elif findings:
        for one in findings:
            out.print(f"[red]Broken:[/] {escape(str(one))}", highlight=False, soft_wrap=True)
        out.print(f"{_count(len(findings), 'finding')}: this plan does not hold.")
        if found.instance_digest != home.digest:
            out.print("It was made for another state of the instance: name that one, for a plan of "
                      "a study the file beside it.", highlight=False, soft_wrap=True)  # fmt: skip
    else:
        counted = f"{len(found.itineraries):,} itineraries, {len(found.departures):,} departures"
        cost = f"{found.cost:,.2f} {found.currency}"
        out.print(f"The plan holds: {counted} and {cost} recomputed.", highlight=False)
    sys.exit(1 if findings else 0)


@main.command()
@PLAN
@HOME
@click.option("-s", "--shipment", help="The bill of one shipment.")
@click.option("--all", "everything", is_flag=True, help="The bills of all shipments.")
@bill_form("Default: by the suffix of the output, else text.")
@click.option("-o", "--output", type=PATH, help="Default: stdout.")
@click.option("--font", type=PATH, help="Chinese font file for PDF.")
@click.option("--verify", type=PATH, help="Check this bill in JSON instead.")
def bill(plan: Path, instance: str | None, verify: Path | None, **asked: Any) -> None:
    r"""Through bills (货运一单式): one document, one price, one liable party per shipment.

    \b
    freight bill plan.json --shipment WUH-0042
    freight bill plan.json --all -o bills.html
    freight bill plan.json --all -o bills.pdf
    freight bill plan.json --verify came-back.json
    """
    from freight.billing import bills, no_bill
    from freight.io.plan_file import held_by, read_plan
    from freight.report.writing import form_of

    found = read_plan(plan)
    home = held_by(found, plan, instance)
    if verify is not None:
        _verify(verify, found, home)
    shipment, output = asked["shipment"], asked["output"]
    if (shipment is None) == (not asked["everything"]):
        raise click.UsageError("Say which bills: either --shipment ID or --all.")
    issued = bills(home, found, only={shipment} if shipment else None)
    if not issued:
        raise no_bill(home, found, shipment)
    _issue(issued, asked["form"] or form_of(output, "text"), output, asked["font"])


def _issue(issued: Sequence[Bill], form: str, output: Path | None, font: Path | None) -> None:
    from freight.report import FILES, REPORTS, load
    from freight.report.writing import write_report

    name = f"bill-{form}"
    if name not in REPORTS and name not in FILES:
        raise click.UsageError(f"Format '{form}' is unknown; say --format.")
    if name in FILES and output is None:
        raise click.UsageError(f"Format {form} needs a file: say --output.")
    if output is None:
        click.echo(load(name)(issued))
        return
    write_report(name, output, issued, *([font] if name in FILES else []))
    err.print(f"{_count(len(issued), 'bill')} written to {output}.", highlight=False)


def _verify(path: Path, plan: Plan, home: Instance) -> NoReturn:
    from freight.billing.verify import verify_bill

    verdict = verify_bill(path, plan, home)
    for one in verdict.alterations:
        out.print(f"[red]Altered:[/] {escape(str(one))}", highlight=False, soft_wrap=True)
    if verdict.holds:
        verb = "is" if len(verdict.intact) == 1 else "are"
        out.print(f"{_count(len(verdict.intact), 'bill')} {verb} as the plan gives.")
    sys.exit(0 if verdict.holds else 1)


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time with its offset, e.g. 2027-03-01T08:00+08:00."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Parse; a time without an offset is refused."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a time such as 2027-03-01T08:00+08:00.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"'{value}' lacks an offset. Write it as {value}+08:00.", param, ctx)
        return moment


@main.command()
@INSTANCE
@click.argument("origin")
@click.argument("destination")
@click.option("--teu", type=click.IntRange(min=1), default=2)
@click.option(
    "--tonnes",
    type=Real(min=0, min_open=True),
    default=10.0,
    help="Goods with packing, without the boxes.",
)
@click.option("--ready", type=Moment(), required=True, help="E.g. 2027-03-01T08:00+08:00.")
@click.option("--due", type=Moment(), help="Lateness counts from here.")
@click.option(
    "--value",
    type=Real(min=0),
    default=0.0,
    help="Of the goods, in the instance's currency: capital tied up counts.",
)
@click.option("--modes", help="Only these, e.g. 'rail barge'.")
@click.option("--most-cost", type=Real(), help="Leave out what costs more.")
@click.option("--most-hours", type=Real(), help="Leave out what takes longer.")
@click.option("--most-co2e-kg", type=Real(), help="Leave out what emits more.")
@click.option("--most-changes", type=int, help="Leave out what changes vehicle more often.")
@click.option(
    "--least-reliability",
    type=Real(),
    help="Leave out what is less likely to make all its connections (0 to 1).",
)
@click.option("--reefer", is_flag=True)
@click.option("--dangerous", metavar="UN", help="UN number, e.g. UN3480.")
@click.option("--changes", is_flag=True, help="Count changes of vehicle as a fourth criterion.")
@click.option(
    "--reliability", "reliable", is_flag=True, help="Judge by the odds of all connections too."
)
@click.option("-k", "--cheapest", type=click.IntRange(min=1), help="The k cheapest that differ.")
@click.option("--profile", is_flag=True, help="The best for every ready hour of a week.")
@click.option("--latest", is_flag=True, help="Only: when to hand over at the latest to be on time.")
@click.option("--explain", is_flag=True, help="Why each mode was or was not chosen.")
@click.option(
    "-n",
    "--option",
    "number",
    type=click.IntRange(min=1),
    help="Show this option step by step with its price.",
)
@click.option(
    "--bill", "offer", type=click.IntRange(min=1), help="The through bill offered for this option."
)
@bill_form("Of the bill. Default: by the suffix of the output, else text.")
@click.option("-o", "--output", type=PATH, help="Of the bill; or stdout.")
@as_json()
def route(instance: str, **asked: Any) -> None:
    r"""Every sensible way from door to door: cost, arrival and CO2e that no other way beats.

    ORIGIN and DESTINATION are terminal ids, UN/LOCODEs, cities or names. Fixed costs of departures
    are quoted at a usual load.

    \b
    freight route yangtze-europe Changsha Duisburg --ready 2027-03-01T08:00+08:00
    freight route yangtze-europe CNWUH DEDUI --ready 2027-03-01T08:00+08:00 --value 200000 --explain
    freight route tiny Wuhan Duisburg --ready 2027-03-01T08:00+08:00 --bill 1 -o offer.html
    """
    from freight.io import read
    from freight.routing import Request, Router
    from freight.routing.request import modes_of

    home = read(instance)
    shown = ("changes", "reliable", "cheapest", "profile", "latest", "explain", "number", "offer",
             "form", "output", "as_json")  # fmt: skip
    view = {key: asked.pop(key) for key in shown}
    asked["modes"] = modes_of(asked["modes"])
    request = Request(**asked)
    _answer(home, Router(home), request, view)


def _answer(home: Instance, router: Router, request: Request, view: dict[str, Any]) -> None:
    if view["profile"] or view["latest"]:
        _answer_times(home, router, request, view)
        return
    k = view["cheapest"]
    if k:
        options = router.cheapest(request, k)
    else:
        options = router.options(request, view["changes"], view["reliable"])
    if not options:
        raise NoSolution("No way leads there in time within these limits. Relax one of them.")
    number = view["offer"] or view["number"]
    if (number or 1) > len(options):
        raise click.UsageError(f"There is no option {number}: there are {len(options)}.")
    chosen = options[(number or 1) - 1]
    if view["offer"]:
        _offer(router, chosen, view)
    elif view["as_json"]:
        _print_json(_options_json(router, request, options, chosen, view["explain"]))
    else:
        _print_options(home, options, chosen, view)
        if view["explain"]:
            from freight.report.route_view import verdicts_view

            out.print(verdicts_view(router.explain(request, chosen)))


def _options_json(
    router: Router, request: Request, options: Sequence[RouteOption], chosen: RouteOption, why: bool
) -> object:
    found = [one.model_dump(mode="json") for one in options]
    if not why:
        return found
    verdicts = [one.model_dump(mode="json") for one in router.explain(request, chosen)]
    return {"options": found, "verdicts": verdicts}


def _print_options(
    home: Instance, options: Sequence[RouteOption], chosen: RouteOption, view: dict[str, Any]
) -> None:
    from freight.report import route_view

    title = "Cheapest options that differ" if view["cheapest"] else "Options that no other beats"
    out.print(route_view.options_view(options, home, title))
    if view["number"]:
        out.print(route_view.option_view(chosen, home))


def _answer_times(home: Instance, router: Router, request: Request, view: dict[str, Any]) -> None:
    from freight.report import route_view

    if view["latest"]:
        if request.due is None:
            raise click.UsageError("--latest asks by when to hand over to be on time: say --due.")
        last = router.latest_departure(request)
        if last is None:
            raise NoSolution("No way leads there by the due time within these limits.")
        if view["as_json"]:
            _print_json({"hand_over_by": last})
        else:
            out.print(f"Hand over by {last.isoformat(' ', 'minutes')}.", highlight=False)
        return
    points = router.profile(request)
    if view["as_json"]:
        _print_json([one.model_dump(mode="json") for one in points])
    else:
        zone = home.statement.time_zone
        out.print(route_view.profile_view(points, home.statement.currency, zone))


def _offer(router: Router, chosen: RouteOption, view: dict[str, Any]) -> None:
    from freight.billing import bills
    from freight.report.writing import form_of

    form = "json" if view["as_json"] else view["form"] or form_of(view["output"], "text")
    home, plan = router.quotation(chosen)
    _issue(bills(home, plan), form, view["output"], None)


@main.command()
@INSTANCE
@click.option("--city", "cities", multiple=True, help="Repeat; default: the owners' cities.")
@click.option("--ready", type=Moment(), help="Default: the start of the horizon.")
@as_json()
def matrix(instance: str, cities: tuple[str, ...], ready: datetime | None, as_json: bool) -> None:
    r"""Cost, time and CO2e from city to city by mode, and the circle of ninety minutes.

    \b
    freight matrix yangtze-europe
    freight matrix yangtze-europe --city Wuhan --city Duisburg
    """
    from freight.io import read
    from freight.matrix import city_tables
    from freight.report.route_view import matrix_view

    cells, rows = city_tables(read(instance), cities, ready)
    if as_json:
        _print_json(
            {
                "cells": [one.model_dump(mode="json") for one in cells],
                "circle": [one.model_dump(mode="json") for one in rows],
            }
        )
    else:
        out.print(matrix_view(cells, rows))


@main.command()
@PLAN
@HOME
@click.option("--doors", type=PATH, help="CSV: one row per shipment and end.")
@click.option(
    "--synthetic-doors", is_flag=True, help="Made-up doors around each terminal: a trial."
)
@click.option(
    "--within-km", type=Real(min=1, max=300), default=60.0, help="How far synthetic doors lie."
)
@click.option("--template", type=PATH, help="Only write doors to fill in.")
@click.option("--trucks", type=PATH, help="CSV; default: assumed costs.")
@click.option(
    "-t", "--seconds", type=Real(min=0.1), default=60.0, help="For all cities and days together."
)
@click.option(
    "-m", "--method", default="pyvrp", help="pyvrp, ortools, best-of-both or enumeration."
)
@SEED
@click.option(
    "-o", "--output", type=PATH, default=Path("door-plan.json"), help="The plan with its trucks."
)
@click.option("--routes", type=PATH, help="CSV: every stop of every truck.")
@as_json("Trucks as JSON on stdout.")
def dray(plan: Path, **asked: Any) -> None:
    r"""Trucks between doors and terminals: collect and deliver the boxes of a plan.

    Writes the plan with its trucks: their cost is charged to the boxes they move, and
    `freight audit`, `show`, `bill` and `report` take it as any other plan.

    \b
    freight dray plan.json --template doors.csv
    freight dray plan.json --doors doors.csv -o door-plan.json --routes trucks.csv
    freight dray plan.json --synthetic-doors --seed 1
    """
    from freight.drayage import write_template
    from freight.io.plan_file import check_place, held_by, read_plan, write_plan, write_text
    from freight.report.drayage_view import drayage_view, routes_csv

    found = read_plan(plan)
    home = held_by(found, plan, asked["instance"])
    if asked["template"] is not None:
        write_template(home, asked["template"])
        out.print(f"Doors to fill in written to {asked['template']}.", highlight=False)
        return
    check_place(asked["output"])
    after = _dray(home, found, asked)
    write_plan(after, asked["output"])
    if asked["routes"] is not None and after.drayage is not None:
        write_text(asked["routes"], routes_csv(after.drayage))
    if asked["as_json"]:
        click.echo(after.drayage.model_dump_json() if after.drayage else "null")
        return
    out.print(drayage_view(home, after))
    out.print(f"Plan with its trucks written to {asked['output']}.", highlight=False)


def _dray(home: Instance, found: Plan, asked: dict[str, Any]) -> Plan:
    from freight.domain.wording import unknown
    from freight.drayage import (
        ASSUMED_TRUCKS,
        drayage,
        read_doors,
        read_trucks,
        synthetic_doors,
        with_drayage,
    )
    from solvers.options import Options
    from solvers.vrp import METHODS

    if (asked["doors"] is None) == (not asked["synthetic_doors"]):
        raise click.UsageError("Say where the doors are: either --doors FILE or --synthetic-doors.")
    if asked["method"] not in METHODS:
        raise unknown("--method", asked["method"], list(METHODS))
    if asked["doors"] is not None:
        doors = read_doors(asked["doors"], home)
    else:
        doors = synthetic_doors(home, asked["seed"], asked["within_km"])
    trucks = read_trucks(asked["trucks"], home) if asked["trucks"] else ASSUMED_TRUCKS
    options = Options(time_limit_seconds=asked["seconds"], seed=asked["seed"])
    return with_drayage(home, found, drayage(home, found, doors, options, trucks, asked["method"]))


@main.command()
@click.argument("consignments", type=PATH)
@click.option("-i", "--instance", required=True, help="Whose terminals and owners are named.")
@click.option(
    "--boxes",
    type=PATH,
    help="CSV: box types and costs. Default: usual ones, about by TEU (assumption).",
)
@click.option(
    "--most-wait-hours",
    type=Real(min=0),
    default=168.0,
    help="How long goods may wait for others in their box.",
)
@time_limit(30.0, "Seconds for each pair of terminals.")
@click.option("-o", "--output", type=PATH, help="The boxes as rows of shipments.csv.")
@click.option("--into", type=PATH, help="Write the instance with the boxes as shipments here.")
@click.option(
    "--template", is_flag=True, help="Only write CONSIGNMENTS with an example to fill in."
)
@as_json()
def groupage(consignments: Path, instance: str, **asked: Any) -> None:
    r"""Pack goods that fill no container into boxes (集拼): by mass, volume, kind and time.

    Goods that need a temperature, dangerous goods of different UN numbers, and dangerous goods and
    food never share a box. The boxes become shipments to plan.

    \b
    freight groupage consignments.csv --instance tiny --template
    freight groupage consignments.csv --instance tiny -o new-shipments.csv
    freight groupage consignments.csv --instance tiny --into tiny-with-groupage
    """
    from freight.groupage import files
    from freight.groupage.check import checked
    from freight.io import read
    from freight.report.groupage_view import groupage_view
    from solvers.options import Options

    home = read(instance)
    if asked["template"]:
        files.write_example(home, consignments)
        out.print(f"Consignments to fill in written to {consignments}.", highlight=False)
        return
    offers = files.read_boxes(asked["boxes"]) if asked["boxes"] else files.assumed_boxes(home)
    goods = files.read_consignments(consignments, home, offers)
    options = Options(time_limit_seconds=asked["time_limit"], gap=0.0)
    found = checked(goods, offers, options, asked["most_wait_hours"])
    made = files.shipments(home, found, goods, f"freight groupage of {consignments.name}")
    if asked["as_json"]:
        click.echo(found.model_dump_json())
    else:
        out.print(groupage_view(found))
    _hand_on(home, made, asked)


def _hand_on(home: Instance, made: Sequence[Shipment], asked: dict[str, Any]) -> None:
    from freight.groupage.files import with_shipments
    from freight.io import write
    from freight.io.plan_file import write_text
    from freight.io.side_tables import written_rows

    if asked["output"] is not None:
        write_text(asked["output"], written_rows("shipments", made))
        err.print(f"{len(made)} shipments written to {asked['output']}.", highlight=False)
    if asked["into"] is not None:
        write(with_shipments(home, made), asked["into"])
        err.print(f"Instance with {len(made)} more shipments written to {asked['into']}.")


@main.command()
@click.argument("source", default="yangtze")
@click.option("--month", type=click.IntRange(1, 12), default=1, help="Whose depths hold.")
@click.option(
    "--home", help="Port where rotations begin and end. Default: the lowest of the river."
)
@click.option(
    "--lot-teu",
    type=click.IntRange(min=1),
    default=300,
    help="Flows are cut into lots of at most this size.",
)
@click.option(
    "--most-weeks",
    type=click.IntRange(1, 6),
    default=3,
    help="Longest rotation; it needs as many vessels.",
)
@click.option(
    "--under-keel", type=Real(min=0), default=0.3, help="Water kept under the keel, in metres."
)
@click.option(
    "--call-hours", type=Real(min=0), default=4.0, help="Berthing and leaving, each call."
)
@click.option("--teu-per-hour", type=Real(min=0, min_open=True), default=30.0, help="At the quay.")
@time_limit(120.0)
@gap(0.0)
@click.option("--template", type=PATH, help="Only copy the tables into a folder to edit.")
@click.option("-i", "--instance", help="Instance that gets the departures, written to --into.")
@click.option("--into", type=PATH, help="Write the departures as services into this instance.")
@click.option("--owner", help="Of those services. Default: market, else the first owner.")
@click.option("--emission-class", default="barge-small", help="Of those services.")
@as_json()
def rotate(source: str, **asked: Any) -> None:
    r"""Weekly barge rotations: which ports a feeder visits in which order, proved.

    SOURCE is a folder with sections.csv, fleet.csv, flows.csv and, if any, berths.csv, or the
    example yangtze (flows and costs are assumptions). The depth of the month limits every load.

    \b
    freight rotate yangtze --month 1
    freight rotate yangtze --template my-river
    freight rotate my-river --month 7 --instance yangtze-europe --into with-barges
    """
    from freight.report.rotation_view import rotation_view
    from freight.rotation import rotations
    from freight.rotation.files import read_waterway, write_example
    from solvers.options import Options

    if asked["template"] is not None:
        written = write_example(source, asked["template"])
        out.print(f"Wrote {', '.join(written)} to {asked['template']}.", highlight=False)
        return
    waterway = read_waterway(source)
    rules = _rotation_rules(waterway, asked)
    options = Options(time_limit_seconds=asked["time_limit"], gap=asked["gap"])
    found = rotations(
        waterway.river, waterway.flows, waterway.offers, rules, options, waterway.berths
    )
    if not found.rotations and found.bound is None:
        raise NoSolution("No rotations carry what must go. Allow more weeks, vessels or penalties.")
    if asked["as_json"]:
        click.echo(found.model_dump_json())
    else:
        out.print(rotation_view(found))
    if asked["into"] is not None:
        _add_rotations(found, (waterway, rules), asked)


def _rotation_rules(waterway: Waterway, asked: dict[str, Any]) -> RotationRules:
    from freight.domain.wording import unknown
    from freight.rotation import RotationRules

    home = asked["home"] or waterway.mouth
    if home not in waterway.river.ports:
        raise unknown("--home", home, list(waterway.river.ports))
    return RotationRules(
        home_port=home, month=asked["month"], under_keel_m=asked["under_keel"],
        call_hours=asked["call_hours"], teu_per_hour=asked["teu_per_hour"],
        most_weeks=asked["most_weeks"], lot_teu=asked["lot_teu"],
    )  # fmt: skip


def _add_rotations(
    found: RotationPlan, where: tuple[Waterway, RotationRules], asked: dict[str, Any]
) -> None:
    from freight.io import read, write
    from freight.rotation.adding import operator_of, with_rotations

    into = asked["into"]
    home = read(asked["instance"] or into)
    operator = operator_of(home, where, asked["owner"], asked["emission_class"])
    write(with_rotations(home, found, where, operator), into)
    err.print(f"Departures written to {into}. Next: freight validate {into}", highlight=False)


@main.command()
@INSTANCE
@click.option(
    "-p",
    "--policy",
    "policies",
    multiple=True,
    help="standalone, joint, hub, pickup, free, or a TOML file; repeat. Default: all.",
)
@click.option(
    "--game",
    "game_policy",
    default="auto",
    help="Policy whose cost the owners share; auto: joint; cheapest; none: no sharing.",
)
@time_limit(540.0, "Seconds for the whole study: policies, coalitions, everything.", STUDY_SECONDS)
@gap(0.002)
@SEED
@click.option(
    "--sampled",
    type=click.IntRange(2, 10_000),
    metavar="ROUNDS",
    help="Sample the Shapley value; default: where coalitions are too many to solve each.",
)
@click.option("--every-day", is_flag=True, help="Offer trunk trains on every weekday.")
@click.option("--weekly", is_flag=True, help="Run the same trunk timetable each week.")
@click.option("--workers", type=click.IntRange(min=1), default=2)
@click.option("--scheduler", help="Address of a Dask scheduler, instead of local workers.")
@click.option(
    "-o",
    "--output",
    type=PATH,
    help="Folder for the study: report, plans, their instances, the agreed plan.",
)
@click.option("--agree", "rule", help="Rule that settles the agreed plan, e.g. nucleolus.")
@as_json()
def consolidate(instance: str, **asked: Any) -> None:
    r"""Which trains the owners run together, what it saves, and who pays what.

    \b
    freight consolidate yangtze-europe
    freight consolidate yangtze-europe -p standalone -p joint -o study --agree nucleolus
    """
    from freight.consolidation import Study, consolidate, write_agreed, write_study
    from freight.io import read
    from freight.report.consolidation_view import study_view
    from solvers.options import Cancel

    _check_agreement(asked)
    cancel = Cancel()
    same = ("game_policy", "gap", "seed", "sampled", "every_day", "weekly", "workers", "scheduler")
    study = Study(
        seconds=asked["time_limit"],
        **{name: asked[name] for name in same},
        cancel=cancel,
        hear=lambda line: err.print(line, highlight=False, soft_wrap=True),
        **({"policies": asked["policies"]} if asked["policies"] else {}),
    )
    with _interruptible(cancel):
        found = consolidate(read(instance), study)
    folder, rule = asked["output"], asked["rule"]
    written = [] if folder is None else write_study(found, folder)
    if asked["as_json"]:
        click.echo(found.report.model_dump_json())
    else:
        out.print(study_view(found.report))
    if rule is not None:
        written += write_agreed(found, folder, rule)
    if folder is not None:
        err.print(f"{_count(len(written), 'file')} written to {folder}.", highlight=False)
        old = sorted({one.name for one in folder.glob("*.plan.json")} - {p.name for p in written})
        if old:
            err.print(f"[yellow]Of an earlier study:[/] {escape(', '.join(old))}.", highlight=False,
                      soft_wrap=True)  # fmt: skip


def _check_agreement(asked: dict[str, Any]) -> None:
    """Refuse before hours of study what could not be written or settled after them."""
    from freight.consolidation.allocate import RULES
    from freight.domain.wording import unknown
    from freight.io.plan_file import check_place

    rule, output = asked["rule"], asked["output"]
    if rule is not None and rule not in RULES:
        raise unknown("--agree", rule, list(RULES))
    if rule is not None and output is None:
        raise click.UsageError("--agree writes a plan: say --output.")
    if rule is not None and (asked["weekly"] or asked["game_policy"] == "none"):
        raise click.UsageError("--agree needs a game: leave out --weekly and --game none.")
    if output is not None:
        check_place(output / "consolidation.json")


@main.command()
@PLANS
@click.option("-i", "--instance", help="The plans' instance, where it is not found by its name.")
@click.option("--all", "everything", is_flag=True, help="Every change, not just the first ones.")
@as_json()
def compare(plans: tuple[Path, ...], instance: str | None, everything: bool, as_json: bool) -> None:
    r"""Compare plans with the first one: what changes in cost, departures and shipments.

    \b
    freight compare monday.json tuesday.json
    freight compare study/standalone.plan.json study/joint.plan.json --all
    """
    from freight.consolidation import compare
    from freight.consolidation.difference import labels
    from freight.io.plan_file import read_plan
    from freight.report.consolidation_view import comparison_view

    read = [read_plan(one) for one in plans]
    for one, path in zip(read, plans, strict=True):
        _warn_unless_held(one, path, instance)
    found = compare(dict(zip(labels(plans), read, strict=True)))
    if as_json:
        click.echo(found.model_dump_json())
    else:
        out.print(comparison_view(found, None) if everything else comparison_view(found))


@main.command()
@click.argument("name")
@click.option("-o", "--output", type=PATH, required=True)
@click.option("--weeks", type=click.IntRange(min=1, max=104), default=4)
@click.option("--seed", type=click.IntRange(min=0), default=2027)
def generate(name: str, output: Path, weeks: int, seed: int) -> None:
    r"""Generate an instance: equal weeks and seed, equal files.

    \b
    freight generate yangtze-europe --weeks 8 -o eight-weeks
    """
    from freight.domain.wording import unknown
    from freight.generate import GENERATORS, generate

    if name not in GENERATORS:
        raise unknown("generator", name, sorted(GENERATORS))
    generate(name, output, weeks=weeks, seed=seed)
    out.print(f"Wrote {output}.", highlight=False)


def _address(_context: Any, _option: Any, value: str | None) -> str | None:
    from freight.report.address import harmless

    if value is None or harmless(value):
        return value
    raise click.BadParameter(f"'{value}' is neither a relative path nor an http(s) address.")


@main.command()
@PLANS
@click.option("-i", "--instance", help="The plans' instance, where it is not found by its name.")
@click.option("-o", "--output", type=PATH, default=Path("report.html"))
@click.option("--language", type=click.Choice(["en", "zh"]), default="en")
@click.option(
    "--bills",
    callback=_address,
    help="Where the book of bills lies, to link shipments to it: a relative path or http(s).",
)
@click.option("--borders", is_flag=True, help="Draw the borders of countries on the map.")
def report(
    plans: tuple[Path, ...],
    instance: str | None,
    output: Path,
    language: str,
    bills: str | None,
    borders: bool,
) -> None:
    r"""One HTML file that opens offline: map, timetable, costs, shipments, proof.

    \b
    freight report plan.json -o report.html --bills bills.html
    freight report joint.json standalone.json
    """
    from freight.io.plan_file import held_by, read_plan
    from freight.report.page import Case
    from freight.report.writing import write_report

    read = [(one, read_plan(one)) for one in plans]
    cases = [Case(path.stem, plan, held_by(plan, path, instance), bills) for path, plan in read]
    write_report("page", output, cases, language, borders)
    err.print(f"Report written to {output}.", highlight=False)


@main.command()
@PLAN
@click.argument("output", type=PATH)
@HOME
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["xlsx", "geojson", "csv", "parquet"]),
    help="Default: by the suffix of the output; csv for a folder.",
)
def export(plan: Path, output: Path, instance: str | None, form: str | None) -> None:
    r"""Hand a plan on: a workbook to filter, a GeoJSON map, tables as CSV or Parquet.

    \b
    freight export plan.json plan.xlsx
    freight export plan.json tables --format csv
    """
    from freight.io.plan_file import held_by, read_plan
    from freight.report import writing

    found = read_plan(plan)
    home = held_by(found, plan, instance)
    form = form or writing.form_of(output, "csv")
    if form not in (*writing.EXPORTS, *writing.TABLE_FORMS):
        raise click.UsageError(f"Format '{form}' is unknown; say --format.")
    writing.export(found, home, output, form)
    err.print(f"Wrote {output}.", highlight=False)


@main.command()
@INSTANCE
@click.argument("output", type=PATH)
@click.option(
    "--strong/--weak",
    default=True,
    help="With all linking rows, or without those that capacity rows imply.",
)
def model(instance: str, output: Path, strong: bool) -> None:
    r"""Write the mathematical model of an instance as MPS or LP, by the suffix of OUTPUT.

    The compact arc model, stated whole; names of rows and columns say what they stand for.

    \b
    freight model tiny tiny.lp
    freight model my-region my-region.mps --weak
    """
    from freight.io import read
    from freight.io.model_file import write_instance_model
    from freight.io.plan_file import check_place

    found = read(instance)
    check_place(output)
    stated = write_instance_model(found, output, strong)
    size = f"{stated.rows:,} rows, {stated.columns:,} columns"
    err.print(f"Model of {size} written to {output}.", highlight=False, soft_wrap=True)


@main.command()
@as_json()
def solvers(as_json: bool) -> None:
    """List methods and backends: what each can do and whether it is installed."""
    from freight.report.engines import engine_rows, engine_view

    if as_json:
        _print_json(engine_rows())
    else:
        out.print(engine_view())


@main.command()
@INSTANCE
@click.argument("output", type=PATH)
def convert(instance: str, output: Path) -> None:
    r"""Write an instance in another form: a folder of CSVs, a .json or an .xlsx file.

    \b
    freight convert yangtze-europe book.xlsx
    freight convert book.xlsx my-region
    """
    from freight.io import read, write

    write(read(instance), output)
    out.print(f"Wrote {output}.", highlight=False)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    r"""Print the script that completes freight's commands in your shell.

    \b
    freight completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"No completion for {shell}.")
    click.echo(kind(main, {}, "freight", "_FREIGHT_COMPLETE").source())


if __name__ == "__main__":
    main()
