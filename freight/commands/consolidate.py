"""The study of which trains the owners run together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import rich_click as click

from freight.commands import options as flags
from freight.commands.screen import raw_json, tell, view
from freight.commands.values import Number
from freight.commands.watching import read_watched, watched
from freight.domain.wording import counted
from freight.requests.consolidation import Study

if TYPE_CHECKING:
    from pathlib import Path

    from freight.consolidation import Consolidated

STUDY_SECONDS = Number("seconds", 1, 30 * 86400)


@flags.command
@flags.INSTANCE
@click.option(
    "-p",
    "--policy",
    "policies",
    multiple=True,
    help="standalone, joint, hub, pickup, free, or a TOML file; again for more. Default: all.",
)
@click.option(
    "--game",
    "game_policy",
    default="auto",
    help="Policy whose cost the owners share: its name, auto (joint), cheapest or none.",
)
@flags.time_limit(
    540.0, "Seconds for the whole study: policies, coalitions, everything.", STUDY_SECONDS
)
@flags.gap(0.002)
@flags.seed()
@click.option(
    "--sampled",
    type=Number("rounds", 2, 10_000, whole=True),
    help="Rounds of sampling for the Shapley value. Default: only where coalitions are too many.",
)
@click.option("--every-day", is_flag=True, help="Offer trunk trains on every weekday.")
@click.option(
    "--section-limits/--no-section-limits",
    default=True,
    help="Hold trains to the length that every section of the network allows.",
)
@click.option("--weekly", is_flag=True, help="Run the same trunk timetable each week.")
@click.option(
    "--workers", type=flags.PROCESSES, default=2, help="Processes that solve side by side."
)
@click.option("--scheduler", help="Address of a Dask scheduler, instead of local workers.")
@flags.output("Folder for the study: report, plans, their instances, the agreed plan.")
@click.option("--agree", "rule", help="Rule that settles the agreed plan, e.g. nucleolus.")
@flags.FORCE
@flags.json_flag()
@flags.fills(Study)
def consolidate(study: Study, instance: str, as_json: bool) -> None:
    r"""Which trains the owners run together, what it saves, and who pays what.

    \b
    freight consolidate yangtze-europe
    freight consolidate yangtze-europe -p standalone -p joint -o study --agree nucleolus
    freight report study -o study.html
    """
    from freight.consolidation import write_agreement, write_asked
    from freight.report.consolidation_view import study_view

    found = _studied(instance, study)
    written = write_asked(found, study)
    if as_json:
        raw_json(found.report.model_dump_json())
    else:
        view(study_view(found.report))
    written += write_agreement(found, study)
    _say_written(written, study)


def _studied(instance: str, study: Study) -> Consolidated:
    with watched(f"reading {instance}", "the plans found so far") as watcher:
        from freight.consolidation.outcome import check_agreement
        from freight.io import find

        check_agreement(study, reads=[find(instance)])
        home = read_watched(instance, watcher)
        from freight.consolidation import consolidate

        watcher.began("planning the policies")
        study = replace(study, cancel=watcher.cancel, hear=watcher.hear)
        return consolidate(home, study)


def _say_written(written: tuple[Path, ...], study: Study) -> None:
    from freight.consolidation import earlier_plans

    if study.output is None:
        return
    tell(f"{counted(len(written), 'file')} written to {study.output}.")
    earlier = earlier_plans(study.output, written)
    if earlier:
        tell(f"{', '.join(earlier)}.", "Of an earlier study:", "yellow")
