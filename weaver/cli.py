"""The command `weaver`: its exit codes, and the one place that writes to the shell.

Exit codes: 0 all is well; 1 something failed while it ran, such as a device; 2 bad input, in a file or an
option; 130 Ctrl-C, 143 SIGTERM (but `play` and `perform`, which are meant to be ended so, return 0).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from weaver.model.errors import ConfigError, WeaverError
from weaver.options import build_parser

FINE, FAILED, BAD_INPUT, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143
PLAIN_COLUMNS = 160
"""Width of what is written to a file or a pipe."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. `--help` and `--version` raise SystemExit, as argparse does."""
    try:
        arguments = build_parser().parse_args(argv)
        return _run(arguments)
    except ConfigError as error:
        return _complain(str(error), BAD_INPUT)
    except BrokenPipeError:  # whoever read our output has gone: that is no error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except (WeaverError, OSError) as error:
        return _complain(str(error), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    """The command's own module does the work, and is loaded only for it."""
    if arguments.command == "bench":
        return int(import_module("weaver.bench.run").main(arguments.arguments))
    from rich.console import Console

    class Shell(Console):
        """Rich would end the process itself."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    width = None if sys.stdout.isatty() else PLAIN_COLUMNS
    console = Shell(highlight=False, markup=False, emoji=False, width=width)
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        code = int(import_module(f"weaver.commands.{arguments.command}").run(arguments, console))
        sys.stdout.flush()
        return code
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> NoReturn:
    """Leave by way of every `finally`, so that nothing half-written stays behind."""
    raise SystemExit(TERMINATED)


def _complain(message: str, code: int) -> int:
    sys.stderr.write(f"weaver: {' '.join(message.split())}\n")
    return code
