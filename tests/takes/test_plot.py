"""The spectrogram: what is in it, and that it becomes a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from weaver.model.errors import ConfigError
from weaver.takes import plot
from weaver.takes.audio_file import audio_file
from weaver.takes.plot import HIGHEST_HZ, LOWEST_HZ, ROWS, check_plot, plot_audio, spectrogram

RATE = 48_000


def tone(*frequencies_hz: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    time_s = np.arange(RATE) / RATE
    return sum(0.25 * np.sin(2 * np.pi * hz * time_s) for hz in frequencies_hz).astype(np.float32)  # type: ignore[union-attr]


@pytest.mark.parametrize("frequency_hz", [110.0, 700.0, 4_000.0])
def test_a_tone_is_at_its_pitch_and_level(frequency_hz: float) -> None:
    middle = spectrogram(tone(frequency_hz), RATE)[:, 700]
    row_hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, ROWS)
    assert row_hz[int(middle.argmax())] == pytest.approx(frequency_hz, rel=0.02)
    assert middle.max() == pytest.approx(-12.0, abs=1.0)


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with audio_file(tmp_path / "a.wav", RATE) as out:
        out.write(np.stack([tone(440.0, 1_000.0)] * 2, axis=1))
    plot_audio(tmp_path / "a.wav", tmp_path / "a.png", "a tone")
    from matplotlib.image import imread

    picture = imread(tmp_path / "a.png")
    assert picture.shape[0] > 500 and picture.shape[1] > 900
    assert picture[:, :, :3].std() > 0.05


def test_it_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"ends in \.png"):
        check_plot(tmp_path / "a.jpg")
    monkeypatch.setattr(plot, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"sonic-weaver\[plot\]"):
        check_plot(tmp_path / "a.png")
