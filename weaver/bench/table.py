"""What the benchmark says, in one place: rows in, a table for people or JSON for machines out.

A section is a table with its own columns, declared once in SECTIONS. Whoever measures something hands in a
`Row`; a figure that could not be had is simply not in it, and the row's detail says why.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from weaver import __version__
from weaver.bench.bank import BLOCK_FRAMES, MODES, PeerResult
from weaver.bench.note_to_sound import Latency, PeerLatency
from weaver.model.errors import ConfigError

NOTHING = "–"
PACKAGES = ("numba", "llvmlite", "numpy")


@dataclass(frozen=True)
class Column:
    """A figure: its key in rows and JSON (with its unit), its heading, and decimals shown to people."""

    key: str
    heading: str
    decimals: int = 0


@dataclass(frozen=True)
class Section:
    """One table: its key, what was run, and its columns."""

    key: str
    title: str
    columns: tuple[Column, ...]


SECTIONS = (
    Section(
        "bank",
        f"{MODES} modes, mono, offline, {BLOCK_FRAMES}-frame blocks: how many a core rings in real time",
        (Column("modes_per_core", "modes per core"), Column("times_best_peer", "× best peer", 1)),
    ),
    Section(
        "block",
        "Cost of a block",
        (
            Column("block_frames", "block, frames"),
            Column("median_us", "median, µs", 1),
            Column("p999_us", "99.9 %, µs", 1),
            Column("max_us", "max, µs", 1),
            Column("over_half", "above half a period"),
            Column("core_percent", "% of a core", 2),
        ),
    ),
    Section(
        "note_to_sound",
        "Note to sound on one JACK dummy server, frames (exactly on its frame: one period)",
        (
            Column("n", "notes"),
            Column("median_frames", "median", 1),
            Column("max_frames", "max"),
            Column("std_frames", "std", 2),
            Column("misses", "misses"),
            Column("xruns", "server's xruns"),
            Column("underflows", "own underflows"),
        ),
    ),
    Section(
        "hands",
        "Hands: controllers on one JACK dummy server",
        (
            Column("core_percent", "% of a core", 2),
            Column("messages_s", "messages/s"),
            Column("kbytes_s", "kB/s", 1),
            Column("n", "presses"),
            Column("median_ms", "median, ms", 1),
            Column("max_ms", "max, ms", 1),
        ),
    ),
    Section(
        "gesture_to_sound",
        "Gesture to sound by OSC on one JACK dummy server, frames (no circle: at best within the period)",
        (
            Column("n", "gestures"),
            Column("median_frames", "median", 1),
            Column("p99_frames", "99 %", 1),
            Column("max_frames", "max"),
            Column("misses", "misses"),
        ),
    ),
    Section(
        "tablet",
        "Tablet: OSC on one JACK dummy server",
        (
            Column("sent", "sent"),
            Column("lost", "lost"),
            Column("packets_s", "packets/s"),
            Column("kbytes_s", "kB/s", 1),
            Column("core_percent", "% of a core", 2),
            Column("underflows", "own underflows"),
        ),
    ),
    Section(
        "daw",
        "Beside a DAW: MIDI's clock (24 ticks a beat, 48 kHz) sent on one JACK dummy server, and heard",
        (
            Column("ticks", "ticks"),
            Column("std_frames", "intervals' sd, frames", 2),
            Column("max_frames", "furthest off", 1),
            Column("tempo_sd_bpm", "tempo's sd, BPM", 3),
            Column("settled_s", "settled after, s", 2),
            Column("times_real_time", "× real time", 1),
        ),
    ),
    Section("start", "Start to first possible sound", (Column("start_s", "seconds", 2),)),
    Section("memory", "Resident memory", (Column("resident_mb", "MB"),)),
    Section("offline", "Offline render", (Column("times_real_time", "× real time", 1),)),
)


@dataclass(frozen=True)
class Row:
    """One line of the section `section`: who, which version, figures by column key, and what else to say."""

    section: str
    name: str
    figures: Mapping[str, float] = field(default_factory=dict)
    version: str = ""
    detail: str = ""

    def __post_init__(self) -> None:
        """Raise ConfigError for a section or figure that SECTIONS does not have."""
        known = {section.key: section for section in SECTIONS}
        if self.section not in known:
            raise ConfigError("benchmark row", f"one of {', '.join(known)}", self.section)
        keys = [column.key for column in known[self.section].columns]
        for key in self.figures:
            if key not in keys:
                raise ConfigError(f"benchmark row {self.name}", f"figures among {', '.join(keys)}", key)


def bank_rows(peers: Sequence[PeerResult], own: Sequence[PeerResult] = ()) -> list[Row]:
    """Rows of the bank: the instrument's own, each beside the best peer, then the peers'."""
    known = [peer.modes_per_core for peer in peers if peer.modes_per_core is not None]
    rows = []
    for result in (*own, *peers):
        figures: dict[str, float] = {}
        if result.modes_per_core is not None:
            figures["modes_per_core"] = result.modes_per_core
            if known:
                figures["times_best_peer"] = result.modes_per_core / max(known)
        rows.append(Row("bank", result.name, figures, result.version, result.detail))
    return rows


def latency_row(name: str, latency: Latency, version: str = "", detail: str = "", underflows: int | None = None) -> Row:
    """A row of note to sound; `underflows` are those the synth itself counted, where it does."""
    figures: dict[str, float] = asdict(latency)
    if underflows is not None:
        figures["underflows"] = underflows
    return Row("note_to_sound", name, figures, version, detail)


def latency_rows(peers: Sequence[PeerLatency]) -> list[Row]:
    """Rows of the peers' note to sound, those that could not be measured included."""
    return [
        latency_row(peer.name, peer.latency, peer.version, peer.detail)
        if peer.latency
        else Row("note_to_sound", peer.name, version=peer.version, detail=peer.detail)
        for peer in peers
    ]


