"""The compiled models of roughness give what was published, and what their authors' code gives."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from weaver.life.roughness import HUTCHINSON, SETHARES, VASSILAKIS, roughness, roughness_along
from weaver.model.units import cents_to_ratio, note_to_hz

MIDDLE_C = 60
C4_HZ = note_to_hz(MIDDLE_C)
Partials = tuple[NDArray[np.float64], NDArray[np.float64]]


def partials(hz: object, amplitude: object) -> Partials:
    return np.array(hz, np.float64), np.array(amplitude, np.float64)


def harmonic(f0_hz: float, count: int, rolloff: float = 1.0) -> Partials:
    """`count` harmonics of amplitude k**-rolloff."""
    k = np.arange(1.0, count + 1.0)
    return f0_hz * k, k**-rolloff


def together(*tones: Partials) -> Partials:
    return np.concatenate([hz for hz, _ in tones]), np.concatenate([amplitude for _, amplitude in tones])


def merged(tones: Partials) -> Partials:
    """Partials of one frequency become one: their powers add, as they do for tones that know nothing of each other."""
    hz, place = np.unique(np.round(tones[0], 6), return_inverse=True)
    return hz, np.sqrt(np.bincount(place, tones[1] ** 2))


def chord(*notes: float, count: int = 11) -> Partials:
    return merged(together(*(harmonic(note_to_hz(note), count) for note in notes)))


@pytest.mark.parametrize(
    ("hz", "amplitude", "ratio"),
    [
        ((440, 480, 460), (1, 1, 1), 2.9194),
        ((440, 460, 480), (1, 2, 3), 3.9161),
        ((440, 460, 480), (3, 2, 1), 3.9194),
        ((300, 250, 275, 425), (1.5, 2, 9, 4), 4.8657),
    ],
)
def test_sethares_beside_one_pair(hz, amplitude, ratio):
    """The figures of the test suite of the R package dycon, made with Sethares's own code."""
    one = roughness(SETHARES, *partials((440, 460), (1, 1)))
    assert roughness(SETHARES, *partials(hz, amplitude)) / one == pytest.approx(ratio, abs=5e-5)


@pytest.mark.parametrize(
    ("low_hz", "high_hz", "expected"),
    [
        (440, 450, 0.64557),
        (440, 460, 0.87303),
        (440, 480, 0.80558),
        (440, 554.37, 0.14345),
        (1000, 1040, 0.89478),
        (2000, 2100, 0.73017),
    ],
)
def test_sethares_of_pure_tones(low_hz, high_hz, expected):
    assert roughness(SETHARES, *partials((low_hz, high_hz), (1, 1))) == pytest.approx(expected, abs=5e-6)
    assert roughness(SETHARES, *partials((high_hz, low_hz), (1, 1))) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize(
    ("notes", "expected"),
    [((60, 61), 0.484), ((60, 64, 67), 0.1202), ((60, 63, 67), 0.1301)],
)
def test_hutchinson_of_chords(notes, expected):
    """As the test suite of dycon has them, a digit more for the triads."""
    assert roughness(HUTCHINSON, *chord(*notes)) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(("notes", "expected"), [((60, 61), 0.499), ((69, 70), 0.491)])
def test_hutchinson_of_pure_tones(notes, expected):
    assert roughness(HUTCHINSON, *chord(*notes, count=1)) == pytest.approx(expected, abs=5e-4)


def test_hutchinson_of_the_twelve_dyads():
    published = (0.4839, 0.2541, 0.1117, 0.0703, 0.0448, 0.0968, 0.0229, 0.0935, 0.0572, 0.1021, 0.2254, 0.0021)
    ours = [roughness(HUTCHINSON, *chord(MIDDLE_C, MIDDLE_C + semitones)) for semitones in range(1, 13)]
    assert ours == pytest.approx(published, abs=6e-5)


@pytest.mark.parametrize(
    ("bandwidths", "g"), [(0.25, 1.0), (0.5, 0.5413), (1.0, 0.0397), (1.19, 0.0123), (1.21, 0.0), (3.0, 0.0)]
)
def test_hutchinson_over_the_critical_bandwidth(bandwidths, g):
    """It is 87.225 Hz at 420 Hz (dycon), and beyond 1.2 of it nothing is rough."""
    half_hz = 0.5 * bandwidths * 87.225
    both = roughness(HUTCHINSON, *partials((420.0 - half_hz, 420.0 + half_hz), (1, 1)))
    assert both == pytest.approx(0.5 * g, abs=5e-5)


