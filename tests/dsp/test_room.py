"""The auditorium by physics: decay, colour, density, stereo, level; then silence, bad input and changes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from weaver.dsp.hall import ROOM, SIZE_HIGH_M, prepare_room
from weaver.dsp.jit import entry
from weaver.dsp.room import run_room
from weaver.dsp.sizes import CELL

Sound = NDArray[np.float64]
FS = 48000
SIZE_M = 30.0
PARENT = np.dtype([("before", "f8"), ("room", ROOM), ("after", "i8")], align=True)


@entry
def play_cells(room: Any, bus: Any, wet: Any) -> None:
    for cell in range(bus.shape[0]):
        run_room(room, bus[cell], wet[cell])


@entry
def prepare(room: Any, sample_rate: float, seed: int) -> None:
    prepare_room(room, sample_rate, seed)


@entry
def play_nested(parent: Any, bus: Any, wet: Any) -> None:
    prepare_room(parent.room, 48000.0, 1)
    for cell in range(bus.shape[0]):
        run_room(parent.room, bus[cell], wet[cell])


def make(t60_s: float = 2.0, size_m: float = SIZE_M, brightness: float = 0.6, fs: int = FS, seed: int = 1) -> Any:
    room = np.zeros(1, ROOM)[0]
    room["t60_s"], room["size_m"], room["brightness"] = t60_s, size_m, brightness
    prepare(room, float(fs), seed)
    return room


def to_cells(sound: Sound) -> NDArray[np.float32]:
    """From [2, frames] to [cells, 2, 64]."""
    return np.ascontiguousarray(sound.reshape(2, -1, CELL).transpose(1, 0, 2), dtype=np.float32)


def play(room: Any, bus: Sound) -> Sound:
    cells = to_cells(bus[:, : bus.shape[1] // CELL * CELL])
    wet = np.empty_like(cells)
    play_cells(room, cells, wet)
    return wet.transpose(1, 0, 2).reshape(2, -1).astype(np.float64)


def impulse_response(seconds: float, channels: tuple[float, float] = (1.0, 1.0), **settings: Any) -> Sound:
    bus = np.zeros((2, int(seconds * settings.get("fs", FS))))
    bus[:, 0] = channels
    return play(make(**settings), bus)


def octave(sound: Sound, hz: float, fs: int) -> Sound:
    band = signal.butter(3, [hz / math.sqrt(2), hz * math.sqrt(2)], "band", fs=fs, output="sos")
    return np.asarray(signal.sosfilt(band, sound))


def measured_t60_s(response: Sound, hz: float, fs: int) -> float:
    """From -5 to -25 dB of the backward integral (Schroeder 1965) of both channels."""
    energy = (octave(response, hz, fs) ** 2).sum(axis=0)[::-1].cumsum()[::-1]
    level_db = 10 * np.log10(energy / energy[0] + 1e-30)
    start, end = np.argmax(level_db < -5), np.argmax(level_db < -25)
    slope = np.polyfit(np.arange(start, end) / fs, level_db[start:end], 1)[0]
    return float(-60 / slope)


def echo_density(response: Sound, at_s: float, fs: int = FS, window_s: float = 0.02) -> float:
    """Samples beyond one standard deviation: 1 for Gaussian noise (Abel & Huang, AES 121, 2006)."""
    weight = np.hanning(int(window_s * fs))
    weight /= weight.sum()
    start = int(at_s * fs) - len(weight) // 2
    part = response[start : start + len(weight)]
    beyond = np.abs(part) > math.sqrt((weight * part**2).sum())
    return float((weight * beyond).sum() / math.erfc(1 / math.sqrt(2)))


def spectral_peaks(tail: Sound, fs: int = FS) -> tuple[float, float]:
    """Peak over median in dB and variance over squared mean, of a tail's whitened power spectrum."""
    frames = np.arange(len(tail))
    log_power = np.log(signal.fftconvolve(tail**2, np.ones(2001) / 2001, "same") + 1e-30)
    level = np.exp(0.5 * np.polyval(np.polyfit(frames[2000:-2000], log_power[2000:-2000], 2), frames))
    spectrum = np.abs(np.fft.rfft(tail / level * np.hanning(len(tail)))) ** 2
    hz = np.fft.rfftfreq(len(tail), 1 / fs)
    spectrum = spectrum[(hz > 200) & (hz < 8000)]
    spectrum = (spectrum / np.convolve(spectrum, np.ones(201) / 201, "same"))[200:-200]
    return float(10 * np.log10(spectrum.max() / np.median(spectrum))), float(spectrum.var())


