"""Instances and their tables: start, check, convert, generate, state as a model."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from freight.commands import options as flags
from freight.commands.screen import as_json as print_json
from freight.commands.screen import lines, say, tell
from freight.commands.values import Number
from freight.commands.watching import timed
from freight.errors import InstanceError
from freight.telling import telling


@flags.command
@flags.argument("directory", "A new folder, or a new .json or .xlsx file.", type=flags.PATH)
@flags.FORCE
def new(directory: Path, force: bool) -> None:
    r"""Write a small commented instance to start from.

    \b
    freight new my-region
    freight validate my-region
    """
    from freight.io import new_instance

    new_instance(directory, force=force)
    say(f"Wrote an instance to {directory}. Next: freight validate {directory}")


@flags.command
@flags.argument("workbook", "A new .xlsx file.", type=flags.PATH)
@flags.FORCE
def template(workbook: Path, force: bool) -> None:
    r"""Write an empty workbook with drop-downs, units and notes to fill in.

    \b
    freight template book.xlsx
    freight solve book.xlsx
    """
    from freight.io import template

    template(workbook, force=force)
    say(f"Wrote {workbook}. Fill it in, then: freight validate {workbook}")


@flags.command
@flags.INSTANCE
@flags.json_flag("Faults and counts as JSON on stdout.")
def validate(instance: str, as_json: bool) -> None:
    r"""Check an instance: every fault of every table at once.

    INSTANCE is a folder, a .json or .xlsx file, or the name of a shipped instance.
    Exit code 0: usable; 2: faults found.

    \b
    freight validate my-region
    freight validate book.xlsx
    """
    from freight.domain.checks.magnitudes.rates import rates_said
    from freight.domain.timetable import sizes
    from freight.io import read, warnings
    from freight.report.console import shortened

    try:
        with telling(None):
            sound = read(instance)
    except InstanceError as error:
        if not as_json:
            raise
        print_json({"valid": False, "faults": [fault.record() for fault in error.faults]})
        sys.exit(error.exit_code)
    remarks = warnings(sound)
    if as_json:
        records = [note.record() for note in remarks]
        counts, rates = sizes(sound), rates_said(sound)
        print_json({"valid": True, "counts": counts, "rates": rates, "notes": records})
        return
    guesses = len(sound.notes)
    lines([*map(str, sound.notes), *shortened(remarks[guesses:])], "Note:", "yellow")
    listed = ", ".join(f"{value:,} {key}" for key, value in sizes(sound).items())
    lines(rates_said(sound), "Rate:", "dim")
    say(f"{sound.statement.name}: no faults. {listed}.")


@flags.command
@flags.INSTANCE
@flags.argument("output", "A folder, or a .json or .xlsx file.", type=flags.PATH)
@flags.FORCE
def convert(instance: str, output: Path, force: bool) -> None:
    r"""Write an instance in another form: a folder of CSVs, a .json or an .xlsx file.

    \b
    freight convert yangtze-europe book.xlsx
    freight convert book.xlsx my-region
    """
    from freight.io import check_instance, find, read, write

    check_instance(output, force=force, reads=[find(instance)])
    write(read(instance), output, force=force)
    say(f"Wrote {output}.")


@flags.command
@flags.argument("name", "What to generate: yangtze-europe or national.")
@click.option(
    "-o", "--output", type=flags.PATH, required=True, help="A folder, or a .json or .xlsx file."
)
@click.option(
    "--weeks",
    type=Number("weeks", 1, 104, whole=True),
    default=4,
    help="Length of the horizon.",
)
@flags.seed(2027)
@flags.FORCE
def generate(name: str, output: Path, weeks: int, seed: int, force: bool) -> None:
    r"""Generate an instance: equal weeks and seed, equal files.

    \b
    freight generate yangtze-europe --weeks 8 -o eight-weeks
    """
    with timed(f"drawing {name}, {weeks} weeks"):
        from freight.generate import generate

        generate(name, output, weeks=weeks, seed=seed, force=force)
    say(f"Wrote {output}.")


@flags.command
@flags.INSTANCE
@flags.argument("output", "A file .mps or .lp.", type=flags.PATH)
@click.option(
    "--strong/--weak",
    default=True,
    help="State all linking rows, or leave out those that capacity rows imply.",
)
@flags.FORCE
def model(instance: str, output: Path, strong: bool, force: bool) -> None:
    r"""Write the mathematical model of an instance as MPS or LP, by the suffix of OUTPUT.

    The compact arc model, stated whole; names of rows and columns say what they stand for.

    \b
    freight model tiny tiny.lp
    freight model my-region my-region.mps --weak
    """
    from freight.io import find, read
    from freight.io.model_file import write_instance_model
    from freight.io.places import check_file

    check_file(output, force=force, reads=[find(instance)])
    stated = write_instance_model(read(instance), output, strong, force=force)
    tell(f"Model of {stated.rows:,} rows, {stated.columns:,} columns written to {output}.")
