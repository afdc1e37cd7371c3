"""What ends a command early: one message on stderr, and the exit code of the process."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

from freight.commands.screen import tell
from freight.commands.streams import give_up_stdout
from freight.errors import EngineError, FreightError, InstanceError

if sys.platform != "win32":
    import resource

CAUGHT = (FreightError, KeyboardInterrupt, OSError, MemoryError, ImportError, RuntimeError)
BROKEN_PIPE = 1
LEAST_MEMORY = 1_000_000_000
"""Bytes of address space in which every library loads and a small instance is solved."""
STOPPED = "Stopped before there was anything to keep."
NO_THREAD = "can't start new thread"


def check_memory() -> None:
    """Raise EngineError where libraries would not fit: some of them wait for memory for ever."""
    if sys.platform == "win32":
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY:
        raise EngineError(
            f"This process may have {limit / 1e6:,.0f} MB of memory, but freight needs at least "
            f"{LEAST_MEMORY / 1e6:,.0f} MB. Raise the limit: ulimit -v unlimited."
        )


def exit_code_of(error: BaseException) -> int:
    """Say what ended the command and give its exit code; what is no known end is raised again."""
    if isinstance(error, FreightError):
        return _said(str(error), error.exit_code)
    if isinstance(error, KeyboardInterrupt):
        number = getattr(error, "number", signal.SIGINT)
        given_up = getattr(error, "given_up", False)
        words = "Given up: nothing is written." if given_up else STOPPED
        return _said(words, 128 + number)
    if isinstance(error, BrokenPipeError):
        give_up_stdout()
        return BROKEN_PIPE
    if isinstance(error, OSError):
        return _system(error)
    if isinstance(error, MemoryError) or NO_THREAD in str(error):
        return _said(
            "There is not enough memory. Give the process more, or plan fewer weeks or shipments.",
            EngineError.exit_code,
        )
    if isinstance(error, ImportError):
        return _said(
            f"A library cannot be loaded: {error}. Is it installed, and is there enough memory?",
            EngineError.exit_code,
        )
    raise error


def _system(error: OSError) -> int:
    """A file that nobody foresaw to fail, or a stream that takes no more."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return _said(f"{error.filename}: {reason}.", InstanceError.exit_code)
    with suppress(OSError):
        give_up_stdout()
    return _said(f"The answer cannot be written: {reason}.", EngineError.exit_code)


def _said(text: str, code: int) -> int:
    tell(text, "Error:", "bold red")
    return code
