"""From a set's words to numbers: fills a DEFINITION, and brings all its spheres to the same loudness.

What a strike makes of a mode is known beforehand: the mallet's momentum, shaped by its time of contact, felt where
it lands and heard as the mode radiates. So loudness can be reckoned rather than measured: the A-weighted root mean
square of the first half second of a reference strike.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.contact import GIVE, HARDEST_S, SOFTEST_S, STIFFENING
from weaver.dsp.ears import EAR_ANGLES, REFERENCE_M
from weaver.dsp.modes import POLE, RIM
from weaver.dsp.records import DEFINITION
from weaver.dsp.sizes import JUDGED
from weaver.dsp.wear import SPLIT_GROWTH, SPLIT_LEAST
from weaver.model.multiplets import Mode
from weaver.model.parameters import INDEX, PARAMETERS
from weaver.model.spheres import Sphere, SphereSet
from weaver.model.units import LN_1000, SILENCE_DB, db_to_gain

REFERENCE_SPEED, REFERENCE_HARDNESS, REFERENCE_POSITION, REFERENCE_ANGLE = 0.7, 0.5, 0.85, 0.47
LOUDNESS = 0.075
"""A-weighted RMS of a reference strike at 2 m, straight ahead: eight at once stay below full scale."""
LISTENING_S = 0.5
HUM_PULSE_S, PULSE_SPREAD = 4.2, 0.13
"""Period of the first sphere's pulse; each next one is a little longer, so that they drift apart."""


