"""Who may play for good, in a file that a player may edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weaver.model.errors import ConfigError
from weaver.osc.remembered import peers_file, read_remembered, write_remembered

TWO = {"192.168.1.20": "2026-11-23", "10.0.0.0/8": ""}


def test_what_is_written_is_read_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "own" / "peers.toml"
    assert read_remembered(path) == {} and not path.parent.exists()
    write_remembered(path, TWO)
    assert read_remembered(path) == TWO and list(read_remembered(path)) == list(TWO)
    assert [one.name for one in path.parent.iterdir()] == ["peers.toml"]
    write_remembered(path, {})
    assert read_remembered(path) == {}


def test_one_network_has_one_spelling(tmp_path: Path) -> None:
    path = tmp_path / "peers.toml"
    write_remembered(path, {"192.168.1.20/32": "a", "192.168.7.9/24": "b"})
    assert read_remembered(path) == {"192.168.1.20": "a", "192.168.7.0/24": "b"}


def test_what_a_player_wrote_stays(tmp_path: Path) -> None:
    path = tmp_path / "peers.toml"
    path.write_text(
        '# mine\nformat = 1\n[[peers]]\nnetwork = "10.1.1.1" # the bass player\n[[peers]]\nnetwork = "10.1.1.2"\n'
    )
    assert read_remembered(path) == {"10.1.1.1": "", "10.1.1.2": ""}
    write_remembered(path, {"10.1.1.1": "", "10.1.1.3": "2026-11-23"})
    text = path.read_text()
    assert text.startswith("# mine\n") and '"10.1.1.1" # the bass player' in text and "10.1.1.2" not in text
    assert read_remembered(path) == {"10.1.1.1": "", "10.1.1.3": "2026-11-23"}


def test_nothing_is_written_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "peers.toml"
    write_remembered(path, TWO)
    before = path.stat()
    write_remembered(path, TWO)
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    write_remembered(tmp_path / "none.toml", {})
    assert not (tmp_path / "none.toml").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 2", "format: expected"),
        ("format = 1\npeer = 3", "an unknown key"),
        ('format = 1\n[[peers]]\nsince = "now"', "peers[0].network: expected text"),
        ('format = 1\n[[peers]]\nnetwork = "192.168.1"', "peers[0].network: expected an IPv4 address"),
        ('format = 1\n[[peers]]\nnetwork = "10.0.0.0/33"', "10.0.0.0/33"),
        ('format = 1\n[[peers]]\nnetwork = "::1"', "found '::1'"),
        ('format = 1\n[[peers]]\nnetwork = "10.0.0.1"\nname = "me"', "an unknown key"),
        ("format = 1\npeers = 3", "expected 0 to 1024 tables"),
        ("format = ", "expected"),
    ],
)
def test_nonsense_is_told_and_left_alone(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "peers.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=re.escape(said)):
        read_remembered(path)
    with pytest.raises(ConfigError):
        write_remembered(path, TWO)
    assert path.read_text() == text


def test_what_is_no_network_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "peers.toml"
    write_remembered(path, TWO)
    with pytest.raises(ConfigError, match="found 'the tablet'"):
        write_remembered(path, {"the tablet": ""})
    assert read_remembered(path) == TWO


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="a file that can be written"):
        write_remembered(tmp_path / "file" / "peers.toml", TWO)


def test_it_lies_in_the_players_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    assert peers_file() == tmp_path / "peers.toml"
