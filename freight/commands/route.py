"""Routes for one shipment, and tables from city to city."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from freight.commands import options as flags
from freight.commands.documents import hand_out
from freight.commands.screen import as_json as print_json
from freight.commands.screen import say, view
from freight.commands.values import Cell, Number
from freight.requests.documents import BillRequest
from freight.requests.routing import Request, RouteQuestion

if TYPE_CHECKING:
    from freight.domain.instance import Instance
    from freight.routing.answer import Answer


@flags.command
@flags.INSTANCE
@flags.argument("origin", "Where from: a terminal id, a UN/LOCODE, a city (武汉) or a name.")
@flags.argument("destination", "Where to: a terminal id, a UN/LOCODE, a city (武汉) or a name.")
@click.option(
    "--teu",
    type=Number("teu", 1, 1_000_000, whole=True),
    default=2,
    help="Size of the shipment in TEU.",
)
@click.option(
    "--tonnes",
    type=Number("tonnes", above=0, high=1e6),
    default=10.0,
    help="Goods with packing, without the boxes.",
)
@click.option(
    "--ready",
    type=flags.MOMENT,
    required=True,
    help="2027-03-01T08:00, local at the origin, or with its offset; a date means its start.",
)
@click.option(
    "--due",
    type=flags.MOMENT,
    help="Lateness counts from here; local at the destination; a date means its end.",
)
@click.option(
    "--value",
    type=Number("amount", 0, 1e12),
    default=0.0,
    help="Of the goods, in the instance's currency: capital tied up counts.",
)
@click.option("--modes", type=Cell("modes"), default=(), help="Use only these modes: rail,sea.")
@click.option(
    "--plan",
    type=flags.PATH,
    help="Offer only what this plan leaves: free slots of its departures, free days of its places.",
)
@click.option("--most-cost", type=Number("amount", 0), help="Leave out what costs more.")
@click.option("--most-hours", type=Number("hours", 0), help="Leave out what takes longer.")
@click.option("--most-co2e-kg", type=Number("kg", 0), help="Leave out what emits more.")
@click.option(
    "--most-changes",
    type=Number("number", 0, whole=True),
    help="Leave out what changes vehicle more often.",
)
@click.option(
    "--least-reliability",
    type=Number("share", 0, 1),
    help="Leave out what is less likely to make all its connections (0 to 1).",
)
@click.option("--reefer", is_flag=True, help="The goods need a temperature.")
@click.option("--dangerous", type=Cell("un"), help="UN number of dangerous goods: UN3480.")
@click.option("--changes", is_flag=True, help="Count changes of vehicle as a fourth criterion.")
@click.option(
    "--reliability",
    "reliable",
    is_flag=True,
    help="Judge options by the odds of keeping all connections, too.",
)
@click.option(
    "-k",
    "--cheapest",
    type=Number("number", 1, 1000, whole=True),
    help="List this many of the cheapest options that differ.",
)
@click.option(
    "--profile", is_flag=True, help="Show the best option for every ready hour of a week."
)
@click.option(
    "--latest", is_flag=True, help="Say only when to hand over at the latest to be on time."
)
@click.option("--explain", is_flag=True, help="Say why each mode was or was not chosen.")
@click.option(
    "-n",
    "--option",
    "number",
    type=Number("number", 1, whole=True),
    help="Show this option step by step with its price.",
)
@click.option(
    "--bill",
    "offer",
    type=Number("number", 1, whole=True),
    help="Issue the through bill offered for this option.",
)
@flags.form(flags.BILL_FORMS, "Form of the bill. Default: by the suffix of the output, else text.")
@flags.output("File for the bill. Default: print it.")
@flags.FORCE
@flags.json_flag()
@flags.fills(Request, RouteQuestion, BillRequest)
def route(
    request: Request,
    question: RouteQuestion,
    document: BillRequest,
    instance: str,
    plan: Path | None,
    as_json: bool,
) -> None:
    r"""Every sensible way from door to door: cost, arrival and CO2e that no other way beats.

    Fixed costs of departures are quoted at a usual load.

    \b
    freight route yangtze-europe Changsha Duisburg --ready 2027-03-01T08:00
    freight route yangtze-europe CNWUH DEDUI --ready 2027-03-01 --value 200,000 --explain
    freight route tiny Wuhan Duisburg --ready 2027-03-01T08:00+08:00 --bill 1 -o offer.html
    freight route tiny 武汉 杜伊斯堡 --ready 2027-03-01T08:00+08:00 --plan plan.json
    """
    from freight.billing import bills
    from freight.io import read
    from freight.io.places import check_output
    from freight.routing.answer import answer, plan_for

    reads = (instance,) if plan is None else (instance, str(plan))
    check_output(document.output, force=document.force, reads=reads)
    home = read(instance)
    found = answer(home, request, question, None if plan is None else plan_for(home, plan))
    if found.offer is not None:
        hand_out(bills(*found.offer), replace(document, form="json") if as_json else document)
    elif as_json:
        print_json(found.record(question))
    else:
        _print(home, found, question)


def _print(home: Instance, found: Answer, question: RouteQuestion) -> None:
    from freight.report import route_view

    if found.hand_over_by is not None:
        say(f"Hand over by {found.hand_over_by.isoformat(' ', 'minutes')}.")
    if found.profile:
        statement = home.statement
        view(route_view.profile_view(found.profile, statement.currency, statement.time_zone))
    if found.chosen is None:
        return
    title = "Cheapest options that differ" if question.cheapest else "Options that no other beats"
    view(route_view.options_view(found.options, home, title))
    if question.number:
        view(route_view.option_view(found.chosen, home))
    if question.explain:
        view(route_view.verdicts_view(found.verdicts))


@flags.command
@flags.INSTANCE
@click.option(
    "--city",
    "cities",
    multiple=True,
    help="A city; give it again for more. Default: the owners' cities.",
)
@click.option(
    "--ready", type=flags.MOMENT, help="When goods are ready. Default: the start of the horizon."
)
@flags.json_flag()
def matrix(instance: str, cities: tuple[str, ...], ready: datetime | None, as_json: bool) -> None:
    r"""Cost, time and CO2e from city to city by mode, and the circle of ninety minutes.

    \b
    freight matrix yangtze-europe
    freight matrix yangtze-europe --city Wuhan --city Duisburg
    """
    from freight.io import read
    from freight.matrix import city_tables
    from freight.report.route_view import matrix_view

    cells, circle = city_tables(read(instance), cities, ready)
    if as_json:
        print_json({
            "cells": [cell.model_dump(mode="json") for cell in cells],
            "circle": [row.model_dump(mode="json") for row in circle],
        })  # fmt: skip
    else:
        view(matrix_view(cells, circle))
