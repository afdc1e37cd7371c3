"""What flags take, how they refuse, and what help says of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli
from freight import drayage
from freight.commands.values import Number
from freight.errors import InstanceError
from freight.groupage.asked import pack_as_asked
from freight.io import read
from freight.requests.groupage import GroupageRequest
from freight.requests.routing import Request, RouteQuestion
from freight.requests.watching import Watcher
from freight.routing.answer import answer
from solvers.outcome import SolverUnavailable
from tests.command import FREIGHT, ROOT, freight

ROUTE = ("route", "tiny", "Wuhan", "Duisburg")
READY = ("--ready", "2027-03-01T08:00+08:00")
CONTEXT = click.Context(cli.main)
PLAIN = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


def told(*words: str) -> str:
    """What a refused command says, on one line."""
    done = freight(*words, code=2)
    return " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr).split())


@pytest.mark.parametrize("name", sorted(cli.MODULES))
def test_every_argument_and_flag_is_described(name: str) -> None:
    """No blank description, no range in the sign language of programmers."""
    command = cli.main.get_command(CONTEXT, name)
    assert command is not None
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name}"
    shown = freight(name, "--help").stdout
    assert not re.search(r"[<>]=|x<|RANGE|None\b", shown)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("solve", "tiny", "-t", "0.01"), "0.01 is less than 0.1."),
        (("solve", "tiny", "-t", "nan"), "'nan' is not a finite number."),
        (("solve", "tiny", "-t", "1e300"), "1e300 is more than 2,592,000."),
        (("solve", "tiny", "-g", "2"), "2 is more than 1."),
        (("solve", "tiny", "-g", "much"), "'much' is not a number."),
        (("solve", "tiny", "--threads", "1000000"), "1000000 is more than 256."),
        (("solve", "tiny", "--threads", "1.5"), "'1.5' is not a whole number."),
        (("solve", "tiny", "--seed", "-1"), "-1 is less than 0."),
        (("consolidate", "tiny", "--workers", "1000000"), "1000000 is more than 256."),
        ((*ROUTE, *READY, "--teu", "1000001"), "1000001 is more than 1,000,000."),
        ((*ROUTE, *READY, "--teu", "0"), "0 is less than 1."),
        ((*ROUTE, *READY, "--tonnes", "0"), "0 is not more than 0."),
        ((*ROUTE, *READY, "-k", "1000000000"), "1000000000 is more than 1,000."),
        ((*ROUTE, *READY, "--value", "￥200,000"), "names a currency. Give the number alone"),
        ((*ROUTE, *READY, "--modes", "rail,tram"), "'tram' is not a mode."),
        ((*ROUTE, "--ready", "soon"), "'soon' is not a date and time."),
        ((*ROUTE, "--ready", "2027-03-04+08:00"), "has no time of day"),
        ((*ROUTE, "--ready", "03/04/2027"), "can be read as"),
        (("groupage", "g.csv", "-i", "tiny", "--most-wait-hours", "1e12"), "is more than 8,784."),
        (("rotate", "--call-hours", "1e308"), "1e308 is more than 168."),
        (("generate", "yangtze-europe", "-o", "x", "--weeks", "105"), "105 is more than 104."),
    ],
)
def test_values_beyond_reason_are_refused_in_words(words: Sequence[str], message: str) -> None:
    """Each is one sentence that names the limit; nothing is solved."""
    assert message in told(*words)


@given(PLAIN)
def test_plain_numbers_are_taken_as_they_are(number: float) -> None:
    """Whatever Python prints, and with commas between thousands."""
    assert Number().convert(repr(number), None, None) == number
    assert Number(whole=True).convert(f"{int(number):,}", None, None) == int(number)


@pytest.mark.parametrize(
    ("ready", "means"),
    [
        ("2027-03-01", "2027-03-01T00:00:00+08:00"),
        ("2027年3月1日", "2027-03-01T00:00:00+08:00"),
        ("2027/3/1 8:00", "2027-03-01T08:00:00+08:00"),
        ("2027-03-01T08:00", "2027-03-01T08:00:00+08:00"),
        ("2027-03-01T08:00+01:00", "2027-03-01T08:00:00+01:00"),
    ],
)
def test_times_are_local_where_the_boxes_are(ready: str, means: str) -> None:
    """The same answer as with the offset of Wuhan written out; guesses are told."""
    words = (*ROUTE, "--modes", "rail", "--json", "--ready")
    done = freight(*words, ready)
    assert json.loads(done.stdout) == json.loads(freight(*words, means).stdout)
    assert ("read as" in done.stderr) == (ready in ("2027-03-01", "2027年3月1日"))


def test_a_due_date_lasts_until_its_end_at_the_destination() -> None:
    """20 March in Duisburg ends at 23:59 there, not in Wuhan."""
    words = (*ROUTE, *READY, "--latest", "--json", "--due")
    assert freight(*words, "2027-03-22").stdout == freight(*words, "2027-03-22T23:59+01:00").stdout


def test_a_remedy_for_a_time_works() -> None:
    """What the message proposes is taken, and not refused with a proposal of its own."""
    told_first = told(*ROUTE, *READY, "--due", "2027-03-28T02:30")
    assert "does not exist in Europe/Berlin" in told_first
    proposed = re.search(r"such as (\S+)\.", told_first)
    assert proposed is not None
    freight(*ROUTE, *READY, "--due", proposed[1])


@pytest.mark.parametrize("modes", ["rail,barge", "rail barge", "铁路、驳船", "RAIL; barge"])
def test_modes_are_parted_as_people_part_them(modes: str) -> None:
    """Commas, spaces and Chinese names give what two words give."""
    same = freight(*ROUTE, *READY, "--json", "--modes", "rail barge").stdout
    assert freight(*ROUTE, *READY, "--json", "--modes", modes).stdout == same


def test_python_users_meet_the_same_limits() -> None:
    """Records hold what commands would refuse: the verbs refuse it too."""
    tiny, ready = read("tiny"), datetime(2027, 3, 1, tzinfo=UTC)
    with pytest.raises(InstanceError, match="1,000,001 is not a number of TEU"):
        answer(tiny, Request("Wuhan", "Duisburg", 1_000_001, 1.0, ready), RouteQuestion())
    with pytest.raises(InstanceError, match="more than anybody compares"):
        answer(tiny, Request("Wuhan", "Duisburg", 2, 1.0, ready), RouteQuestion(cheapest=10**9))
    with pytest.raises(InstanceError, match="no time that goods wait"):
        pack_as_asked(tiny, GroupageRequest(Path("g.csv"), most_wait_hours=1e12))
    assert Watcher().options(1.0, threads=10**6).threads <= 4096


class Overtaxed:
    """A routing method that gives up."""

    def solve(self, *_: object) -> None:
        """Always."""
        raise SolverUnavailable("16 tasks are too many.")


def test_a_routing_method_that_cannot_is_told_with_city_and_day(
    tiny_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 4, no traceback, and no plan with half of its trucks."""
    monkeypatch.setattr(drayage, "routing_method", lambda _: Overtaxed())
    words = ("dray", tiny_plan, "--synthetic-doors", "-o", tmp_path / "p.json")
    error = freight(*words, code=4).stderr
    assert re.search(r"Trucks of \w+ on 2027-03-\d\d: 16 tasks are too many\.", error)
    assert not (tmp_path / "p.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="limits as on POSIX systems")
def test_too_little_memory_is_told_before_anything_is_loaded() -> None:
    """Libraries that find no memory may wait for it for ever."""
    line = ["sh", "-c", 'ulimit -v 500000; exec "$@"', "sh", *FREIGHT, "solve", "tiny"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4
    assert "may have 512 MB of memory, but freight needs at least 1,000 MB" in done.stderr
