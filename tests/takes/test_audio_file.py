"""Audio files: whole or not at all, in the format of their name."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from weaver.model.errors import ConfigError
from weaver.takes.audio_file import FLOAT, audio_file, whole_file

SOUND = np.linspace(-0.9, 0.9, 20_000, dtype=np.float32).reshape(-1, 2)
STEP_24 = 2.0**-23


@pytest.mark.parametrize(
    ("name", "encoding", "kind", "subtype", "exact"),
    [
        ("a.wav", "PCM_24", "WAV", "PCM_24", STEP_24),
        ("a.WAV", "FLOAT", "WAV", "FLOAT", 0.0),
        ("a.flac", "PCM_24", "FLAC", "PCM_24", STEP_24),
        ("a.flac", "FLOAT", "FLAC", "PCM_24", STEP_24),
    ],
)
def test_what_is_written_is_read(
    tmp_path: Path, name: str, encoding: str, kind: str, subtype: str, exact: float
) -> None:
    with audio_file(tmp_path / name, 96_000, encoding) as out:
        for part in np.array_split(SOUND, 7):
            out.write(part)
    info = soundfile.info(tmp_path / name)
    assert (info.samplerate, info.format, info.subtype, info.channels) == (96_000, kind, subtype, 2)
    read, _ = soundfile.read(tmp_path / name, dtype="float32")
    assert np.max(np.abs(read - SOUND)) <= exact
    assert os.listdir(tmp_path) == [name]


def test_floats_may_pass_full_scale(tmp_path: Path) -> None:
    with audio_file(tmp_path / "a.wav", 48_000, FLOAT) as out:
        out.write(SOUND * 3)
    assert soundfile.read(tmp_path / "a.wav")[0].max() == pytest.approx(2.7)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_on_the_way_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"older")
    with pytest.raises(error), audio_file(path, 48_000) as out:
        out.write(SOUND)
        raise error
    assert os.listdir(tmp_path) == ["a.wav"]
    assert path.read_bytes() == b"older"


def test_nothing_of_that_name_is_there_before_all_of_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as hidden:
        hidden.write_text("half")
        assert not path.exists() and hidden.name.startswith(".")
    assert path.read_text() == "half"


@pytest.mark.parametrize("name", ["a.mp3", "a", "no/such/a.wav", "folder.wav"])
def test_names_that_will_not_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(ConfigError) as caught, audio_file(tmp_path / name, 48_000):
        pass
    assert name in str(caught.value)
    assert os.listdir(tmp_path) == ["folder.wav"]


def test_a_sample_rate_that_the_format_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FLAC at 800000 Hz"), audio_file(tmp_path / "a.flac", 800_000):
        pass
    assert os.listdir(tmp_path) == []
