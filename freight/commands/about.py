"""About freight itself: what it can solve with, and completion in a shell."""

from __future__ import annotations

import rich_click as click

from freight.commands import options as flags
from freight.commands.screen import as_json as print_json
from freight.commands.screen import raw, view


@flags.command
@flags.json_flag()
def solvers(as_json: bool) -> None:
    """List methods and backends: what each can do and whether it is installed."""
    from freight.report.engines import engine_rows, engine_view

    if as_json:
        print_json(engine_rows())
    else:
        view(engine_view())


@flags.command
@flags.argument("shell", "Your shell.", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    r"""Print the script that completes freight's commands in your shell.

    \b
    freight completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"No completion for {shell}.")
    group = context.find_root().command
    raw(kind(group, {}, "freight", "_FREIGHT_COMPLETE").source())