def roughest(sound: Sound) -> float:
    """The largest second difference: what a click has and a low tone has not."""
    return float(np.abs(np.diff(sound, 2, axis=-1)).max())


@pytest.mark.parametrize("fs", [44100, 48000, 96000, 192000])
@pytest.mark.parametrize("t60_s", [1.0, 3.0, 8.0])
def test_decays_as_asked_at_every_sample_rate(t60_s: float, fs: int) -> None:
    response = impulse_response(0.75 * t60_s + 0.3, t60_s=t60_s, fs=fs)
    assert measured_t60_s(response, 500, fs) == pytest.approx(t60_s, rel=0.1)


@pytest.mark.parametrize("size_m", [5.0, 12.0, 80.0])
def test_decays_as_asked_in_every_size(size_m: float) -> None:
    response = impulse_response(2.4, t60_s=3.0, size_m=size_m)
    assert measured_t60_s(response, 500, FS) == pytest.approx(3.0, rel=0.1)


def test_brightness_sets_how_fast_treble_decays() -> None:
    ratios = []
    for brightness in (0.0, 0.5, 1.0):
        response = impulse_response(3.0, t60_s=3.0, brightness=brightness)
        assert measured_t60_s(response, 500, FS) == pytest.approx(3.0, rel=0.1)
        ratios.append(measured_t60_s(response, 8000, FS) / 3.0)
    assert ratios[0] < 0.27, "where 500 Hz must not suffer, the darkest is not reached"
    assert ratios[1:] == pytest.approx([math.sqrt(0.15 * 0.95), 0.95], rel=0.15)


@pytest.mark.parametrize("channels", [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)])
def test_the_ears_hear_different_tails(channels: tuple[float, float]) -> None:
    tail = impulse_response(2.0, channels)[:, int(0.2 * FS) :]
    for hz in (250, 1000, 4000):
        left, right = octave(tail, hz, FS)
        assert abs((left * right).sum()) < 0.3 * math.sqrt((left**2).sum() * (right**2).sum())
    assert np.ptp(10 * np.log10((tail**2).sum(axis=1))) < 1.5


def test_left_is_heard_more_on_the_left_at_first() -> None:
    left, right = impulse_response(0.5, (1.0, 0.0))[:, : int(0.03 * FS)]
    assert (left**2).sum() > 1.5 * (right**2).sum()


def test_first_reflections_come_when_the_walls_say() -> None:
    """In a hall of 30 m the nearer side wall of the left source adds 7.9 m of way: 23 ms."""
    response = impulse_response(0.5, (1.0, 0.0))
    first_s = [np.argmax(np.abs(ear) > 1e-6) / FS for ear in response]
    source, ear = 0.38 * 0.55 * SIZE_M, 0.53 * 0.55 * SIZE_M
    along, up = 0.27 * SIZE_M, 0.01 * 0.4 * SIZE_M
    detour_m = math.hypot(source + ear, along, up) - math.hypot(source - ear, along, up)
    # The bus is a cell old when the room hears it, and that cell has been taken off the delays.
    assert min(first_s) == pytest.approx(detour_m / 343.0 - CELL / FS, abs=0.0005)


def test_echoes_become_dense_soon() -> None:
    for response in impulse_response(0.5):
        densities = [echo_density(response, at_s) for at_s in np.arange(0.02, 0.125, 0.005)]
        assert densities[0] < 0.6, "echoes are told apart at first"
        assert max(densities) > 0.8
        assert np.mean([echo_density(response, at_s) for at_s in np.arange(0.12, 0.3, 0.005)]) > 0.9


@pytest.mark.parametrize("t60_s", [3.0, 8.0])
def test_the_tail_has_no_metallic_ring(t60_s: float) -> None:
    """Near to Gaussian noise in its spectrum: no mode stands out. Still reads would fail, a comb does."""
    noise = np.random.default_rng(7).standard_normal((4, 2 * FS))
    noise_peak_db, noise_variance = np.mean([spectral_peaks(row) for row in noise], axis=0)
    late = slice(int(1.5 * FS), int(3.5 * FS))
    rooms = [impulse_response(3.5, t60_s=t60_s, brightness=1.0, seed=seed)[:, late] for seed in (1, 2)]
    peak_db, variance = np.mean([spectral_peaks(row) for room in rooms for row in room], axis=0)
    assert peak_db < noise_peak_db + 5.0
    assert variance < noise_variance + 1.2
    comb = np.zeros(2 * FS)
    comb[::2000] = 1
    assert spectral_peaks(signal.lfilter([1], [1, *[0] * 1499, -0.98], comb))[1] > noise_variance + 3


