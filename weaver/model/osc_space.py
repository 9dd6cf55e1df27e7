"""The address space: everything that OSC may say to the instrument, and that the instrument says, in one table.

Rows for gestures and parameters come from their own tables. The dispatch of what is heard, the feedback, the printed
reference, the layouts for tablets and the tree that OSCQuery serves are all derived from these rows.

In a pattern {sphere} and {other} stand for a sphere: its number, counted from 1, its name, or, where it is said so,
"all"; {finger} for one of FINGERS, {crack} for one of CRACKS, counted from 1 too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from weaver.model.gestures import GESTURES, Argument, Gesture
from weaver.model.law import STAKES, STATES
from weaver.model.mood import MOOD_COLOURS
from weaver.model.parameters import INDEX, PARAMETERS, SYNCS, Parameter
from weaver.model.show import PHASES

RECEIVE_PORT, REPLY_PORT, QUERY_PORT = 8000, 9000, 8010
"""Where we listen, where a tablet listens (both as TouchOSC has always had them), and where OSCQuery answers."""
FINGERS, CRACKS = 5, 8
"""Fingers on one sphere that are told apart, and its cracks that are shown."""
ALL = "all"
TOUCHED = "/z"
"""What TouchOSC Mk1 appends to the address of a control that is touched (1) or let go (0)."""
HUSHED = -60.0
"""dB, of a meter at rest."""

Tag = Literal["f", "i", "s"]
Does = Literal["gesture", "bind", "parameter", "turn", "finger", "begin", "stage", "hello", "ping", "sync", "nothing"]
"""What is done about a row when it is heard: a gesture, a pair bound, a parameter set in its unit or turned along its
curve, a finger put on a sphere, the show begun, another set brought on stage, a peer who says where it listens, asks
whether we are there, or wants all that is shown. "nothing": it is only shown."""


@dataclass(frozen=True, slots=True)
class Value:
    """One argument. Numbers may come as any number or truth value. `words` are texts that stand for 0, 1, 2..."""

    name: str
    tag: Tag = "f"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    default: float | None = None
    words: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `code` is the gesture's code or the parameter's index. What is shown is told when it differs by `step`
    at least; what `is_edge` at once, and again. With `takes_all`, {sphere} may be "all". `is_event`: something happens,
    rather than stands; told at once, each time, and never again."""

    pattern: str
    does: Does
    values: tuple[Value, ...]
    help: str
    code: int = 0
    is_shown: bool = False
    step: float = 0.0
    is_edge: bool = False
    takes_all: bool = False
    is_event: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether it may be said to us."""
        return self.does != "nothing"


def _value(argument: Argument) -> Value:
    low, high = argument.low, argument.high
    return Value(argument.name, "f", argument.unit, low, high, argument.default, (), argument.help)


STANDING = ("rub", "damp", "bend", "tilt", "lift", "place", "soothe")
"""Gestures that stay as they were left, so that they are shown too."""
_STEPS = {"bend": 1.0, "tilt": 0.05, "lift": 0.1, "place": 0.1}
_FINE = 0.005
"""Of what goes from 0 to 1: finer than a screen shows."""


_PRESS = Value("press", default=1, help="0 is a button let go, and does nothing")


def _gesture(gesture: Gesture) -> Row:
    values = tuple(map(_value, gesture.arguments))
    if gesture.scope == "pair":
        return Row("/weave/{sphere}/{other}", "bind", values[1:], gesture.help, gesture.code, True, _FINE)
    if gesture.scope == "all":
        return Row(f"/{gesture.name}", "gesture", (_PRESS,), gesture.help, gesture.code)
    step = _STEPS.get(gesture.name, _FINE)
    is_shown = gesture.name in STANDING
    return Row(
        f"/sphere/{{sphere}}/{gesture.name}", "gesture", values, gesture.help, gesture.code, is_shown, step, False, True
    )


def _set(parameter: Parameter) -> Row:
    value = Value("value", "f", parameter.unit, parameter.low, parameter.high, parameter.default, (), parameter.help)
    step = (parameter.high - parameter.low) * 1e-4
    return Row(f"/set/{parameter.name}", "parameter", (value,), parameter.help, INDEX[parameter.name], True, step)


def _turn(parameter: Parameter) -> Row:
    value = Value("turn", "f", "", 0, 1, None, (), "0 and 1 are the ends of its range")
    help = f"{parameter.name} along its curve, for faders and knobs"
    return Row(f"/turn/{parameter.name}", "turn", (value,), help, INDEX[parameter.name], True, 0.001)


def _shown(
    pattern: str, help: str, *values: Value, step: float = _FINE, is_edge: bool = False, is_event: bool = False
) -> Row:
    return Row(pattern, "nothing", values, help, 0, True, step, is_edge, is_event=is_event)


def _part(name: str, help: str = "") -> Value:
    return Value(name, "f", "", 0, 1, None, (), help)


_RGB = (_part("red"), _part("green"), _part("blue"))
_BPM = PARAMETERS[INDEX["heart_bpm"]]

ROWS: tuple[Row, ...] = (
    *map(_gesture, GESTURES),
    Row(
        "/sphere/{sphere}/finger/{finger}",
        "finger",
        (
            _part("x", "from left to right"),
            _part("y", "from below to above"),
            Value("down", "f", "", 0, 1, 1, (), "1 while it touches"),
        ),
        "a finger on the sphere: it strikes where it lands, and rubs as it goes round",
    ),
    *map(_set, PARAMETERS),
    *map(_turn, PARAMETERS),
    Row(
        "/stakes",
        "parameter",
        (Value("stakes", "i", "", 0, len(STAKES) - 1, None, STAKES, "by number or by name"),),
        "how fragile the spheres are",
        INDEX["stakes"],
        True,
        is_edge=True,
    ),
    Row(
        "/heart/bpm",
        "parameter",
        (Value("bpm", "f", "1/min", _BPM.low, _BPM.high, None, (), "heard: 0 follows taps, clock and mood"),),
        "the performer's heart",
        INDEX["heart_bpm"],
        True,
        0.1,
    ),
    Row("/show/begin", "begin", (_PRESS,), "begin the show that is written for the set on stage"),
    Row("/stage", "stage", (Value("set", "s"),), "the set of spheres on stage, by its name", 0, True, is_edge=True),
    Row(
        "/hello",
        "hello",
        (Value("port", "i", "", 0, 65535, REPLY_PORT, (), "0 is the one that this comes from"),),
        "say where you listen, if that is not the port that the instrument was told",
    ),
    Row("/sync", "sync", (_PRESS,), "tell me everything"),
    Row("/ping", "ping", (), "are you there? whatever comes with it comes back as /pong"),
    _shown("/pong", "the answer to /ping, with what came with that", is_event=True),
    _shown("/alive", "five times a second: a count", Value("count", "i"), is_event=True),
    _shown("/peers", "tablets and programs that are told all this", Value("count", "i"), is_edge=True),
    _shown("/spheres", "how many spheres there are", Value("count", "i"), is_edge=True),
    _shown("/sphere/{sphere}/name", "what it is called", Value("name", "s")),
    _shown("/sphere/{sphere}/colour", "its colour", *_RGB),
    _shown("/sphere/{sphere}/tone", "its pitch, without bends", Value("tone", "f", "Hz"), step=0.05),
    _shown("/sphere/{sphere}/light", "how brightly it shines, dimmed as it flickers", _part("light")),
    _shown("/sphere/{sphere}/flicker", "1 steady, 0 out", _part("flicker")),
    _shown("/sphere/{sphere}/health", "1 whole, 0 shattered", _part("health")),
    _shown("/sphere/{sphere}/state", "how it fares", Value("state", "s", words=STATES), is_edge=True),
    _shown("/sphere/{sphere}/fracture", "how many cracks it has", Value("cracks", "i", "", 0, CRACKS), is_edge=True),
    _shown("/sphere/{sphere}/crack/{crack}", "how long that crack is", Value("length", "f", "rad"), step=0.02),
    _shown("/sphere/{sphere}/soothed", "how firmly a gentle hand lies on it", _part("care")),
    _shown("/sphere/{sphere}/held", "1 while a key or a pad holds it", Value("held", "i", "", 0, 1)),
    _shown("/sphere/{sphere}/played", "whenever anybody strikes or rubs it: how hard", _part("effort"), is_event=True),
    _shown("/mood/name", "the colour that is strongest", Value("name", "s", words=tuple(MOOD_COLOURS))),
    _shown("/mood/colour", "the colour of the screens", *_RGB),
    _shown("/mood/weights", "how much of each colour", *map(_part, MOOD_COLOURS), step=0.01),
    _shown("/mood/gaze", "how wide the audience's eyes are open", _part("gaze"), step=0.01),
    _shown("/mood/pressure", "its weight on the player", _part("pressure"), step=0.01),
    _shown("/heart/beat", "beats so far", Value("beats", "i"), is_edge=True),
    _shown("/time/source", "whose time the song's is", Value("source", "s", words=SYNCS[1:]), is_edge=True),
    _shown("/time/rolling", "1 while it rolls", Value("rolling", "i", "", 0, 1), is_edge=True),
    _shown("/time/tempo", "its tempo", Value("bpm", "f", "1/min"), step=0.05),
    _shown("/time/beat", "its quarter note, from 0; where it stands", Value("beat", "i"), is_edge=True),
    _shown("/show/title", "what is performed", Value("title", "s")),
    _shown("/show/phase", "where it has come to", Value("phase", "s", words=PHASES), is_edge=True),
    _shown("/show/chronometer", "left until the first note is due", Value("left", "f", "s"), step=0.1),
    _shown("/show/clock", "the same as minutes and seconds", Value("clock", "s")),
    _shown("/show/flow", "the pace of the stardust; 1 is calm", Value("flow"), step=0.02),
    _shown("/show/silence", "the silence before the first note", Value("silence", "f", "s"), step=0.1),
    _shown("/show/elapsed", "since the first note", Value("elapsed", "f", "s"), step=1.0),
    _shown("/meter/left", "peak of the left output", Value("peak", "f", "dB", HUSHED, 0), step=0.5),
    _shown("/meter/right", "peak of the right output", Value("peak", "f", "dB", HUSHED, 0), step=0.5),
    _shown("/meter/reduction", "what the limiter takes away", Value("gain", "f", "dB", -24, 0), step=0.5),
)

BY_PATTERN: dict[str, Row] = {row.pattern: row for row in ROWS}
