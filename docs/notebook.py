"""Write ``notebook.ipynb``: the cells below, executed, with their outputs.

Run ``python docs/notebook.py`` after a change. What an output owes to the clock of the machine is
not compared by the test that executes it again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PAGE = Path(__file__).resolve().parent / "notebook.ipynb"
SECONDS = 300
CELLS = (
    """# A plan in a notebook

An instance is read, planned, looked at, changed and planned again. It is the small one that comes
with freight; `freight.read` takes a folder, a workbook or a JSON file just as well.""",
    """>>> import freight

instance = freight.read("tiny")
freight.inputs(instance)["shipments"][["id", "owner", "origin", "destination", "teu", "due"]]""",
    """## Plan

A plan shows what it does, costs and proves, with a map of its flows.""",
    """>>> plan = freight.plan(instance)
plan""",
    """## Every table is a pandas frame

`freight.tables` gives them by name: plan, departures, legs, itineraries, steps, costs, owners and
what stays behind.""",
    """>>> tables = freight.tables(plan, instance)
tables["departures"][["departure", "mode", "owner", "runs", "most_teu", "load_factor"]]""",
    """>>> tables["costs"].pivot_table(
    index="charge", columns="owner", values="amount", aggfunc="sum", margins=True, fill_value=0
).round(2)""",
    """>>> tables["steps"].query("shipment == 'S3'")[
    ["step", "kind", "mode", "from_terminal", "to_terminal", "starts", "ends"]
]""",
    """## Bills

One through bill a shipment; together they add up to the cost of the plan.""",
    """>>> bills = freight.bills(instance, plan)
[(bill.number, bill.shipment, bill.price) for bill in bills]""",
    """>>> sum(bill.total for bill in bills) == plan.cost - plan.unallocated""",
    """## Ask what if

An instance does not change; a changed copy is planned and compared. Here trains cost half as much
again to run.""",
    """>>> import pandas as pd

dearer = instance.model_copy(
    update={
        "services": tuple(
            one.model_copy(update={"fixed_cost_per_departure": 1.5 * one.fixed_cost_per_departure})
            for one in instance.services
        )
    }
)
other = freight.plan(dearer)
change = freight.compare({"as it is": plan, "dearer trains": other}).differences[0]
pd.Series(change.by_charge | {"all": change.cost}, name="more to pay, USD")""",
    """## Choose among routes

Every way from Wuhan to Duisburg that no other beats in cost, arrival and CO₂e, for one 40-foot box
of goods.""",
    """>>> from datetime import datetime

from freight.routing import Request, Router

request = Request(
    "wuhan-rail", "duisburg-rail", 2, 12.0, datetime.fromisoformat("2027-03-01T08:00+08:00"),
    value=80_000,
)
options = Router(instance).options(request)
pd.DataFrame(
    [
        {
            "modes": " ".join(one.modes),
            "cost": float(one.cost),
            "days": round(one.hours / 24, 1),
            "co2e_kg": round(one.co2e_kg),
        }
        for one in options
    ]
)""",
)


def notebook() -> Any:
    """The cells, not executed."""
    cells = [
        new_code_cell(text[4:], id=f"cell-{number}")
        if text.startswith(">>> ")
        else new_markdown_cell(text, id=f"cell-{number}")
        for number, text in enumerate(CELLS)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(folder: Path) -> Any:
    """The notebook with its outputs, run in a folder; raises CellExecutionError."""
    book = notebook()
    client = NotebookClient(
        book, timeout=SECONDS, resources={"metadata": {"path": str(folder)}},
        record_timing=False,
    )  # fmt: skip
    client.execute()
    book.metadata = {"kernelspec": book.metadata["kernelspec"]}
    return book


def main() -> int:
    """Execute and write."""
    nbformat.write(executed(PAGE.parent), PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
