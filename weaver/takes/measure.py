"""What a sound is made of, found by measuring: spectra, damped sinusoids however close, clicks and their energies.

Two ways to find a tone. A windowed spectrum shows what there is, also where nothing repeats itself. Where tones ring
and decay freely, a narrow band of the sound is a sum of a few damped sinusoids, and the subspace that its delayed
copies span holds each one's frequency and decay (Hua & Sarkar's matrix pencil, IEEE Trans. ASSP 38, 1990; Roy &
Kailath's ESPRIT, 37, 1989). That parts tones that lie much closer than the length of the sound would allow a spectrum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weaver.model.units import LN_1000

Samples = NDArray[np.float64]

BLACKMAN_HARRIS = (0.35875, -0.48829, 0.14128, -0.01168)
"""Four terms: what lies outside of the main lobe is 92 dB down (Harris, Proc. IEEE 66, 51, 1978)."""
LOBE = 4.0
"""Half the main lobe's width, in bins of an unpadded spectrum."""
REACH, STEEP = 6.0, 3.0
"""A band's Gaussian is taken to so many standard deviations; `half_hz` of a band is so many. At the same number of
standard deviations of its impulse response whatever came before has died away."""
LONGEST_DELAY = 96
"""Delayed copies, in samples of the band."""
FALLEN = 1e-3
"""Amplitude beside the greatest at which a decay is no longer followed: 60 dB."""
CLEAR_OF_NOISE = 10.0
"""A singular value must be this much above those that only noise has to stand for a tone."""
LEAST_TONE, BESIDE = 1e-7, 4
"""Nor may it be less than this of the greatest. A band may have so many tones of its neighbours in it."""
HOP_S = 0.0005
"""Clicks are looked for in steps of this."""
DECAY_HOPS, CLICK_HOPS, RISE = 6, 4, 4.0
"""A click's power rises to RISE times the greatest of the hops before; its peak is in it or the hops after."""


def blackman_harris(frames: int) -> Samples:
    """The window, periodic: float64[frames]."""
    phase = 2.0 * math.pi * np.arange(frames) / frames
    return np.asarray(sum(a * np.cos(k * phase) for k, a in enumerate(BLACKMAN_HARRIS)), np.float64)


def power_spectrum(sound: Samples, rate: float, start_s: float, length_s: float) -> tuple[Samples, Samples]:
    """Frequencies in Hz and powers, summed over the ears of float[frames, 2]; 1 is a sine of amplitude 1 at one."""
    start, frames = round(start_s * rate), round(length_s * rate)
    window = blackman_harris(frames)
    spectrum = np.fft.rfft(sound[start : start + frames] * window[:, np.newaxis], axis=0) * 2.0 / window.sum()
    power: Samples = np.sum(np.abs(spectrum) ** 2, axis=1)
    hz = np.arange(len(power), dtype=np.float64) * (rate / frames)
    return hz, power


def strongest_near(hz: Samples, power: Samples, low_hz: float, high_hz: float, half_hz: float = 0.0) -> float:
    """Frequency of the strongest line between two: the centre of gravity of its lobe and of `half_hz` around it."""
    inside = np.flatnonzero((hz >= low_hz) & (hz <= high_hz))
    top = int(inside[np.argmax(power[inside])])
    reach = int(LOBE + half_hz / hz[1])
    lobe = slice(max(top - reach, 0), top + reach + 1)
    return float((hz[lobe] * power[lobe]).sum() / max(power[lobe].sum(), 1e-300))


def line_and_floor(hz: Samples, power: Samples, at_hz: float, half_hz: float) -> tuple[float, float]:
    """Power within `half_hz` of a place, and what it were if only what lies around it went on through there."""
    half_hz += LOBE * hz[1]
    away = np.abs(hz - at_hz)
    around = power[(away > half_hz) & (away <= 3.0 * half_hz)]
    inside = power[away <= half_hz]
    return float(inside.sum()), float(np.median(around) * len(inside)) if len(around) else 0.0


def peaks(hz: Samples, power: Samples, most: int, least: float) -> tuple[Samples, Samples]:
    """Frequencies and amplitudes of the strongest lines, down to the power `least` beside the strongest."""
    top = (power[1:-1] > power[:-2]) & (power[1:-1] >= power[2:]) & (power[1:-1] > least * power.max())
    places = np.flatnonzero(top) + 1
    places = places[np.argsort(power[places])[::-1][:most]]
    return hz[places], np.sqrt(power[places])