def a_weight(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gain of the A-curve (IEC 61672-1) at frequencies in Hz."""
    f2 = hz**2
    curve = 12194.0**2 * f2**2 / ((f2 + 20.6**2) * (f2 + 12194.0**2))
    return curve / np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * db_to_gain(2.0)


def pulse_spectrum(hz: NDArray[np.float64], contact_s: float) -> NDArray[np.float64]:
    """Share of a mallet's momentum that a mode at `hz` gets, for a half-sine push of `contact_s` seconds."""
    x = 2.0 * hz * contact_s
    near = np.abs(x - 1.0) < 1e-6
    safe = np.where(near, 0.5, x)
    return np.where(near, math.pi / 4.0, np.abs(np.cos(0.5 * math.pi * safe) / (1.0 - safe**2)))


def strike(sphere: Sphere) -> tuple[list[Mode], NDArray[np.float64], NDArray[np.float64]]:
    """What a reference strike makes of a sphere with gain 1.

    Returns its modes; their amplitudes at the ears, float64[2, modes]; their mean powers there over the first half
    second, A-weighted, float64[2, modes].
    """
    modes = sphere.spectrum()
    hz = np.array([mode.ratio for mode in modes]) * sphere.f0_hz
    order = np.array([mode.order for mode in modes], float)
    lobe = np.array([mode.lobe for mode in modes])
    height = math.sin(POLE + (RIM - POLE) * REFERENCE_POSITION) ** np.array([mode.rise for mode in modes])
    contact_s = SOFTEST_S * (HARDEST_S / SOFTEST_S) ** REFERENCE_HARDNESS * REFERENCE_SPEED**-STIFFENING
    struck = height * np.cos(order * REFERENCE_ANGLE + lobe) * pulse_spectrum(hz, contact_s)
    radiated = np.array([mode.gain for mode in modes]) * struck * 1.7 * REFERENCE_SPEED / (1.0 + GIVE)
    loss = np.array([LN_1000 / mode.t60_s for mode in modes])
    rung = (1.0 - np.exp(-2.0 * loss * LISTENING_S)) / (2.0 * loss * LISTENING_S)
    heard = np.array([radiated * np.cos(order * angle + lobe) * math.sqrt(0.5) for angle in EAR_ANGLES])
    return modes, heard, 0.5 * (heard * a_weight(hz)) ** 2 * rung


def reckon(sphere: Sphere) -> tuple[float, float]:
    """Loudness and peak of a reference strike on a sphere with gain 1: A-weighted RMS, and the sum of amplitudes."""
    _, heard, power = strike(sphere)
    return math.sqrt(float(power.sum())), float(np.abs(heard).sum(axis=1).max())


def strongest_partials(sphere: Sphere) -> list[tuple[float, float]]:
    """(ratio to its pitch, amplitude beside the first) of at most `JUDGED` partials, the strongest first.

    A partial is a whole multiplet: its members lie too close together to be told from each other, and their beating
    is the sphere's own. As loud as a reference strike makes it to the ear.
    """
    modes, _, power = strike(sphere)
    of_centre: dict[float, float] = {}
    for mode, heard in zip(modes, power.sum(axis=0), strict=True):
        of_centre[mode.centre] = of_centre.get(mode.centre, 0.0) + float(heard)
    ranked = sorted(of_centre.items(), key=lambda row: -row[1])[:JUDGED]
    return [(centre, math.sqrt(heard / ranked[0][1])) for centre, heard in ranked if heard > 0.0]


def define_sphere(definition: np.record, s: int, sphere: Sphere) -> None:
    """Write sphere `s`."""
    modes = sphere.spectrum()
    loudness, peak = reckon(sphere)
    level = db_to_gain(sphere.level_db)
    gain = LOUDNESS / loudness * level
    definition.pitch_hz[s] = sphere.f0_hz
    definition.gain[s] = gain
    definition.level[s] = level
    definition.peak[s] = gain * peak / REFERENCE_SPEED * REFERENCE_M
    definition.azimuth_deg[s] = sphere.azimuth_deg
    definition.distance_m[s] = sphere.distance_m
    definition.hum[s] = db_to_gain(sphere.hum_db) if sphere.hum_db > SILENCE_DB else 0.0
    definition.hum_period_s[s] = HUM_PULSE_S + PULSE_SPREAD * s
    definition.radius[s] = sphere.size
    definition.modes[s] = len(modes)
    for k, mode in enumerate(modes):
        definition.ratio[s, k] = mode.ratio
        definition.loss[s, k] = LN_1000 / mode.t60_s
        definition.weight[s, k] = mode.gain
        definition.octaves[s, k] = math.log2(mode.ratio)
        definition.order[s, k] = mode.order
        definition.lobe_cos[s, k] = math.cos(mode.lobe)
        definition.lobe_sin[s, k] = math.sin(mode.lobe)
        for ear, angle in enumerate(EAR_ANGLES):
            definition.seen[s, ear, k] = math.cos(mode.order * angle + mode.lobe)
        definition.rise[s, k] = mode.rise
        definition.crooked[s, k] = SPLIT_GROWTH * (mode.ratio - mode.centre) + SPLIT_LEAST * mode.centre * mode.place
    definition.weight[s, len(modes) :] = 0.0
    definition.judged_ratio[s] = definition.judged_level[s] = 0.0
    for k, (ratio, level) in enumerate(strongest_partials(sphere)):
        definition.judged_ratio[s, k] = ratio
        definition.judged_level[s, k] = level


def define(definition: np.record, spheres: SphereSet) -> None:
    """Write a whole set, with its own defaults for the parameters; nothing is left of what was there before."""
    for name in DEFINITION.names or ():
        definition[name] = 0
    definition.count = len(spheres.spheres)
    definition.base_note = spheres.base_note
    for s, sphere in enumerate(spheres.spheres):
        define_sphere(definition, s, sphere)
    for index, parameter in enumerate(PARAMETERS):
        definition.parameters[index] = parameter.default
    own = {
        "wet_db": spheres.room.wet_db,
        "room_t60_s": spheres.room.t60_s,
        "room_size_m": spheres.room.size_m,
        "room_brightness": spheres.room.brightness,
        "release_s": spheres.keys_release_s,
    }
    for name, value in own.items():
        definition.parameters[INDEX[name]] = value
