"""The command line of freight: a group, exit codes, and a table of commands loaded when asked for.

The commands themselves are in :mod:`freight.commands`, one file for each kind; a new one is a
function there and a word in ``COMMANDS``.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

import rich_click as click
from rich_click.rich_panel import RichCommandPanel

from freight import __version__
from freight.commands.failing import CAUGHT, check_memory, exit_code_of
from freight.commands.options import with_marks
from freight.commands.screen import tell
from freight.commands.stopping import unwinding
from freight.commands.streams import prepare
from freight.errors import Fault
from freight.telling import telling

COMMANDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "Plan": {
        "new": "instance", "validate": "instance", "solve": "plan", "consolidate": "consolidate",
        "dray": "side", "groupage": "side", "rotate": "side",
    },
    "Explain and compare": {
        "show": "plan", "audit": "audit", "compare": "plan", "route": "route", "matrix": "route",
    },
    "Documents": {"bill": "documents", "report": "documents", "export": "documents"},
    "Tables and formats": {"template": "instance", "convert": "instance", "completion": "about"},
    "Research": {"generate": "instance", "model": "instance", "solvers": "about"},
})  # fmt: skip
"""What people want to do → command → the module of freight.commands that has it."""
MODULES: Final = MappingProxyType({
    name: module for group in COMMANDS.values() for name, module in group.items()
})  # fmt: skip
CONTEXT: Final = {
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
    "show_default": True,
}


class FreightGroup(click.RichGroup):
    """Loads commands when they are asked for; every error a user can meet is one message."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names in the order of the table."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """A command by its name; None for an unknown one."""
        if cmd_name not in MODULES:
            return None
        module = import_module(f"freight.commands.{MODULES[cmd_name]}")
        found: click.Command = getattr(module, cmd_name)
        return found

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run as a program, whatever the standard streams are."""
        prepare()
        return super().main(*args, **settings)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what ends it early has its own exit code."""
        try:
            check_memory()
            with unwinding(), telling(_hear):
                return super().invoke(ctx)
        except CAUGHT as error:
            ctx.exit(exit_code_of(error))


def _hear(note: Fault) -> None:
    tell(str(note), "Note:", "yellow")


def _warned(message: Warning | str, *_: object, **__: object) -> None:
    """Warnings of libraries are a sentence, not a place in their code."""
    tell(str(message), "Note:", "yellow")


HELP: Final = r"""Plan China–Europe trains and rail–water–air through transport.

From a folder of tables to the departures that run, an itinerary and a through bill for every
shipment, what it all costs, and how good that provably is.

\b
freight solve yangtze-europe -o plan.json    plan the four cities
freight show plan.json                       look at the plan
freight bill plan.json --all -o bills.html   print its through bills
freight new my-region                        start a folder of your own
"""


@click.group(
    cls=FreightGroup,
    context_settings=CONTEXT,
    help=with_marks(HELP),
    panels=[RichCommandPanel(title, commands=list(names)) for title, names in COMMANDS.items()],
)
@click.version_option(__version__, "-V", "--version", prog_name="freight")
def main() -> None:
    """Run before every command."""
    warnings.showwarning = _warned
    # Large plans are millions of objects that stay: looking through them for waste takes a fifth.
    gc.set_threshold(100_000, 50, 50)


if __name__ == "__main__":
    main()
