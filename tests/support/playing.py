"""An instrument in a test tube: engines without a host, and what is measured of their sound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from weaver.engine.engine import Engine
from weaver.engine.maps import empty_midi_map
from weaver.model.materials import load_material
from weaver.model.spheres import Room, Sphere, SphereSet
from weaver.model.units import SILENCE_DB, cents_to_ratio, note_to_hz

RATE = 48_000.0
CEILING = 10 ** (-0.3 / 20)
DRY = {"wet_db": -60.0}


def sphere(material: str = "glass", f0_hz: float = 440.0, name: str = "One", **changes: object) -> Sphere:
    """A sphere straight ahead at 2 m, of 32 modes, that does not hum."""
    plain = Sphere(
        material=load_material(material),
        shape=None,
        modes=32,
        t60_scale=1.0,
        hum_db=SILENCE_DB,
        level_db=0.0,
        name=name,
        colour="#2fb8ff",
        f0_hz=f0_hz,
        size=0.5,
        azimuth_deg=0.0,
        distance_m=2.0,
    )
    return replace(plain, **changes)


def spheres(*members: Sphere) -> SphereSet:
    """A set of these, in a dry room."""
    return SphereSet("test", "Test", "", members, 60, 0.5, Room(2.0, 20.0, 0.5, -60.0))


def engine(*members: Sphere, rate: float = RATE, seed: int = 1, mode: int = 0) -> Engine:
    """An engine with these spheres, or one of glass; equal temperament; `mode` as engine.zones has them."""
    midi_map = empty_midi_map()
    midi_map.mode = mode
    midi_map.note_hz[:] = [note_to_hz(note) for note in range(128)]
    return Engine(spheres(*(members or (sphere(),))), midi_map, rate, seed)


def seconds(instrument: Engine, duration_s: float) -> NDArray[np.float32]:
    """The next seconds of its sound: float32[frames, 2]."""
    return instrument.render(round(duration_s * instrument.sample_rate))


def rms(sound: NDArray[np.float32]) -> float:
    """Root mean square of all samples."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def level_db(sound: NDArray[np.float32]) -> float:
    """RMS in dBFS, not below -200."""
    return 20 * np.log10(max(rms(sound), 1e-10))


def spectrum(sound: NDArray[np.float32], rate: float = RATE) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in Hz and magnitudes (1 is a full-scale sine) of one channel, 4-term Blackman-Harris window."""
    a = (0.35875, -0.48829, 0.14128, -0.01168)
    phase = 2 * np.pi * np.arange(len(sound)) / len(sound)
    window = sum(a[k] * np.cos(k * phase) for k in range(4))
    padded = 4 * len(sound)
    magnitudes = np.abs(np.fft.rfft(sound * window, padded)) * 2 / window.sum()
    return np.fft.rfftfreq(padded, 1 / rate), magnitudes


def peak_hz(sound: NDArray[np.float32], near_hz: float, within_cents: float = 60.0, rate: float = RATE) -> float:
    """Frequency of the strongest line near one, by parabolic interpolation of the log spectrum."""
    return peak_of(*spectrum(sound, rate), near_hz, within_cents)


def peak_of(
    hz: NDArray[np.float64], magnitude: NDArray[np.float64], near_hz: float, within_cents: float = 60.0
) -> float:
    """The same, of a spectrum."""
    low, high = near_hz / cents_to_ratio(within_cents), near_hz * cents_to_ratio(within_cents)
    inside = np.flatnonzero((hz >= low) & (hz <= high))
    top = int(inside[np.argmax(magnitude[inside])])
    a, b, c = np.log(magnitude[top - 1 : top + 2] + 1e-30)
    return float(hz[top] + 0.5 * (a - c) / (a - 2 * b + c) * (hz[1] - hz[0]))


def cents(hz: float, reference_hz: float) -> float:
    """Distance in cents."""
    return float(1200 * np.log2(hz / reference_hz))


def centroid_hz(sound: NDArray[np.float32], rate: float = RATE) -> float:
    """Spectral centre of gravity of one channel, weighted by amplitude: what the ear takes for brightness."""
    hz, magnitude = spectrum(sound, rate)
    return float((hz * magnitude).sum() / magnitude.sum())


def envelope(sound: NDArray[np.float32], window: int = 480) -> NDArray[np.float64]:
    """RMS of both channels in windows of so many frames."""
    whole = sound[: len(sound) // window * window].astype(np.float64)
    return np.sqrt((whole.reshape(-1, window, 2) ** 2).mean(axis=(1, 2)))
