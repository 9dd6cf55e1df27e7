"""What an instrument plays out, and another that hears it: two engines without a host, and a cable of frames."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from support.mpe_reader import Message

from weaver.engine.engine import Engine
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import standard_tuning
from weaver.model.midi_out import PlayOut
from weaver.model.spheres import SphereSet, load_set

RATE = 48_000.0
HAND_PORT = 1
"""A port that is no DAW's."""
LEG = 4800
"""Frames at a time."""


def instrument(
    mode: str = "pads", spheres: SphereSet | str = "auditorium", seed: int = 1, rate: float = RATE
) -> Engine:
    """A fresh one in a mode, with equal temperament."""
    on_stage = load_set(spheres) if isinstance(spheres, str) else spheres
    return Engine(on_stage, compile_mode(load_mode(mode), standard_tuning()), rate, seed)


def told(engine: Engine) -> list[Message]:
    """What has left since the last time."""
    return [(int(event["frame"]), bytes(event["data"][: event["size"]])) for event in engine.outward.take_midi()]


def run(engine: Engine, frames: int, block: int = LEG) -> tuple[NDArray[np.float32], list[Message]]:
    """The next frames in blocks: their sound, float32[frames, 2], and what left."""
    sounds, messages = [], []
    for done in range(0, frames, block):
        sounds.append(engine.render(min(block, frames - done)))
        messages += told(engine)
    return np.concatenate(sounds), messages


def hear(
    engine: Engine, messages: list[Message], frames: int, port: int = 0, delay: int = 0
) -> tuple[NDArray[np.float32], list[Message]]:
    """Play messages into an instrument, each at its frame and `delay` more; its next frames as of `run`."""
    sounds, left, place = [], [], 0
    start = int(engine.state.frame)
    for done in range(0, frames, LEG):
        until = start + min(done + LEG, frames)
        while place < len(messages) and messages[place][0] + delay < until:
            frame, data = messages[place]
            assert engine.midi(data, port, max(frame + delay, 1))
            place += 1
        sounds.append(engine.render(until - int(engine.state.frame)))
        left += told(engine)
    assert engine.state.counters.dropped_commands == engine.state.counters.late_commands == 0
    return np.concatenate(sounds), left


def strikes(messages: list[Message]) -> list[tuple[int, int, int]]:
    """Frame, channel and velocity of every note-on."""
    return [(frame, data[0] & 15, data[2]) for frame, data in messages if data[0] & 0xF0 == 0x90]


def clashes(messages: list[Message]) -> list[tuple[int, int]]:
    """Frames and channels at which more than one control change left."""
    count = Counter((frame, data[0]) for frame, data in messages if data[0] & 0xF0 == 0xB0)
    return [place for place, times in count.items() if times > 1]


def plays_out(engine: Engine, form: str = "mpe-lower", settle: bool = True, **options: bool) -> list[Message]:
    """Let it play out, and let its setup pass; what that said."""
    assert engine.outward.play(PlayOut(form, **options))  # type: ignore[arg-type]
    return run(engine, LEG)[1] if settle else []
