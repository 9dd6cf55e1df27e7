"""`weaver peers` as a user runs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from weaver.cli import main
from weaver.model.networks import words_of
from weaver.osc.guests import Remembered, peers_file


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path / "own"))
    yield tmp_path / "own" / "peers.toml"


def remembered() -> dict[str, str]:
    return {words_of(network): since for network, since in Remembered(peers_file()).networks()}


def test_nobody_is_remembered_and_nothing_is_made(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["peers"]) == 0
    assert "nobody is remembered" in capsys.readouterr().out and not path.parent.exists()


def test_who_is_allowed_is_listed_until_it_is_forgotten(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = date.today().isoformat()
    assert main(["peers", "--allow", "192.168.1.20", "--allow", "10.0.0.9/8"]) == 0
    text = capsys.readouterr().out
    assert f"192.168.1.20  since {today}" in text and "10.0.0.0/8" in text and str(path) in text
    assert remembered() == {"192.168.1.20": today, "10.0.0.0/8": today}
    assert main(["peers", "--forget", "10.0.0.0/8"]) == 0
    assert "10.0.0.0/8" not in capsys.readouterr().out
    assert main(["peers", "--allow", "10.0.0.1", "--forget", "all"]) == 0
    assert remembered() == {"10.0.0.1": today}


def test_since_when_is_not_made_later(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('format = 1\n[[peers]]\naddress = "10.0.0.1"\nsince = "2020-02-02"\n')
    assert main(["peers", "--allow", "10.0.0.1"]) == 0
    assert remembered() == {"10.0.0.1": "2020-02-02"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--forget", "10.0.0.2"], "who is remembered (10.0.0.1), found '10.0.0.2'"),
        (["--forget", "the tablet"], "found 'the tablet'"),
        (["--allow", "10.0.0"], "'10.0.0' is not an address"),
    ],
)
def test_nonsense_changes_nothing(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["peers", "--allow", "10.0.0.1"]) == 0
    before = path.read_bytes()
    assert main(["peers", "--allow", "10.0.0.3", *arguments]) == 2
    assert said in capsys.readouterr().err and path.read_bytes() == before


def test_a_broken_file_is_told(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.parent.mkdir()
    path.write_text("format = 1\nfriends = 3\n")
    assert main(["peers"]) == 2
    assert "peers.toml: friends" in capsys.readouterr().err