@dataclass(frozen=True)
class Band:
    """A band of a sound about `centre_hz`, brought down to 0 Hz: complex128[frames, ears] at its own rate."""

    samples: NDArray[np.complex128]
    rate: float
    centre_hz: float
    half_hz: float


class Bands:
    """A sound float[frames, ears], of which narrow bands are cut. One transform serves them all."""

    def __init__(self, sound: Samples, rate: float) -> None:
        self._seconds = len(sound) / rate
        self._frames = 1 << math.ceil(math.log2(1.5 * len(sound)))
        self._rate = rate
        self._spectrum = np.fft.rfft(sound, self._frames, axis=0)

    def cut(self, centre_hz: float, half_hz: float) -> Band:
        """The band, from when what came before the sound's start has died away in it, if it lasts so long.

        A filter leaves frequencies and decays as they are. This one is Gaussian, as that dies away soonest.
        """
        deviation_hz = half_hz / STEEP
        bin_hz = self._rate / self._frames
        reach = math.ceil(REACH * deviation_hz / bin_hz)
        middle = round(centre_hz / bin_hz)
        places = np.arange(middle - reach, middle + reach)
        inside = (places >= 0) & (places < len(self._spectrum))
        part = np.zeros((2 * reach, self._spectrum.shape[1]), np.complex128)
        gain = np.exp(-0.5 * ((places[inside] * bin_hz - centre_hz) / deviation_hz) ** 2)
        part[inside] = self._spectrum[places[inside]] * gain[:, np.newaxis]
        rate = 2 * reach * bin_hz
        samples = np.fft.ifft(np.roll(part, -reach, axis=0), axis=0) * (2.0 * rate / self._rate)
        settled = math.ceil(REACH / (2.0 * math.pi * deviation_hz) * rate)
        return Band(samples[settled : int(self._seconds * rate)], rate, middle * bin_hz, half_hz)


@dataclass(frozen=True)
class Tones:
    """Damped sinusoids in order of frequency: Hz, and nepers per second. `asked` is how many there might be."""

    hz: Samples
    loss: Samples
    asked: int

    @property
    def t60_s(self) -> float:
        """Of all together: by their mean loss."""
        return LN_1000 / float(np.mean(self.loss)) if len(self.loss) else math.nan


