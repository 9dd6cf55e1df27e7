"""Somebody who plays an engine by MIDI, and looks at what its spheres do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.sizes import CELL
from weaver.engine.decoder import REASONS
from weaver.engine.engine import Engine
from weaver.engine.voices import FREE
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import standard_tuning
from weaver.model.spheres import SphereSet, load_set

SAMPLE_RATE = 48_000
CEILING = 10 ** (-0.3 / 20)


@cache
def read_set(name: str) -> SphereSet:
    return load_set(name)


@dataclass
class Player:
    """An engine that runs as far as it is asked to."""

    engine: Engine

    def send(self, *data: int, port: int = 0, frames: int = CELL) -> NDArray[np.float32]:
        """One message, and the sound of the next frames: float32[frames, 2]."""
        assert self.engine.midi(data, port)
        return self.engine.render(frames)

    def send_all(self, text: str, port: int = 0) -> None:
        """Messages in hexadecimal, three bytes each, all at one frame."""
        data = bytes.fromhex(text)
        for at in range(0, len(data), 3):
            assert self.engine.midi(data[at : at + 3], port)
        self.engine.render(CELL)

    def note(self, note: int, velocity: int = 100, channel: int = 0, port: int = 0) -> int:
        """A key goes down; which sphere it took, -1 for none."""
        self.send(0x90 | channel, note, velocity, port=port)
        midi = self.engine.state.midi
        for s in self.held:
            if (midi.voice_port[s], midi.voice_channel[s], midi.voice_note[s]) == (port, channel, note):
                return s
        return -1

    def off(self, note: int, channel: int = 0, port: int = 0) -> None:
        self.send(0x80 | channel, note, 64, port=port)

    def control(self, cc: int, value: int, channel: int = 0, port: int = 0) -> None:
        self.send(0xB0 | channel, cc, value, port=port)

    def wait(self, seconds: float) -> NDArray[np.float32]:
        return self.engine.render(int(seconds * SAMPLE_RATE))

    @property
    def held(self) -> list[int]:
        """Spheres that a key or a pedal holds."""
        return [int(s) for s in np.flatnonzero(self.engine.state.midi.voice_held != FREE)]

    @property
    def ignored(self) -> dict[str, int]:
        """Why how many messages were ignored, without the reasons that none had."""
        counts = self.engine.state.midi.ignored
        return {reason: int(count) for reason, count in zip(REASONS, counts, strict=False) if count}

    def energy(self, s: int) -> float:
        return float(self.engine.state.sphere.energy[s])

    def struck(self) -> list[int]:
        """Spheres that ring."""
        return [int(s) for s in np.flatnonzero(self.engine.state.sphere.energy > 1e-6)]

    def semitones(self, s: int) -> float:
        """How far MIDI bends a sphere."""
        return float(self.engine.state.sphere.wheel[s]) / 100.0


def play(mode: str, set_name: str = "glasses", seed: int = 1) -> Player:
    """A player at a fresh instrument."""
    table = compile_mode(load_mode(mode), standard_tuning())
    player = Player(Engine(read_set(set_name), table, SAMPLE_RATE, seed))
    player.engine.render(CELL)
    return player
