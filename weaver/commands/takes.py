"""`weaver takes`: the performances that were recorded, and which of them would not sound the very same today."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from weaver import __version__
from weaver.commands.replaying import (
    losses,
    provenance_differences,
    rules_differences,
    set_differences,
    show_differences,
)
from weaver.model.configs import takes_folder
from weaver.model.errors import ConfigError
from weaver.model.show import load_show
from weaver.model.spheres import load_set
from weaver.surfaces.palette import ALARM, FAINT, GOLD
from weaver.takes.replay import Summary, summary_of
from weaver.takes.take import ENDING, Header, Reference, ShowReference, Take


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List a folder's takes, the oldest first. Raises ConfigError for a folder that was asked for and is not there."""
    folder = arguments.folder or takes_folder()
    if arguments.folder is not None and not folder.is_dir():
        raise ConfigError(str(folder), "a folder of takes", "a file" if folder.exists() else "no such folder")
    paths = sorted(folder.glob(f"*{ENDING}"))
    if not paths:
        console.print(f"no takes in {folder}", soft_wrap=True)
    for path in paths:
        for line in describe(path):
            console.print(line, soft_wrap=True)
    return 0


def describe(path: Path) -> Iterator[Text]:
    """A line for a take, and one for each reason why it would not sound the same."""
    try:
        take = Take(path)
        summary = summary_of(take)
    except ConfigError as error:
        yield Text.assemble((path.name, f"bold {GOLD}"), "  ", (f"cannot be read: {error}", ALARM))
        return
    header, differences = take.header, [*losses(summary), *provenance_differences(take.header)]
    named: list[Reference | ShowReference] = [*summary.sets, *summary.shows]
    for reference in named:
        differences += _differences(reference)
    differences += rules_differences(header)
    yield Text.assemble(
        (path.name, f"bold {GOLD}"),
        f"  {_when(header.started)}  {_length(header, summary)}  {', '.join(r.source for r in summary.sets)}  "
        f"{summary.played} commands  ",
        (_state(header, summary), FAINT),
    )
    for difference in differences:
        yield Text(f"    not the very same: {difference}", ALARM)


def _differences(reference: Reference | ShowReference) -> list[str]:
    try:
        if isinstance(reference, ShowReference):
            return show_differences(reference, load_show(reference.source))
        return set_differences(reference, load_set(reference.source))
    except ConfigError as error:
        return [f"it cannot be rendered here: {error}"]


def _when(started: str) -> str:
    try:
        return datetime.fromisoformat(started).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return started[:16]


def _length(header: Header, summary: Summary) -> str:
    seconds = round((summary.end_frame - header.frame) / header.sample_rate)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _state(header: Header, summary: Summary) -> str:
    words = ["complete" if summary.is_complete else "cut off, its last line torn" if summary.is_torn else "cut off"]
    version = header.provenance.get("weaver", "?")
    if version != __version__:
        words.append(f"from version {version}")
    return ", ".join(words)
