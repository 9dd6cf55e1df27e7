"""Somebody who plays an engine on a controller whose map is made up here."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from support.playing import engine, sphere

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.engine.maps import empty_hand_map
from weaver.model.gestures import BY_CODE, MIDI, PARAMETER, gesture_named
from weaver.model.parameters import INDEX, PARAMETERS

PORT = 3


class Map:
    """A HAND_MAP in the making."""

    def __init__(self, falls: bool = False) -> None:
        self.table = empty_hand_map()
        self.table.on, self.table.falls = 1, falls

    def action(self, kind: int, sphere: int = -1, **fields: object) -> int:
        """Put an action in; its place. `gesture` and `parameter` by name."""
        place = int(self.table.count)
        self.table.count += 1
        action = self.table.action[place]
        action.kind, action.sphere, action.high = kind, sphere, 1.0
        for name, value in fields.items():
            if name == "gesture":
                value = gesture_named(str(value)).code
            if name == "parameter":
                value = INDEX[str(value)]
            action[name] = value
        return place

    def note(self, note: int, kind: int, sphere: int = -1, channel: int = 0, **fields: object) -> int:
        place = self.table.note[channel, note] = self.action(kind, sphere, **fields)
        return int(place)

    def cc(self, cc: int, kind: int, sphere: int = -1, channel: int = 0, **fields: object) -> int:
        place = self.table.cc[channel, cc] = self.action(kind, sphere, **fields)
        return int(place)

    def bend(self, kind: int, sphere: int = -1, channel: int = 0, **fields: object) -> int:
        place = self.table.bend[channel] = self.action(kind, sphere, **fields)
        return int(place)


@dataclass
class Hand:
    """A player at an engine with four spheres of glass, whose log says what each message became."""

    engine: Engine = field(
        default_factory=lambda: engine(*(sphere(f0_hz=300.0 + 50 * s, name=f"S{s}") for s in range(4)))
    )

    def __post_init__(self) -> None:
        self.engine.keep_log()

    def give(self, made: Map | None, port: int = PORT) -> None:
        assert self.engine.give_hand(port, None if made is None else made.table)
        self.engine.render(CELL)

    def send(self, *data: int, port: int = PORT, frames: int = CELL) -> list[tuple[str, int, tuple[float, ...]]]:
        """One message; what was done for it: (what, sphere, arguments)."""
        assert self.engine.midi(data, port)
        self.engine.render(frames)
        return self.done()

    def done(self) -> list[tuple[str, int, tuple[float, ...]]]:
        """What was done since the last time."""
        return [told(command) for stretch in self.engine.log() for command in stretch.commands]

    @property
    def hand(self) -> np.record:
        return self.engine.state.hand[PORT]

    @property
    def held(self) -> list[int]:
        return [int(s) for s in np.flatnonzero(self.engine.snapshot().held)]


def told(command: np.record) -> tuple[str, int, tuple[float, ...]]:
    """A logged command in words, its arguments rounded."""
    kind, values = int(command["kind"]), [round(float(value), 4) for value in command["values"]]
    if kind == PARAMETER:
        return PARAMETERS[int(values[0])].name, int(command["sphere"]), (values[1],)
    if kind in BY_CODE:
        row = BY_CODE[kind]
        return row.name, int(command["sphere"]), tuple(values[: len(row.arguments)])
    return "midi" if kind == MIDI else str(kind), int(command["sphere"]), tuple(values)
