"""The one base of every record, and the quantities that its fields are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self, TypeAlias, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    StringConstraints,
)


class Frozen(BaseModel):
    """Closed and immutable; the docstring under a field becomes its description in the schema."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was computed from the old ones is not taken along."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"'{name}' is not an IANA time zone such as Asia/Shanghai") from error
    return name


def _unit(unit: str, low: float | None = 0.0, high: float | None = None) -> object:
    return Field(ge=low, le=high, json_schema_extra={"unit": unit})


Item = TypeVar("Item")
Many: TypeAlias = Annotated[tuple[Item, ...], FailFast()]
"""Many records in a file; the first that is not as it should be is told, not millions of them."""

FIRST_YEAR, LAST_YEAR = 1900, 2200


def _of_our_time(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year {moment.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""A time with its offset that every clock and calendar can show."""
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""A whole number that a float holds exactly."""
Measure = Annotated[float, Field(ge=-1e15, le=1e15)]
"""A quantity with which one can still reckon."""
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A short name without spaces, unique in its table."""
Text = Annotated[str, StringConstraints(min_length=1)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Unlocode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z2-9]{3}$")]
"""UN/LOCODE, e.g. CNWUH."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217, e.g. CNY."""
HsCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}([0-9]{2}){0,3}$")]
"""Harmonized System code of 4 to 10 digits."""
UnNumber = Annotated[str, StringConstraints(pattern=r"^UN[0-9]{4}$")]
"""UN number of dangerous goods, e.g. UN3480."""
ZoneName = Annotated[str, AfterValidator(_known_zone)]
"""IANA time zone name."""

Teu = Annotated[float, _unit("TEU")]
Tonnes = Annotated[float, _unit("t")]
Hours = Annotated[float, _unit("h")]
Kilometres = Annotated[float, _unit("km")]
Latitude = Annotated[float, _unit("°", -90, 90)]
Longitude = Annotated[float, _unit("°", -180, 180)]
Amount = Annotated[float, _unit("money, in the currency of the row")]
"""A price that is never negative."""
Credit = Annotated[float, _unit("money, in the currency of the row", None)]
"""A price that may be negative: a subsidy or a credit."""