@pytest.mark.parametrize("hz", [440.0, 2000.0, 6000.0])
def test_a_tone_keeps_its_pitch(hz: float) -> None:
    """Wandering reads move a steady tone by less than two cents and spread it by less than one and a half."""
    tone = np.tile(np.sin(2 * np.pi * hz * np.arange(6 * FS) / FS), (2, 1))
    for seed in (1, 2):
        wet = play(make(t60_s=8.0, brightness=1.0, seed=seed), tone)[0, 3 * FS :]
        spectrum = np.abs(np.fft.rfft(wet * np.hanning(len(wet)))) ** 2
        bins = np.fft.rfftfreq(len(wet), 1 / FS)
        mean_hz = (spectrum * bins).sum() / spectrum.sum()
        spread_hz = math.sqrt((spectrum * (bins - mean_hz) ** 2).sum() / spectrum.sum())
        assert abs(1200 * math.log2(mean_hz / hz)) < 2.0
        assert 1200 * math.log2(1 + spread_hz / hz) < 1.5


@pytest.mark.parametrize(("t60_s", "size_m"), [(0.2, 5.0), (1.0, 30.0), (3.0, 80.0), (8.0, 12.0)])
def test_steady_noise_leaves_as_loud_as_it_came(t60_s: float, size_m: float) -> None:
    noise = np.random.default_rng(3).standard_normal((2, int((t60_s + 4.0) * FS)))
    bus = np.asarray(signal.sosfilt(signal.butter(2, [150, 1000], "band", fs=FS, output="sos"), noise))
    wet = play(make(t60_s=t60_s, size_m=size_m), bus)[:, int(t60_s * FS) :]
    gain_db = 20 * np.log10(wet.std(axis=1) / bus.std())
    assert np.abs(gain_db).max() < 1.5