def machine() -> dict[str, str | int]:
    """What figures depend on: processor, cores this process may use, system, versions. No date, no names."""
    description: dict[str, str | int] = {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "weaver": __version__,
    }
    for package in PACKAGES:
        try:
            description[package] = version(package)
        except PackageNotFoundError:
            description[package] = "not installed"
    return description


def tables(rows: Sequence[Row]) -> list[Table]:
    """A rich table for each section that has rows, in the order of SECTIONS."""
    made = []
    for section in SECTIONS:
        mine = [row for row in rows if row.section == section.key]
        if not mine:
            continue
        table = Table(title=section.title, title_justify="left", title_style="bold")
        table.add_column("")
        for column in section.columns:
            table.add_column(column.heading, justify="right")
        table.add_column("detail", style="dim", overflow="fold")
        for row in mine:
            cells = [_shown(row, column) for column in section.columns]
            table.add_row(f"{row.name} {row.version}".strip(), *cells, row.detail)
        made.append(table)
    return made


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the machine and every table."""
    console.print(", ".join(f"{key} {value}" for key, value in machine().items()), highlight=False)
    for table in tables(rows):
        console.print(table)


def to_json(rows: Sequence[Row]) -> str:
    """As JSON: {"machine": {...}, "sections": {key: [{"name", "version", "detail", figures...}, ...]}}."""
    sections: dict[str, list[dict[str, str | float]]] = {}
    for section in SECTIONS:
        mine = [row for row in rows if row.section == section.key]
        if mine:
            sections[section.key] = [
                {"name": row.name, "version": row.version, "detail": row.detail, **row.figures} for row in mine
            ]
    whole = {"machine": machine(), "sections": sections}
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)


def _shown(row: Row, column: Column) -> str:
    """A figure as people read it."""
    if column.key not in row.figures:
        return NOTHING
    return f"{row.figures[column.key]:,.{column.decimals}f}"


def _processor() -> str:
    """The processor's model, from the kernel on Linux (where `platform` knows only its family)."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
