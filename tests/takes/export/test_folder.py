"""Folders that are filled whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from weaver.model.errors import ConfigError, DeviceError
from weaver.takes.export import folder as module
from weaver.takes.export.folder import check_free, whole_folder

NAMES = ["mix.wav", "stems/a.wav", "stems/b.wav", "song.mid"]


def fill(hidden: Path) -> None:
    (hidden / "stems").mkdir()
    for name in NAMES:
        (hidden / name).write_text(f"new {name}")
    (hidden / "scratch").write_text("")


def everything(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_all_files_and_no_others_are_there_in_the_end(tmp_path: Path) -> None:
    target = tmp_path / "song"
    check_free(target, NAMES, False)
    with whole_folder(target, NAMES) as hidden:
        fill(hidden)
        assert not target.exists()
    assert everything(target) == {name: f"new {name}" for name in NAMES}
    assert os.listdir(tmp_path) == ["song"]


def test_what_is_there_already_is_named_and_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "song"
    (target / "stems").mkdir(parents=True)
    (target / "stems" / "a.wav").write_text("old")
    (target / "mine.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"a\.wav: expected a new name, or --force"):
        check_free(target, NAMES, False)
    check_free(target, NAMES, True)
    with whole_folder(target, NAMES) as hidden:
        fill(hidden)
    assert everything(target) == {**{name: f"new {name}" for name in NAMES}, "mine.txt": "mine"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_an_error_on_the_way_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), whole_folder(tmp_path / "song", NAMES) as hidden:
        fill(hidden)
        raise error
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("fails_at", range(7))
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_error_while_they_move_brings_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int, error: type[BaseException]
) -> None:
    target = tmp_path / "song"
    target.mkdir()
    for name in ("mix.wav", "song.mid"):
        (target / name).write_text(f"old {name}")
    before, calls = everything(tmp_path), []
    real = os.rename

    def rename(source: Path, to: Path) -> None:
        calls.append(source)
        if len(calls) == fails_at + 1 and fails_at < 6:
            raise error
        real(source, to)
        if len(calls) == fails_at:  # once it has been done
            raise error

    monkeypatch.setattr(module.os, "rename", rename)
    with pytest.raises(DeviceError if error is OSError else error), whole_folder(target, NAMES) as hidden:
        fill(hidden)
    assert everything(tmp_path) == before
    assert os.listdir(target.parent) == ["song"] and sorted(os.listdir(target)) == ["mix.wav", "song.mid"]


def test_what_cannot_be_is_said_beforehand(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="the name of a folder, found a file"):
        check_free(tmp_path / "file", NAMES, True)
    with pytest.raises(ConfigError, match="no such folder"):
        check_free(tmp_path / "nowhere" / "song", NAMES, True)
    (tmp_path / "song" / "mix.wav").mkdir(parents=True)
    with pytest.raises(ConfigError, match="the name of a file"):
        check_free(tmp_path / "song", NAMES, True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "stems").write_text("")
    with pytest.raises(ConfigError, match="a folder that exists, found a file"):
        check_free(tmp_path / "other", NAMES, True)


def test_any_folder_that_is_there_can_be_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the root of a disk, and the one that a shell stands in, which have no name."""
    monkeypatch.chdir(tmp_path)
    with whole_folder(Path(), NAMES) as hidden:
        fill(hidden)
        assert hidden.resolve().parent == tmp_path, "on one disk, so that files can be moved"
    assert everything(tmp_path) == {name: f"new {name}" for name in NAMES}
