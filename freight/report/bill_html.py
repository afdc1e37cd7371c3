"""Through bills as a printable page: A4, Chinese and English side by side, no network.

One bill makes a page of its own, several make a book with an index. Fonts are those of the
reader's machine; the page holds everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from freight.domain.bill import Bill
from freight.domain.money import shown
from freight.report import bill_figures as figures
from freight.report.words import package_word, word


@cache
def environment() -> Environment:
    """Templates of the bill with its figures and words; everything is escaped."""
    found = Environment(
        loader=PackageLoader("freight.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {
        "amount": figures.amount,
        "money": shown,
        "clock": figures.clock,
        "offset": figures.offset,
        "bill_number": figures.bill_number,
        "box_number": figures.box_number,
        "marks": figures.marks,
        "price_totals": figures.price_totals,
        "money_lines": figures.money_lines,
        "place_line": figures.place_line,
        "wait_hours": figures.wait_hours,
        "in_columns": figures.in_columns,
        "strip_weight": figures.strip_weight,
        "sectioned": figures.sectioned,
        "days": figures.days,
        "grams_per_tkm": figures.grams_per_tkm,
        "regimes_on_legs": figures.regimes_on_legs,
    }
    found.globals |= {"word": word, "package_word": package_word, "leg_label": figures.leg_label}
    return found


def page(bills: Sequence[Bill]) -> str:
    """One bill as a page, several as a book with an index; raises ValueError without any."""
    if not bills:
        raise ValueError("There is no bill to print: the plan carries no shipment.")
    name = "bill.html" if len(bills) == 1 else "bill_book.html"
    return environment().get_template(name).render(bills=bills)
