"""What became of the spheres over time, and its picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.playing import engine, sphere

from weaver.model.law import STATES
from weaver.model.mood import MOOD_COLOURS
from weaver.takes.audio_file import audio_file
from weaver.takes.plot_timeline import plot_timeline
from weaver.takes.timeline import PERIOD_S, Timeline

SPHERES = [("Violet", "#8a4bff"), ("Gold", "#f5b52e")]


def filled(seconds: float = 3.0) -> Timeline:
    """Two spheres, of which the second falls in the middle."""
    instrument = engine(sphere(name="A"), sphere(name="B"))
    timeline = Timeline(SPHERES, instrument.sample_rate)
    snapshot = instrument.snapshot()
    for frame in range(0, int(48_000 * seconds), 480):
        snapshot.frame = frame
        fallen = frame >= 24_000 * seconds
        snapshot.health[:2] = 1.0, 0.0 if fallen else 0.6
        snapshot.state[1] = STATES.index("shattered") if fallen else 0
        timeline.sample(snapshot)
    timeline.strike(0.5, 1)
    timeline.note(1.0, "set bowls")
    return timeline


def test_it_samples_about_twenty_times_a_second_and_sees_what_changes() -> None:
    timeline = filled()
    assert np.all(np.diff(timeline.times_s) >= PERIOD_S - 1e-9)
    assert 50 <= len(timeline.times_s) <= 61
    assert timeline.health.shape == (len(timeline.times_s), 2)
    assert timeline.health[0].tolist() == pytest.approx([1.0, 0.6]) and timeline.health[-1].tolist() == [1.0, 0.0]
    at_s, which, text = timeline.notes[0]
    assert (which, text) == (1, "shattered") and at_s == pytest.approx(1.5, abs=PERIOD_S)


def test_an_engine_fills_it_as_it_plays() -> None:
    instrument = engine(sphere(name="A"), sphere(name="B"))
    timeline = Timeline(SPHERES, instrument.sample_rate)
    for _ in range(300):
        instrument.render(480)
        timeline.sample(instrument.snapshot())
    assert timeline.times_s[-1] == pytest.approx(3.0, abs=0.1)
    assert timeline.mood.shape == (len(timeline.times_s), len(MOOD_COLOURS))


@pytest.mark.parametrize("has_sound", [True, False])
def test_its_picture_shows_a_lane_that_ends(tmp_path: Path, has_sound: bool) -> None:
    pytest.importorskip("matplotlib")
    audio = tmp_path / "a.wav" if has_sound else None
    if audio is not None:
        with audio_file(audio, 48_000) as out:
            out.write(np.zeros((3 * 48_000, 2), np.float32) + 0.1)
    plot_timeline(filled(), tmp_path / "a.png", "a performance", audio)
    from matplotlib.image import imread

    picture = imread(tmp_path / "a.png")[:, :, :3]
    height, width = picture.shape[:2]
    assert width > 1000 and height > (700 if has_sound else 200)
    lane = [0.38 * colour + 0.62 * ground for colour, ground in ((0.96, 0.03), (0.71, 0.02), (0.18, 0.06))]  # gold
    gold = np.abs(picture - np.array(lane)).max(axis=2)
    columns = np.flatnonzero((gold < 0.06).sum(axis=0) > 8)
    assert columns[0] < 0.15 * width and 0.4 * width < columns[-1] < 0.6 * width


def test_nothing_to_show_is_drawn_all_the_same(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot_timeline(Timeline(SPHERES, 48_000.0), tmp_path / "a.png", "nothing")
    assert (tmp_path / "a.png").stat().st_size > 1000
