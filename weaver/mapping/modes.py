"""The MIDI modes: what notes are, and what every control does, as files in configs/midi declare it.

    format = 1
    title = "Pads"
    description = "..."
    notes = "pads"                      # what a note is: pads, keys or mpe
    [[controls]]
    cc = 1                              # a control of 7 bits; below 32 its lower half is cc + 32
    parameter = "vibrato_cents"         # what it turns, a name from the parameter table
    low = 0                             # at 0, at most at 127, in the parameter's unit; its range if not given
    high = 60
    curve = "linear"                    # or "exponential"; the parameter's own if not given
    [[controls]]
    cc = 64
    use = "sustain"                     # or volume, expression, timbre (low and high in dB per octave)

A mode is read whole or not at all, then compiled into the tables that the decoder looks things up in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np

from weaver.engine import controls as standard
from weaver.engine.controls import EXPRESSION, FINE, SUSTAIN, TIMBRE, TO_PARAMETER, VOLUME
from weaver.engine.engine import empty_midi_map
from weaver.engine.zones import KEYS, MPE, PADS
from weaver.mapping.tuning import Tuning
from weaver.model.configs import find_config
from weaver.model.gestures import gesture_named
from weaver.model.parameters import INDEX, PARAMETERS, Curve, parameter_named
from weaver.model.toml_table import Table, read_toml

Use = Literal["parameter", "sustain", "volume", "expression", "timbre"]

NOTES: dict[str, int] = {"pads": PADS, "keys": KEYS, "mpe": MPE}
"""What a note may be, and the decoder's number for it."""

USES: dict[Use, int] = {
    "parameter": TO_PARAMETER,
    "sustain": SUSTAIN,
    "volume": VOLUME,
    "expression": EXPRESSION,
    "timbre": TIMBRE,
}

TAKEN: dict[int, str] = {
    standard.DATA_COARSE: "data entry",
    standard.DATA_FINE: "data entry, lower half",
    standard.DATA_UP: "data increment",
    standard.DATA_DOWN: "data decrement",
    standard.NRPN_FINE: "non-registered parameter, lower half",
    standard.NRPN_COARSE: "non-registered parameter",
    standard.RPN_FINE: "registered parameter, lower half",
    standard.RPN_COARSE: "registered parameter",
}
"""Controls with a meaning of the standard's own, which no mode may change; so have all channel mode messages."""

MAX_TITLE_CHARS = 60
MAX_DESCRIPTION_CHARS = 2000

BRIGHTNESS = gesture_named("tilt").arguments[0]


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `low` and `high` are what 0 and 127 mean, in `unit`; a switch has neither unit nor range."""

    cc: int
    use: Use
    name: str
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    curve: Curve = "linear"


@dataclass(frozen=True, slots=True)
class Mode:
    """How MIDI plays the spheres: `notes` is a key of `NOTES`, `name` the file's, controls in order of number."""

    name: str
    title: str
    description: str
    notes: str
    controls: tuple[Control, ...]


def load_mode(name_or_path: str | Path) -> Mode:
    """Read a mode by name or file. Raises ConfigError for the first thing wrong in it."""
    path = find_config("midi", name_or_path)
    table = read_toml(path)
    title = table.text("title", MAX_TITLE_CHARS)
    description = table.text("description", MAX_DESCRIPTION_CHARS, default="", lines=True)
    notes = table.choice("notes", tuple(NOTES))
    found: dict[int, Control] = {}
    for entry in table.tables("controls", 0, standard.ALL_SOUND_OFF):
        control = _read_control(entry)
        if control.cc in found:
            raise entry.error("cc", "a control that no other entry has")
        found[control.cc] = control
    table.finish()
    return Mode(path.stem, title, description, notes, tuple(found[cc] for cc in sorted(found)))


def _read_control(table: Table) -> Control:
    cc = table.integer("cc", 0, standard.ALL_SOUND_OFF - 1)
    if cc in TAKEN:
        raise table.error("cc", "a control that the standard leaves free", f"{cc}, which is {TAKEN[cc]}")
    if "parameter" in table:
        if "use" in table:
            raise table.error("", "either parameter or use", "both")
        control = _read_parameter(table, cc)
    elif "use" in table:
        use = cast(Use, table.choice("use", tuple(name for name in USES if name != "parameter")))
        control = _read_timbre(table, cc) if use == "timbre" else Control(cc, use, use)
    else:
        raise table.error("", "either parameter or use", "neither")
    table.finish()
    return control


def _read_parameter(table: Table, cc: int) -> Control:
    row = parameter_named(table.choice("parameter", tuple(INDEX)))
    low = table.number("low", row.low, row.high, default=row.low)
    high = table.number("high", row.low, row.high, default=row.high)
    curve = cast(Curve, table.choice("curve", ("linear", "exponential"), default=row.curve))
    if curve == "exponential" and (low <= 0.0 or high <= 0.0):
        raise table.error("curve", "linear, or low and high above 0", f"exponential from {low:g} to {high:g}")
    return Control(cc, "parameter", row.name, row.unit, low, high, curve)


def _read_timbre(table: Table, cc: int) -> Control:
    low = table.number("low", BRIGHTNESS.low, BRIGHTNESS.high)
    high = table.number("high", BRIGHTNESS.low, BRIGHTNESS.high)
    return Control(cc, "timbre", "timbre", BRIGHTNESS.unit, low, high)


def compile_mode(mode: Mode, tuning: Tuning) -> np.record:
    """The decoder's tables for a mode: a MIDI_MAP record.

    Which sphere a note of pads mode strikes depends on the set, so the decoder fills that in when one comes on
    stage.
    """
    table = empty_midi_map()
    table.mode = NOTES[mode.notes]
    table.note_sphere[:] = -1
    table.note_hz[:] = tuning.note_hz
    for control in mode.controls:
        table.cc_kind[control.cc] = USES[control.use]
        table.cc_parameter[control.cc] = INDEX[control.name] if control.use == "parameter" else 0
        table.cc_low[control.cc] = control.low
        table.cc_high[control.cc] = control.high
        table.cc_exponential[control.cc] = control.curve == "exponential"
    return table


def lower_halves(mode: Mode) -> dict[int, Control]:
    """The controls that are the lower half of another's 14 bits, and whose."""
    own = {control.cc for control in mode.controls} | set(TAKEN)
    return {
        control.cc + FINE: control for control in mode.controls if control.cc < FINE and control.cc + FINE not in own
    }


def help_of(control: Control) -> str:
    """What a control does, in a few words."""
    if control.use == "parameter":
        return PARAMETERS[INDEX[control.name]].help
    return _HELP[control.use]


_HELP: dict[Use, str] = {
    "sustain": "from 64 on, notes that are let go are held; on pads, fingers stay on the spheres",
    "volume": "level of the channel: 40 log10 of the position, 127 is full",
    "expression": "level within the volume: 40 log10 of the position, 127 is full",
    "timbre": "tilts the spectrum of the channel's notes darker or brighter; 64 leaves it",
}
