"""The parameters: what is turned rather than played, in one table.

The index of a row is its place in the state's arrays and in commands. A set may give its own defaults; knobs
write targets, and the sound glides there in `smoothing_ms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from weaver.model.errors import ConfigError

Curve = Literal["linear", "exponential"]

SYNCS = ("auto", "own", "clock", "jack", "link")
"""Whose time is followed; the parameter `sync` is the place of one. auto: Link where it is on, else a MIDI clock that
ticks, else JACK's where it says a tempo, else our own."""

JUDGES = ("hutchinson", "sethares", "vassilakis")
"""Models of roughness; the parameter `judge` is the place of one."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: range and default in `unit`; `curve` maps a knob's 0..1 onto the range."""

    name: str
    unit: str
    low: float
    high: float
    default: float
    curve: Curve
    smoothing_ms: float
    help: str
    is_players: bool = False  # a change of set leaves it alone

    def checked(self, value: float) -> float:
        """The value, or ConfigError if it is out of range or not finite."""
        if not self.low <= value <= self.high:
            raise ConfigError(self.name, f"{self.low:g} to {self.high:g} {self.unit}".rstrip(), value)
        return value


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("level_db", "dB", -60, 6, 0, "linear", 20, "level of the whole instrument"),
    Parameter("wet_db", "dB", -60, 6, -14, "linear", 30, "level of the room"),
    Parameter("room_t60_s", "s", 0.2, 20, 4.5, "exponential", 50, "how long the room rings"),
    Parameter("room_size_m", "m", 5, 80, 32, "exponential", 50, "the hall's longest side"),
    Parameter("room_brightness", "", 0, 1, 0.5, "linear", 50, "how much of its treble the room keeps"),
    Parameter("hum_db", "dB", -60, 12, 0, "linear", 100, "level of the hum at rest, beside the set's own"),
    Parameter("turn_deg", "degrees", -180, 180, 0, "linear", 30, "turns the whole platform"),
    Parameter("tilt_db", "dB/octave", -12, 12, 0, "linear", 30, "tilts every spectrum"),
    Parameter("vibrato_cents", "cents", 0, 100, 0, "linear", 30, "depth of the vibrato"),
    Parameter("vibrato_hz", "Hz", 0.1, 12, 5.5, "exponential", 0, "rate of the vibrato"),
    Parameter("hardness", "", 0, 1, 0.5, "linear", 0, "the mallet that notes strike with"),
    Parameter("velocity_curve", "", 0.3, 3, 1.5, "exponential", 0, "exponent from MIDI velocity to speed"),
    Parameter("bend_range_semitones", "semitones", 0, 96, 2, "linear", 0, "until RPN 0 says otherwise"),
    Parameter("release_s", "s", 0.02, 20, 0.8, "exponential", 0, "T60 after a note is released (keys, mpe)"),
    Parameter("voices", "", 1, 64, 64, "linear", 0, "how many spheres notes may hold (keys, mpe)"),
    Parameter("rub_speed", "", 0, 1, 0.5, "linear", 0, "how fast pressure rubs"),
    Parameter("stakes", "", 0, 3, 1, "linear", 0, "0 off, nothing breaks; 1 gentle; 2 performance; 3 virtuoso", True),
    Parameter("judge", "", 0, 2, 0, "linear", 0, "roughness by 0 Hutchinson-Knopoff, 1 Sethares, 2 Vassilakis", True),
    Parameter("connoisseur", "", 0, 1, 0, "linear", 0, "1 judges the spheres' real spectra, not harmonic ones", True),
    Parameter("heart_bpm", "1/min", 0, 240, 0, "linear", 0, "the heart; 0 follows taps, clock and mood", True),
    Parameter("audience_db", "dB", -60, 12, -60, "linear", 200, "level of the audience's hum; -60 is silence", True),
    Parameter("tempo_bpm", "1/min", 20, 400, 120, "exponential", 0, "of our own time, and of the clock we send", True),
    Parameter("sync", "", 0, 4, 0, "linear", 0, "whose time: 0 auto, 1 our own, 2 MIDI clock, 3 JACK, 4 Link", True),
    Parameter("quantise", "1/beat", 0, 8, 0, "linear", 0, "strikes wait for the next such part of a beat; 0 off", True),
    Parameter("predelay_ms", "ms", 0, 500, 0, "linear", 0, "added before the room answers"),
    Parameter("predelay_beats", "beats", 0, 2, 0, "linear", 0, "in beats, half a second at most; 0: in ms", True),
    Parameter("chronometer", "", 0, 1, 0, "linear", 0, "1: a show's runs with the song, a second to two beats", True),
    Parameter("stop_releases", "", 0, 1, 0, "linear", 0, "1: MIDI Stop from a DAW lets go of all that it holds", True),
)

INDEX: dict[str, int] = {parameter.name: index for index, parameter in enumerate(PARAMETERS)}

(
    LEVEL_DB,
    WET_DB,
    ROOM_T60_S,
    ROOM_SIZE_M,
    ROOM_BRIGHTNESS,
    HUM_DB,
    TURN_DEG,
    TILT_DB,
    VIBRATO_CENTS,
    VIBRATO_HZ,
    HARDNESS,
    VELOCITY_CURVE,
    BEND_RANGE,
    RELEASE_S,
    VOICES,
    RUB_SPEED,
    STAKES,
    JUDGE,
    CONNOISSEUR,
    HEART_BPM,
    AUDIENCE_DB,
    TEMPO_BPM,
    SYNC,
    QUANTISE,
    PREDELAY_MS,
    PREDELAY_BEATS,
    CHRONOMETER,
    STOP_RELEASES,
) = range(len(PARAMETERS))


def parameter_named(name: str) -> Parameter:
    """The row of that name; ConfigError with the names there are."""
    try:
        return PARAMETERS[INDEX[name]]
    except KeyError:
        raise ConfigError("parameter", "one of " + ", ".join(INDEX), repr(name)) from None
