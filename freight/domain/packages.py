"""Package codes of UNECE Recommendation 21, annexes V and VI, revision 12 (2021)."""

from __future__ import annotations

from typing import Final

_SECOND_SIGNS: Final = {
    "1": "ABDFGW",
    "2": "C",
    "3": "AH",
    "4": "34ABCDFGH",
    "5": "HLM",
    "6": "HP",
    "7": "AB",
    "8": "ABC",
    "A": "ABCDEFGHIJLMPTV",
    "B": "4ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "C": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "D": "ABCGHIJKLMNPRSTUVWXY",
    "E": "CDEFGHIN",
    "F": "BCDEILOPRTWX",
    "G": "BILRUYZ",
    "H": "ABCGNR",
    "I": "ABCDEFGHKLNZ",
    "J": "BCGRTY",
    "K": "GI",
    "L": "EGTUVZ",
    "M": "ABCERSTWX",
    "N": "AEFGSTUV",
    "O": "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ",
    "P": "1234ABCDEFGHIJKLNOPRTUVXYZ",
    "Q": "ABCDFGHJKLMNPQRS",
    "R": "DGJKLOTZ",
    "S": "ABCDEHIKLMOPSTUVWXYZ",
    "T": "1BCDEGIKLNORSTUVWYZ",
    "U": "CN",
    "V": "AGIKLNOPQRSY",
    "W": "ABCDFGHJKLMNPQRSTUVWXYZ",
    "X": "ABCDFGHJK",
    "Y": "ABCDFGHJKLMNPQRSTVWXYZ",
    "Z": "ABCDFGHJKLMNPQRSTUVWXYZ",
}
PACKAGE_CODES: Final = frozenset(
    first + second for first, seconds in _SECOND_SIGNS.items() for second in seconds
)
"""Every two-sign code of the list."""