VASSILAKIS_HZ = """
    262 526 790 1049 1318 1573    277 554 837 1118 1398 1677    294 590 886 1180 1473 1772
    311 624 932 1244 1569 1873    330 663 995 1323 1654 1994    349 701 1053 1408 1751 2107
    370 741 1118 1482 1852 2235   392 783 1179 1570 1973 2373   415 834 1250 1670 2093 2499
    440 884 1329 1768 2200 2666   466 937 1400 1874 2345 2799   494 990 1484 1985 2476 2973
    524 1052 1573 2110 2634 3154
"""
"""The partials that he measured of his thirteen tones, C4 to C5 (page 208)."""


def test_vassilakis_of_the_twelve_dyads():
    """His page 210; the octave there is rougher than by his formula."""
    published = (40.383, 27.617, 18.117, 16.002, 11.446, 12.826, 6.179, 10.103, 5.782, 6.214, 6.996, 1.589)
    tones = np.array(VASSILAKIS_HZ.split(), np.float64).reshape(13, 6)
    amplitude = 1 / np.arange(1.0, 7.0)
    ours = np.array([roughness(VASSILAKIS, *together((tones[0], amplitude), (tone, amplitude))) for tone in tones[1:]])
    assert np.corrcoef(ours, published)[0, 1] > 0.9999
    assert (ours * published[0] / ours[0])[:11] == pytest.approx(published[:11], abs=0.05)


def minima(model: int, f0_hz: float, rolloff: float) -> list[float]:
    """Intervals in cents at which the dissonance curve of two tones of six harmonics has a minimum."""
    tone = harmonic(f0_hz, 6, rolloff)
    steps = np.arange(0.0, 1251.0, 0.5)
    curve = np.array([roughness(model, *together(tone, (tone[0] * cents_to_ratio(cents), tone[1]))) for cents in steps])
    return [float(steps[i]) for i in range(1, len(steps) - 1) if curve[i] < min(curve[i - 1], curve[i + 1])]


@pytest.mark.parametrize(
    ("f0_hz", "expected"),
    [
        (261.63, (315.6, 386.3, 498.0, 702.0, 884.4, 987.0, 1200.0)),
        (500.0, (225.8, 315.6, 386.3, 498.0, 702.0, 884.4, 998.0, 1200.0)),
    ],
)
def test_the_dissonance_curve_has_its_minima(f0_hz, expected):
    assert minima(SETHARES, f0_hz, 0.0) == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize(
    ("f0_hz", "roughest_hz"),
    [(100, 19.3), (200, 21.2), (400, 25.0), (800, 32.6), (1600, 47.8), (3200, 78.2)],
)
def test_where_pure_tones_are_roughest(f0_hz, roughest_hz):
    apart_hz = np.arange(1.0, 120.0, 0.1)
    curve = [roughness(SETHARES, *partials((f0_hz, f0_hz + d), (1, 1))) for d in apart_hz]
    assert apart_hz[int(np.argmax(curve))] == pytest.approx(roughest_hz, abs=0.1)


@pytest.mark.parametrize("model", [HUTCHINSON, SETHARES, VASSILAKIS])
def test_between_two_tones_is_what_each_alone_has_not(model):
    """However the near partials are found, nothing that is rough is left out; own roughness is."""
    tone = harmonic(110.0, 8)
    ratios = np.array([1.0, 1.01, 1.06, 1.25, 1.5, 1.7, 2.0, 3.3])
    found = roughness_along(model, *tone, ratios)
    for ratio, value in zip(ratios, found, strict=True):
        other = (tone[0] * ratio, tone[1])
        whole, first, second = (roughness(model, *list_) for list_ in (together(tone, other), tone, other))
        added = whole - 0.5 * (first + second) if model == HUTCHINSON else whole - first - second
        assert value == pytest.approx(added, rel=2e-3, abs=1e-4)
    assert found[2] > found[4] > 0


@pytest.mark.parametrize("model", [HUTCHINSON, SETHARES, VASSILAKIS])
def test_nothing_is_not_rough(model):
    nothing = partials((), ())
    assert roughness(model, *nothing) == 0.0
    assert roughness(model, *partials((440, 450), (0, 0))) == 0.0
    assert roughness(model, *partials((440, 440), (1, 1))) == 0.0
