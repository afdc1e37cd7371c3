"""Write ``formulation.md`` from the docstrings that state the mathematics.

Run ``python docs/formulation.py`` after a change; ``--check`` exits with 1 when the page is not
what the docstrings say. Only the docstrings are edited by hand.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "formulation.md"
CHAPTERS: dict[str, tuple[str, ...]] = {
    "The problem": ("solvers.network_design.statement.problem",),
    "From shipments to arrays": ("freight.model.network", "freight.model.compile"),
    "Bounds and itineraries": (
        "solvers.network_design.statement.network",
        "solvers.network_design.master.master",
        "solvers.network_design.master.lagrangian",
        "solvers.network_design.pricing.pricer",
        "solvers.network_design.statement.places",
        "solvers.network_design.separation.strong",
        "solvers.network_design.master.cuts",
        "solvers.network_design.separation.residual_capacity",
        "solvers.network_design.separation.row_sets",
        "solvers.network_design.separation.flow_cover",
        "solvers.network_design.relaxation.column_generation",
        "solvers.network_design.master.restricted_mip",
        "solvers.network_design.exact.branch_and_price",
        "solvers.network_design.relaxation.column_pool",
        "solvers.network_design.warm_start",
    ),
    "Solutions": (
        "solvers.network_design.heuristics.matheuristic.method",
        "solvers.network_design.loading.greedy",
        "solvers.network_design.heuristics.matheuristic.slope_scaling",
        "solvers.network_design.heuristics.matheuristic.diving",
        "solvers.network_design.heuristics.matheuristic.neighbourhoods",
        "solvers.linear.branch_and_bound",
        "solvers.network_design.heuristics.matheuristic.integral_lots",
    ),
    "The largest networks": (
        "solvers.network_design.heuristics.matheuristic.large_networks",
        "solvers.network_design.heuristics.matheuristic.bound_worker",
        "solvers.network_design.relaxation.volume",
        "solvers.network_design.pricing.packed",
        "solvers.network_design.pricing.contracted",
        "solvers.network_design.pricing.near_paths",
        "solvers.network_design.heuristics.ruin_recreate.search",
    ),
    "The compact model": (
        "solvers.network_design.compact.model",
        "solvers.network_design.compact.pairs",
    ),
    "Designs that run together": (
        "solvers.network_design.transform.equal_runs",
        "freight.consolidation.weekly",
    ),
    "Consolidation": (
        "freight.consolidation.policy",
        "freight.consolidation.candidates",
        "freight.consolidation.physics",
        "freight.model.borders",
        "freight.consolidation.programme",
        "freight.consolidation.order",
        "freight.consolidation.figures",
        "freight.consolidation.boxes",
    ),
    "Who pays what": (
        "freight.consolidation.coalitions",
        "solvers.games.game",
        "solvers.games.core",
        "solvers.games.shapley",
        "solvers.games.nucleolus",
        "solvers.games.shares",
        "solvers.games.bounded",
        "freight.consolidation.allocate",
        "freight.consolidation.sampling",
        "freight.consolidation.settle",
    ),
}
HEAD = """# Formulations

Generated from the docstrings of the modules named; edit those and run `python docs/formulation.py`.
Symbols are those of [the problem](#the-problem) unless a module says otherwise.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, modules in CHAPTERS.items():
        parts.append(f"## {title}\n")
        parts.extend(section(module) for module in modules)
    return "\n".join(parts)


def section(module: str) -> str:
    """One module's docstring as Markdown under a heading with its path."""
    path = Path(*module.split(".")).with_suffix(".py")
    text = ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    if text is None:
        raise SystemExit(f"{path}: has no docstring. Write one or leave it out of CHAPTERS.")
    title, _, body = text.partition("\n")
    return f"### {plain(title.rstrip('.'))}\n\n`{path.as_posix()}`\n\n{markdown(body.strip())}\n"


def markdown(text: str) -> str:
    """Docstring paragraphs as Markdown: formulas and tables stay as they were set."""
    blocks = re.split(r"\n\s*\n", text)
    return "\n\n".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    lines = block.split("\n")
    set_apart = [line.startswith("  ") or "====" in line for line in lines]
    if any(set_apart) or _terms(lines):
        rule = next((line for line in lines if "====" in line), "")
        return "```text\n" + "\n".join(_bare(line, rule) for line in lines) + "\n```"
    return "\n".join(plain(line) for line in lines)


def _bare(line: str, rule: str) -> str:
    """A line without backticks; the cells of a table, whose rule is given, keep their places."""
    if not rule or len(line) - len(line.lstrip()) != len(rule) - len(rule.lstrip()):
        return line.replace("``", "")
    ends = [one.start() for one in re.finditer(r"=+", rule)] + [None]
    cells = [line[a:b].replace("``", "").rstrip() for a, b in itertools.pairwise(ends)]
    widths = [len(one.group()) + 2 for one in re.finditer(r"=+", rule)]
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return (line[: ends[0]] + "".join(padded)).rstrip()


def _terms(lines: list[str]) -> bool:
    """Whether every line is a term, two or more blanks and its meaning."""
    return len(lines) > 1 and all(re.match(r"\S.*?\s{2,}\S", line) for line in lines)


def plain(text: str) -> str:
    """Roles and double backticks as Markdown code."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")


def main(arguments: list[str]) -> int:
    """Write the page, or compare it with ``--check``."""
    text = page()
    if "--check" in arguments:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if current != text:
            sys.stderr.write(f"{PAGE.name} is out of date. Run python docs/formulation.py.\n")
        return int(current != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
