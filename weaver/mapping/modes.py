"""The MIDI modes: what notes are, and what every control change does, where no controller's own map says otherwise.

A mode is a profile of configs/controllers whose `notes` is pads, keys, mpe or channels. It is read whole or not at
all, then compiled into the tables that the decoder looks things up in.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from weaver.engine.control_numbers import FINE
from weaver.engine.controls import EXPRESSION, SUSTAIN, TIMBRE, TO_PARAMETER, VOLUME
from weaver.engine.maps import empty_midi_map
from weaver.engine.zones import BY_CHANNEL, KEYS, MPE, PADS
from weaver.mapping.bound_file import TAKEN
from weaver.mapping.profile import Bound, Profile
from weaver.mapping.profile_file import MODE_NOTES, load_profile, load_profiles
from weaver.mapping.tuning import Tuning
from weaver.model.configs import is_file_like, list_configs
from weaver.model.errors import ConfigError
from weaver.model.gestures import gesture_named
from weaver.model.parameters import INDEX, PARAMETERS

NOTES: dict[str, int] = {"pads": PADS, "keys": KEYS, "mpe": MPE, "channels": BY_CHANNEL}
"""What a note may be, and the decoder's number for it."""

USES: dict[str, int] = {
    "": TO_PARAMETER,
    "sustain": SUSTAIN,
    "volume": VOLUME,
    "expression": EXPRESSION,
    "timbre": TIMBRE,
}


def load_mode(name_or_path: str | Path) -> Profile:
    """Read a mode by name or file. Raises ConfigError for the first thing wrong in it, or if it is no mode."""
    if isinstance(name_or_path, str) and not is_file_like(name_or_path):
        if name_or_path not in list_configs("controllers"):
            raise ConfigError("mode", f"a file, or one of the modes {_modes()}", repr(name_or_path))
    profile = load_profile(name_or_path)
    if profile.notes not in NOTES:
        expected = f"one of {', '.join(MODE_NOTES)}: a mode, such as {_modes()}"
        raise ConfigError(f"{profile.path}: notes", expected, repr(profile.notes))
    return profile


def _modes() -> str:
    return ", ".join(sorted(profile.name for profile in load_profiles()[0] if profile.notes in NOTES))


def compile_mode(mode: Profile, tuning: Tuning) -> np.record:
    """The decoder's tables for a mode: a MIDI_MAP record.

    Which sphere a note of pads mode strikes depends on the set, so the decoder fills that in when one comes on
    stage.
    """
    table = empty_midi_map()
    table.mode = NOTES[mode.notes]
    table.note_sphere[:] = -1
    table.note_hz[:] = tuning.note_hz
    for control in mode.controls:
        table.cc_kind[control.number] = USES[control.use]
        table.cc_parameter[control.number] = INDEX[control.parameter] if control.parameter else 0
        table.cc_low[control.number] = control.low
        table.cc_high[control.number] = control.high
        table.cc_exponential[control.number] = control.curve == "exponential"
    return table


def lower_halves(mode: Profile) -> dict[int, Bound]:
    """The controls that are the lower half of another's 14 bits, and whose."""
    own = {control.number for control in mode.controls} | set(TAKEN)
    return {
        control.number + FINE: control
        for control in mode.controls
        if control.number < FINE and control.number + FINE not in own
    }


def help_of(control: Bound) -> str:
    """What a control does, in a few words."""
    return PARAMETERS[INDEX[control.parameter]].help if control.parameter else _HELP[control.use]


def name_of(control: Bound) -> str:
    """What a control turns."""
    return control.parameter or control.use


def unit_of(control: Bound) -> str:
    """Of what a control turns."""
    if control.parameter:
        return PARAMETERS[INDEX[control.parameter]].unit
    return gesture_named("tilt").arguments[0].unit if control.use == "timbre" else ""


_HELP: dict[str, str] = {
    "sustain": "from 64 on, notes that are let go are held; on pads, fingers stay on the spheres",
    "volume": "level of the channel: 40 log10 of the position, 127 is full",
    "expression": "level within the volume: 40 log10 of the position, 127 is full",
    "timbre": "tilts the spectrum of the channel's notes darker or brighter; 64 leaves it",
}
