"""The gestures: everything a player can do to the spheres, in one table.

Commands in the ring, MIDI, OSC, help texts and validation are all derived from these rows. A gesture carries at
most four arguments, so that it fits a packet of fixed size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from weaver.model.errors import ConfigError

Scope = Literal["sphere", "pair", "all"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One number of a gesture: its unit, its range, and what it is when the player says nothing."""

    name: str
    unit: str
    low: float
    high: float
    default: float
    help: str


@dataclass(frozen=True, slots=True)
class Gesture:
    """One row: `code` is the command's kind in the ring, `scope` what it is done to."""

    name: str
    code: int
    scope: Scope
    arguments: tuple[Argument, ...]
    help: str

    def values(self, **given: float) -> tuple[float, float, float, float]:
        """The four numbers of the packet, from arguments by name.

        Raises
        ------
        ConfigError
            An argument this gesture does not have, or a value out of its range or not finite.
        """
        unknown = sorted(set(given) - {argument.name for argument in self.arguments})
        if unknown:
            names = ", ".join(argument.name for argument in self.arguments) or "no arguments"
            raise ConfigError(self.name, names, unknown[0])
        packet = [0.0, 0.0, 0.0, 0.0]
        for place, argument in enumerate(self.arguments):
            value = given.get(argument.name, argument.default)
            if not argument.low <= value <= argument.high:
                expected = f"{argument.low:g} to {argument.high:g} {argument.unit}".rstrip()
                raise ConfigError(f"{self.name} {argument.name}", expected, value)
            packet[place] = value
        return packet[0], packet[1], packet[2], packet[3]


_POSITION = Argument("position", "", 0, 1, 0.8, "where: 0 near the pole (dark), 1 on the rim (bright)")

GESTURES: tuple[Gesture, ...] = (
    Gesture(
        "strike",
        1,
        "sphere",
        (
            Argument("velocity", "", 0, 1, 0.7, "speed of the mallet; harder is louder and brighter"),
            Argument("hardness", "", 0, 1, 0.5, "0 felt, 1 glass on glass"),
            _POSITION,
        ),
        "hit the sphere once with a mallet",
    ),
    Gesture(
        "rub",
        2,
        "sphere",
        (
            Argument("pressure", "", 0, 1, 0.5, "how firmly the wet finger presses; 0 lifts it"),
            Argument("speed", "", 0, 1, 0.5, "how fast it goes round; 0 holds it still"),
            _POSITION,
        ),
        "draw a wet finger round the sphere until it sings",
    ),
    Gesture(
        "damp",
        3,
        "sphere",
        (Argument("amount", "", 0, 1, 1, "0 the hand is off, 1 it lies flat on the sphere"),),
        "lay a hand on the sphere",
    ),
    Gesture(
        "bend",
        4,
        "sphere",
        (Argument("cents", "cents", -9600, 9600, 0, "away from the sphere's own pitch"),),
        "bend its pitch",
    ),
    Gesture(
        "tilt",
        5,
        "sphere",
        (Argument("brightness", "dB/octave", -12, 12, 0, "slope of its spectrum around 1 kHz"),),
        "tilt its spectrum darker or brighter",
    ),
    Gesture(
        "lift",
        6,
        "sphere",
        (Argument("level", "dB", -60, 12, 0, "louder or softer than the set has it"),),
        "raise or lower its level",
    ),
    Gesture(
        "place",
        7,
        "sphere",
        (
            Argument("azimuth", "degrees", -180, 180, 0, "0 ahead, positive to the right"),
            Argument("distance", "m", 0.5, 20, 2, "from the player"),
        ),
        "move it about the auditorium",
    ),
    Gesture(
        "bind",
        8,
        "pair",
        (
            Argument("other", "sphere", 0, 63, 0, "the sphere at the thread's other end, from 0"),
            Argument("strength", "", 0, 1, 0.5, "how fast energy passes; 0 unties"),
        ),
        "tie two spheres with a thread that carries energy both ways",
    ),
    Gesture("hush", 9, "all", (), "let every sphere fall silent, softly"),
    Gesture("panic", 10, "all", (), "silence now; nothing is held any more"),
    Gesture(
        "soothe",
        11,
        "sphere",
        (Argument("care", "", 0, 1, 1, "0 the hand is off, 1 it rests on the sphere"),),
        "rest a gentle hand on a hurt sphere: it heals, the sooner the purer the chord; a light rub does too",
    ),
    Gesture("undo", 12, "all", (), "mend the sphere that shattered last"),
    Gesture("tap", 13, "all", (), "beat time: two taps and the heart follows them"),
    Gesture("finale", 14, "all", (), "end the performance: all rings out, and is reckoned"),
    Gesture(
        "roll",
        15,
        "all",
        (Argument("beat", "beats", -1, 65535, -1, "from this quarter note of the song; -1 is where it stands"),),
        "start the instrument's own time; what follows another's is started there",
    ),
    Gesture("halt", 16, "all", (), "stop the instrument's own time, where it is"),
)

BY_NAME: dict[str, Gesture] = {gesture.name: gesture for gesture in GESTURES}
BY_CODE: dict[int, Gesture] = {gesture.code: gesture for gesture in GESTURES}

STRIKE, RUB, DAMP, BEND, TILT, LIFT, PLACE, BIND, HUSH, PANIC, SOOTHE, UNDO, TAP, FINALE, ROLL, HALT = (
    gesture.code for gesture in GESTURES
)

PARAMETER, MIDI, INSTALL, LET_GO, BEGIN, HAND, TIME, RETUNE, BLOW, PLAY_OUT = range(32, 42)
"""Kinds of command that are not gestures: set a parameter (values[0] is its index, values[1] its value), a raw
MIDI message (values = status, data 1, data 2; source = port slot), take over the staged set, release all that a
port holds (source = port slot), begin the staged show, take over the staged map of a controller (source = port slot,
values[0] the place it is staged in; a take leaves these out, for it has what a controller's messages became), what time
JACK or Link has (source; values = bpm, or 0 where it keeps none, the song's whole beats, the rest of a beat, 1 if it
rolls), tune a note (values = note, hertz, or 0: it has none), the mallet's blow of a strike that waited for its beat
(values as a strike's; only the sound itself says so, and no take has it), how what is woven leaves as MIDI
(`model.midi_out`; in no take either)."""
LOGGED_KINDS = (PARAMETER, MIDI, INSTALL, LET_GO, BEGIN, TIME, RETUNE)
"""Kinds that a take has beside gestures."""


def gesture_named(name: str) -> Gesture:
    """The row of that name; ConfigError with the names there are."""
    try:
        return BY_NAME[name]
    except KeyError:
        raise ConfigError("gesture", "one of " + ", ".join(BY_NAME), repr(name)) from None
