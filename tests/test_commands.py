"""How commands are put together: loaded when asked for, flags that agree and fill records."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections import defaultdict

import click
import pytest

import cli
from freight.commands import options
from freight.report import writing
from tests.command import ROOT, freight

HEAVY = ("pandas", "numpy", "ortools", "numba", "pydantic", "highspy", "scipy")
CONTEXT = click.Context(cli.main)


def commands() -> dict[str, click.Command]:
    """Every command by its name."""
    made = {name: cli.main.get_command(CONTEXT, name) for name in cli.main.list_commands(CONTEXT)}
    return {name: command for name, command in made.items() if command is not None}


def test_help_answers_at_once_and_loads_no_library() -> None:
    """``freight --help`` needs less than 0.3 s of a processor and imports nothing heavy."""
    code = (
        "import sys, time, cli\ntry: cli.main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
        "print(time.process_time(), file=sys.stderr)"
    )
    words = [sys.executable, "-c", code]
    seconds = []
    for _ in range(3):
        told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stderr
        loaded, spent = told.splitlines()
        assert loaded == "[]"
        seconds.append(float(spent))
    assert min(seconds) < 0.3


def test_help_groups_the_commands_by_task() -> None:
    """Each command stands under what people want to do, once; every name of the table is one."""
    told = freight("--help").stdout
    places = [told.index(f"─ {title} ─") for title in cli.COMMANDS]
    assert places == sorted(places)
    assert list(commands()) == list(cli.MODULES)
    assert all(f" {name} " in told for name in cli.MODULES)


def test_a_flag_means_the_same_in_every_command() -> None:
    """A short flag stands for one long one everywhere, and a long one for one field."""
    long_of: defaultdict[str, set[str]] = defaultdict(set)
    for command in commands().values():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                longs = [name for name in parameter.opts if name.startswith("--")]
                for name in parameter.opts:
                    if not name.startswith("--"):
                        long_of[name] |= set(longs)
    assert {short: names for short, names in long_of.items() if len(names) > 1} == {}
    assert long_of["-t"] == {"--time-limit"}
    assert long_of["-i"] == {"--instance"}
    assert long_of["-o"] == {"--output"}
    assert long_of["-g"] == {"--gap"}


def test_the_forms_offered_are_those_that_are_written() -> None:
    """Every form of ``--format`` has its report, and every report of a bill or plan its form."""
    assert {f"bill-{form}" for form in options.BILL_FORMS} == set(writing.BILL_REPORTS)
    assert set(options.EXPORT_FORMS) == {*writing.EXPORTS, *writing.TABLE_FORMS}


@pytest.mark.parametrize("name", sorted(cli.MODULES))
def test_defaults_on_the_command_line_are_those_of_the_record(name: str) -> None:
    """A Python user who leaves a field out gets what a planner gets who leaves the flag out."""
    command = commands()[name]
    records = getattr(command.callback, "records", ())
    defaults = {
        field.name: field.default
        for record in records
        for field in dataclasses.fields(record)
        if field.default is not dataclasses.MISSING
    }
    for parameter in command.params:
        if parameter.name in defaults and not parameter.required and not parameter.multiple:
            given = parameter.get_default(CONTEXT)
            unset = given is None or "UNSET" in repr(given)
            wanted = defaults[parameter.name]
            assert wanted in (None, False, ()) if unset else given == wanted, parameter.name
