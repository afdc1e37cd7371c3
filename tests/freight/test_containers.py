"""Container numbers by ISO 6346."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso6346

from freight.domain.containers import PLANNING_PREFIXES, check_digit, is_planned, planned_numbers


@pytest.mark.parametrize(
    ("prefix", "serial", "digit"),
    [("CSQU", 305438, "3"), ("TOLU", 473478, "7"), ("MSKU", 907032, "3")],
)
def test_check_digits_match_published_examples(prefix: str, serial: int, digit: str) -> None:
    """CSQU 305438 3 and TOLU 473478 7 are the examples of the standard's literature."""
    assert check_digit(prefix, serial) == digit


def test_check_digit_by_hand() -> None:
    """ZZZU 000002: letters count Z = 38, U = 32, weights are 1, 2, 4, … 512.

    38·1 + 38·2 + 38·4 + 32·8 + 2·512 = 38 + 76 + 152 + 256 + 1024 = 1546 = 140·11 + 6.
    """
    assert check_digit("ZZZU", 2) == "6"


def test_planned_numbers_are_valid_and_none_comes_twice() -> None:
    """Ten thousand numbers in a row are valid, distinct, planned, and never end in 0."""
    numbers = list(islice(planned_numbers(), 10_000))
    assert len(set(numbers)) == len(numbers)
    assert all(iso6346.is_valid(number) for number in numbers)
    assert all(is_planned(number) and not number.endswith("0") for number in numbers)


def test_planned_numbers_come_in_one_fixed_order() -> None:
    """The stream starts the same way every time."""
    assert list(islice(planned_numbers(), 3)) == ["ZZZU0000026", "ZZZU0000031", "ZZZU0000047"]


def test_a_full_prefix_gives_way_to_the_next() -> None:
    """After at most a million serials of ZZZU the stream goes on with ZZYU."""
    assert PLANNING_PREFIXES[:2] == ("ZZZU", "ZZYU")
    assert PLANNING_PREFIXES[-1] == "ZZAU"


@given(st.integers(1, 999_999), st.sampled_from(PLANNING_PREFIXES), st.integers(0, 5))
def test_one_wrong_digit_is_detected(serial: int, prefix: str, place: int) -> None:
    """Changing one digit of the serial number breaks the check digit, 0 and 10 apart."""
    digit = check_digit(prefix, serial)
    if digit == "0":
        return
    digits = f"{serial:06d}"
    wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    assert not iso6346.is_valid(f"{prefix}{wrong}{digit}")


def test_a_real_box_is_not_planned() -> None:
    """Only the prefixes kept for planning mark a planned number."""
    assert not is_planned("CSQU3054383")