def test_silence_sleeps_and_wakes_at_once() -> None:
    room = make(t60_s=0.3)
    silence = np.zeros((2, FS // 4 // CELL * CELL))
    click = silence.copy()
    click[:, 5] = 1e-3
    assert not play(room, silence).any()
    assert room["at"] == 0, "an unused room does nothing"
    first = play(room, click)
    assert np.abs(first).max() > 1e-5
    for _ in range(8):
        last = play(room, silence)
    assert not last.any()
    before = room.copy()
    assert not play(room, silence).any()
    assert room == before, "a sleeping room does nothing"
    room["size_m"] = 12.0
    again = play(room, click)
    assert np.abs(again).max() > 1e-5
    fresh = make(t60_s=0.3, size_m=12.0)
    early = slice(0, int(0.015 * FS))  # no line is so short, and lines wander
    assert np.allclose(again[:, early], play(fresh, click)[:, early], atol=1e-6), "it woke in its new size"
    assert np.array_equal(room["frames"][:-1], fresh["frames"][:-1])


def test_the_tail_is_heard_down_to_minus_120_db() -> None:
    response = impulse_response(4.0, t60_s=1.0)
    last = np.flatnonzero(response.any(axis=0))[-1]
    tail = response[:, last - FS // 10 : last]
    assert 10 * np.log10((tail**2).mean()) < -118
    assert last < 3.5 * FS, "and no longer"


def test_no_denormals_circulate() -> None:
    room = make(t60_s=0.2)
    bus = np.zeros((2, FS))
    bus[:, :CELL] = 1e-15
    play(room, bus)
    memories = ("bus_memory", "diffuser_memory", "allpass_memory", "line_memory")
    for field in (*memories, "pole_state", "early_state"):
        values = np.abs(room[field])
        assert not ((values > 0) & (values < np.finfo(np.float32).tiny)).any(), field


def test_what_is_not_finite_counts_as_zero() -> None:
    bus = np.random.default_rng(2).standard_normal((2, FS // CELL * CELL))
    bad, zeroed = bus.copy(), bus.copy()
    for place, value in ((100, np.nan), (700, np.inf), (1300, -np.inf), (FS // 2, np.nan)):
        bad[:, place : place + 90] = value
        zeroed[:, place : place + 90] = 0
    heard = play(make(), bad)
    assert np.isfinite(heard).all()
    assert np.array_equal(heard, play(make(), zeroed))


def test_the_loudest_input_stays_finite() -> None:
    room = make(t60_s=20.0, size_m=5.0)
    assert np.isfinite(play(room, np.full((2, 4 * FS), 3e38))).all()
    room["t60_s"] = room["size_m"] = room["brightness"] = np.nan
    assert np.isfinite(play(room, np.zeros((2, FS)))).all()


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        ("t60_s", (0.2, 20.0, 1.0)),
        ("size_m", (80.0, 5.0, 30.0)),
        ("brightness", (0.0, 1.0, 0.4)),
    ],
)
def test_turning_a_knob_makes_no_click(setting: str, values: tuple[float, ...]) -> None:
    """A low tone through a room in change is as smooth as through one at rest, but for its level."""
    step = FS // 2 // CELL * CELL
    tone = np.tile(0.5 * np.sin(2 * np.pi * 110 * np.arange(step * 8) / FS), (2, 1))
    room = make(t60_s=3.0)
    play(room, tone)
    steady = play(room, tone)
    changing = []
    for turn, value in enumerate((*values, *values)):
        room[setting] = value
        changing.append(play(room, tone[:, turn * step : (turn + 1) * step]))
    wet = np.concatenate(changing, axis=1)
    assert np.ptp(wet) != np.ptp(steady)
    level = max(np.abs(wet).max() / np.abs(steady).max(), 1.0)
    assert roughest(wet) < 3 * level * roughest(steady)


def test_a_size_that_keeps_turning_settles_in_the_last() -> None:
    room = make(size_m=10.0)
    noise = np.random.default_rng(4).standard_normal((2, CELL * 8))
    for size_m in np.linspace(10.0, 60.0, 40):
        room["size_m"] = size_m
        assert np.isfinite(play(room, noise)).all()
    play(room, np.tile(noise, (1, 100)))
    settled = make(size_m=60.0)
    play(settled, noise)
    assert np.array_equal(room["frames"][:-1], settled["frames"][:-1])
    assert np.array_equal(room["early_frames"][0], settled["early_frames"][0])
    assert np.allclose(room["gain"][:-1], settled["gain"][:-1])
    assert room["moving"] == 0


def test_lines_are_mutually_prime_and_fit_the_largest_hall() -> None:
    for fs in (22050, 44100, 192000):
        for size_m in (5.0, SIZE_M, SIZE_HIGH_M):
            room = make(size_m=size_m, t60_s=20.0, fs=fs)
            play(room, np.ones((2, CELL)))
            frames = room["frames"][:-1]
            assert len(set(frames)) == len(frames)
            assert np.gcd.outer(frames, frames)[~np.eye(len(frames), dtype=bool)].max() == 1
            assert 2 * CELL < frames.min() and frames.max() < room["ring"] - 4 * CELL
            assert room["early_frames"].max() <= room["ring"] - CELL


def test_a_seed_gives_the_same_samples() -> None:
    one, same, other = (impulse_response(1.0, seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_preparing_again_forgets_everything() -> None:
    room = make(seed=3)
    play(room, np.ones((2, FS)))
    prepare(room, float(FS), 3)
    bus = np.zeros((2, FS))
    bus[0, 0] = 1
    assert np.array_equal(play(room, bus), play(make(seed=3), bus))


def test_runs_inside_a_bigger_record() -> None:
    parent = np.zeros(1, PARENT)
    parent["after"] = 77
    for name, value in (("t60_s", 2.0), ("size_m", SIZE_M), ("brightness", 0.6)):
        parent["room"][name] = value
    bus = np.zeros((2, FS))
    bus[:, 0] = 1
    cells = to_cells(bus)
    wet = np.empty_like(cells)
    play_nested(parent[0], cells, wet)
    assert np.array_equal(wet, to_cells(impulse_response(1.0)))
    assert parent["before"][0] == 0 and parent["after"][0] == 77


def test_state_is_small_enough() -> None:
    assert ROOM.isalignedstruct
    assert ROOM.itemsize < 8 * 2**20