def find_tones(bands: Sequence[Band], asked: int) -> Tones:
    """The damped sinusoids within `half_hz` that some recordings of one band have in common, each ear one.

    Fewer than the `asked` are found where noise hides what would part them; of more, the strongest are taken.
    """
    records = [band.samples[:, ear] for band in bands for ear in range(band.samples.shape[1])]
    loudness = np.sqrt(sum(np.abs(record) ** 2 for record in records))
    fallen = np.flatnonzero(loudness < FALLEN * loudness.max(initial=0.0))
    length = int(fallen[0]) if len(fallen) else len(loudness)
    delays = min(length // 3, LONGEST_DELAY)
    most = asked + BESIDE
    if delays <= most + 2:
        return Tones(np.empty(0), np.empty(0), asked)
    values, vectors = np.linalg.eigh(_covariance(np.stack([record[:length] for record in records]), delays))
    singular = np.sqrt(np.maximum(values[::-1], 0.0) / values[-1])
    noise = float(np.median(singular[most : 2 * most]))
    count = min(most, int(np.sum(singular > max(CLEAR_OF_NOISE * noise, LEAST_TONE))))
    signal = vectors[:, ::-1][:, :count]
    turns = np.linalg.eigvals(np.linalg.lstsq(signal[:-1], signal[1:], rcond=None)[0]).astype(np.complex128)
    rate, centre_hz = bands[0].rate, bands[0].centre_hz
    hz, loss = centre_hz + np.angle(turns) * rate / (2.0 * math.pi), -np.log(np.abs(turns)) * rate
    order = np.argsort(hz)
    order = order[(np.abs(hz[order] - centre_hz) <= bands[0].half_hz) & (loss[order] > 0.0)]
    if len(order) > asked:
        strongest = np.argsort(_energies(records, length, turns[order]))[-asked:]
        order = order[np.sort(strongest)]
    return Tones(hz[order], loss[order], asked)


def _covariance(records: NDArray[np.complex128], delays: int) -> NDArray[np.complex128]:
    """Of so many delayed copies of each of complex128[records, frames], all as loud: complex128[delays, delays].

    Along a diagonal its sums differ by their ends alone, so each diagonal is one running sum.
    """
    loudness = np.sqrt(np.mean(np.square(np.abs(records)), axis=1, keepdims=True))
    records = records / np.maximum(loudness, 1e-150)
    frames = records.shape[1] - delays + 1
    covariance = np.zeros((delays, delays), np.complex128)
    for lag in range(delays):
        products = (records[:, lag:] * records[:, : records.shape[1] - lag].conj()).sum(axis=0)
        running = np.concatenate([[0.0], np.cumsum(products)])
        below = np.arange(delays - lag)
        covariance[below + lag, below] = running[below + frames] - running[below]
    return covariance


def _energies(records: Sequence[NDArray[np.complex128]], length: int, turns: NDArray[np.complex128]) -> Samples:
    """Of damped sinusoids that turn so much a frame, in all records together."""
    waves = turns ** np.arange(length)[:, np.newaxis]
    amplitudes = np.linalg.lstsq(waves, np.stack([record[:length] for record in records], axis=1), rcond=None)[0]
    energies = np.square(np.abs(amplitudes)).sum(axis=1) * np.square(np.abs(waves)).sum(axis=0)
    return np.asarray(energies, np.float64)


def find_clicks(sound: Samples, rate: float, least: float) -> tuple[Samples, Samples]:
    """Times in s and energies of the clicks in float[frames, ears]: squares of their peaks, summed over the ears.

    A peak is what a click's energy tells by itself, for how long it rings is drawn anew for each. Those below `least`
    are left out.
    """
    hop = round(HOP_S * rate)
    hops = len(sound) // hop
    power = np.square(sound[: hops * hop]).sum(axis=1).reshape(hops, hop).max(axis=1)
    padded = np.concatenate([np.zeros(DECAY_HOPS), power])
    before = np.lib.stride_tricks.sliding_window_view(padded, DECAY_HOPS)[:hops].max(axis=1)
    rises = np.flatnonzero((power > RISE * before) & (power > 0.25 * least))
    times, energies, ended = [], [], 0
    for rise in rises:
        if rise >= ended:
            ended = int(rise) + CLICK_HOPS
            times.append(rise * hop / rate)
            energies.append(power[rise:ended].max())
    loud = np.array(energies) >= least
    return np.array(times)[loud], np.array(energies)[loud]


def fit_power_law(energies: Samples, low: float, high: float) -> tuple[float, float]:
    """Exponent a of p(E) ~ E^-a between two bounds, by maximum likelihood, and its standard error. NaN for too few."""
    inside = energies[(energies >= low) & (energies <= high)]
    if len(inside) < 5:
        return math.nan, math.nan
    exponents = np.linspace(0.5, 3.0, 1001) + 1e-7  # none is 1, where the integral has another form
    powers = 1.0 - exponents
    likelihood = len(inside) * np.log(powers / (high**powers - low**powers)) - exponents * np.log(inside).sum()
    best = int(np.clip(np.argmax(likelihood), 1, len(exponents) - 2))
    bend = likelihood[best - 1] - 2.0 * likelihood[best] + likelihood[best + 1]
    return float(exponents[best]), float((exponents[1] - exponents[0]) / math.sqrt(max(-bend, 1e-12)))


def share_of_loudest(energies: Samples, part: float) -> float:
    """What the loudest of some events, this part of them, have of all their energy; NaN if there are none."""
    if not len(energies):
        return math.nan
    ordered = np.sort(energies)[::-1]
    return float(ordered[: max(1, round(part * len(ordered)))].sum() / ordered.sum())


def dispersion(times: Samples, seconds: float, window_s: float) -> float:
    """Variance over mean of the events in windows: 1 if they come at random, more if they come in bursts."""
    counts = np.histogram(times, np.arange(0.0, seconds + window_s / 2.0, window_s))[0]
    return float(counts.var() / counts.mean()) if counts.any() else math.nan
