"""`weaver doctor`: what a bug report needs, and what to do about what is wrong. Works when any part is missing."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.text import Text

from weaver import __version__
from weaver.commands import loopback
from weaver.commands.daw_report import daw_lines
from weaver.commands.network_report import network_lines
from weaver.commands.surroundings import (
    Line,
    audio_lines,
    jack_lines,
    midi_lines,
    processor_lines,
    tuning_lines,
    version_lines,
)
from weaver.model.configs import shipped_folder, user_folder
from weaver.model.errors import WeaverError
from weaver.surfaces.palette import ALARM, GOLD

if TYPE_CHECKING:  # it may be what is missing
    from weaver.engine.engine import Engine

RUN_S = 2.0
BLOCK_FRAMES = 64
PATIENCE = 0.5
"""A block that takes more than this share of its time leaves too little for the rest of the machine."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print every part in turn, then what to do. Returns 0: to have found something wrong is to have worked.

    With `arguments.loopback` that alone is measured; see there for what it raises.
    """
    if arguments.loopback is not None:
        return loopback.run(arguments.loopback, console)
    console.print(Text(f"weaver {__version__}", f"bold {GOLD}"))
    advice: dict[str, str] = {}
    for title, find in (
        ("Versions", version_lines),
        ("Machine", processor_lines),
        ("Real-time privileges", real_time_lines),
        ("Audio", audio_lines),
        ("JACK", jack_lines),
        ("MIDI", midi_lines),
        ("A DAW", daw_lines),
        ("Tuning", tuning_lines),
        ("Controllers", controller_lines),
        ("Network", network_lines),
        ("Files", file_lines),
        (f"A run of {RUN_S:g} seconds in silence", lambda: measured_lines(console)),
    ):
        console.print()
        console.print(title, style="bold")
        for line in _found(find):
            mark = Text("! " if line.advice else "  ", ALARM)
            console.print(Text.assemble(mark, line.text), soft_wrap=True)
            if line.advice:
                advice.setdefault(line.advice, line.text.strip())
    console.print()
    console.print("What to do" if advice else "Nothing is wrong", style="bold")
    for number, (what, why) in enumerate(advice.items(), start=1):
        console.print(f"  {number}. {why}: {what}", soft_wrap=True)
    return 0


def _found(find: Callable[[], Iterable[Line]]) -> list[Line]:
    """What a part has to say; a part that fails says how."""
    try:
        return list(find())
    except Exception as error:  # whatever it is, the rest of the report is still wanted
        return [Line(f"{type(error).__name__}: {error}", f"please report: {type(error).__name__}: {error}")]


def real_time_lines() -> list[Line]:
    """Whether the audio thread may go before others."""
    from weaver.engine.hosts.realtime import realtime_report

    return [Line(text, advice) for _, text, advice in realtime_report()]


def controller_lines() -> list[Line]:
    """How many controllers are known, and which of their files could not be read."""
    from weaver.mapping.profile_file import load_profiles

    profiles, errors = load_profiles()
    known = [profile for profile in profiles if profile.ports.input]
    own = sum(profile.is_own for profile in profiles)
    lines = [Line(f"{len(known)} controllers are known ('weaver loom' lists them), {own} files are your own")]
    return lines + [Line(str(error), "mend or remove this file: the others work without it") for error in errors]


def file_lines() -> list[Line]:
    """Where configuration and compiled kernels are."""
    from weaver.dsp.jit import CACHE

    compiled = len(list(CACHE.glob("**/*.nbi"))) if CACHE.is_dir() else 0
    return [
        Line(f"shipped configuration: {shipped_folder()}"),
        Line(f"your own: {user_folder()}{'' if user_folder().is_dir() else ' (not there, need not be)'}"),
        Line(f"compiled kernels: {CACHE} ({compiled} entries)"),
    ]


def measured_lines(console: Console) -> list[Line]:
    """Play the default set without a sound card, then time blocks with every sphere struck."""
    from weaver.app import Instrument
    from weaver.commands.first_start import learning
    from weaver.wishes import Wishes

    wishes = Wishes(audio="silent", block=BLOCK_FRAMES, midi="none", midi_out="none", clock_out="none", osc_port=None)
    try:
        with Instrument(wishes, lambda: learning(console)) as instrument:
            instrument.engine.gesture("strike")
            time.sleep(RUN_S)
            status = instrument.host.status()
            instrument.host.stop()
            blocks_us = block_costs_us(instrument.engine)
    except WeaverError as error:
        return [Line(str(error), "the instrument cannot play here: see above")]
    period_us = BLOCK_FRAMES / status.sample_rate * 1e6
    median_us, worst_us = float(np.median(blocks_us)), float(np.quantile(blocks_us, 0.999))
    busy = "" if worst_us < PATIENCE * period_us else "close other programs, or play with a larger --block"
    late = "" if not status.underflows else "give the audio thread real-time privileges, or play with a larger --block"
    return [
        Line(f"{status.name}: {status.underflows} underflows, load {status.load:.1%}", late),
        Line(
            f"a block of {BLOCK_FRAMES} frames, all spheres struck: median {median_us:.0f} µs, 99.9 % under "
            f"{worst_us:.0f} µs, of {period_us:.0f} µs",
            busy,
        ),
    ]


def block_costs_us(engine: Engine) -> NDArray[np.float64]:
    """Microseconds of each block of `RUN_S` seconds."""
    engine.gesture("strike")
    blocks = int(RUN_S * engine.sample_rate) // BLOCK_FRAMES
    costs = np.empty(blocks)
    for block in range(blocks):
        began_ns = time.perf_counter_ns()
        engine.render(BLOCK_FRAMES)
        costs[block] = (time.perf_counter_ns() - began_ns) / 1000.0
    return costs
