"""Who may play, and the file that remembers it."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.model.errors import ConfigError
from weaver.osc.guests import MAX_REMEMBERED, Guests, Remembered, network_of, words_of

OWN = ("127.0.0.0/8",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "not yet there" / "peers.toml"


@pytest.mark.parametrize(
    ("text", "words"),
    [("192.168.1.5", "192.168.1.5"), (" 192.168.1.5/24 ", "192.168.1.0/24"), ("0.0.0.0/0", "0.0.0.0/0")],
)
def test_networks_in_words(text: str, words: str) -> None:
    assert words_of(network_of(text)) == words


@pytest.mark.parametrize("text", ["", "tablet", "192.168.1", "192.168.1.256", "192.168.1.0/33", "::1", "1" * 1000])
def test_what_is_no_network_is_said(text: str) -> None:
    with pytest.raises(ConfigError, match=r"--allow: expected an address such as .* found '"):
        Guests(OWN, [text], None)


def test_this_machine_always_others_when_allowed() -> None:
    guests = Guests(OWN, ["10.0.0.0/30"], None)
    assert guests.may("127.0.0.1") and guests.may("127.3.2.1") and guests.is_own("127.0.0.1")
    assert guests.may("10.0.0.3") and not guests.may("10.0.0.4") and not guests.is_own("10.0.0.3")
    assert not guests.may("::1") and not guests.may("") and not guests.may("nonsense")
    guests.allow("10.0.0.4")
    assert guests.may("10.0.0.4") and not guests.is_remembered("10.0.0.4")


def test_who_is_remembered_comes_in_again(path: Path) -> None:
    guests = Guests(OWN, ["10.9.0.0/16"], path)
    assert guests.remember() == () and not path.exists()
    guests.allow("10.0.0.4")
    guests.allow("10.1.0.0/24")
    assert guests.remember() == ("10.0.0.4", "10.1.0.0/24")
    assert guests.remember() == ()
    again = Guests(OWN, [], path)
    assert again.may("10.0.0.4") and again.may("10.1.0.77") and again.is_remembered("10.0.0.4")
    assert not again.may("10.9.0.1"), "an option is for one evening"
    since = [since for _, since in Remembered(path).networks()]
    assert all(len(date) == len("2026-11-23") for date in since)
    assert list(path.parent.iterdir()) == [path]


def test_what_the_player_wrote_stays(path: Path) -> None:
    path.parent.mkdir()
    text = '# mine\nformat = 1\n\n[[peers]]\naddress = "10.0.0.1" # the old tablet\n\n[[peers]]\naddress = "10.0.0.2"\n'
    path.write_text(text)
    file = Remembered(path)
    file.add([network_of("10.0.0.3"), network_of("10.0.0.1")])
    assert path.read_text().startswith(text)
    assert file.forget(lambda network: words_of(network) == "10.0.0.2") == ("10.0.0.2",)
    assert [words_of(network) for network, _ in file.networks()] == ["10.0.0.1", "10.0.0.3"]
    assert "# the old tablet" in path.read_text()
    assert file.forget(lambda network: True) == ("10.0.0.1", "10.0.0.3")
    assert file.networks() == [] and "# mine" in path.read_text()
    assert file.forget(lambda network: True) == ()
    file.add([network_of("10.0.0.9")])
    assert [words_of(network) for network, _ in file.networks()] == ["10.0.0.9"]


def test_the_last_one_let_in_is_sent_away_and_forgotten(path: Path) -> None:
    Remembered(path).add([network_of("10.0.0.0/24"), network_of("10.5.0.1")])
    guests = Guests(OWN, ["10.7.0.0/16"], path)
    guests.allow("10.6.0.1")
    guests.allow("10.6.0.2")
    guests.remember()
    assert guests.revoke("10.0.0.7") == "10.6.0.2"
    assert not guests.may("10.6.0.2") and guests.may("10.6.0.1")
    assert "10.6.0.2" not in path.read_text() and "10.6.0.1" in path.read_text()
    assert guests.revoke(None) == "10.6.0.1"
    assert guests.revoke("10.0.0.7") == "10.0.0.0/24", "it came in with its whole network"
    assert not guests.may("10.0.0.8") and guests.may("10.5.0.1")
    assert guests.revoke("10.7.1.1") == "10.7.0.0/16"
    assert guests.revoke(None) == "" and guests.may("127.0.0.1") and guests.may("10.5.0.1")
    assert not Guests(OWN, [], path).may("10.0.0.7")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("peers = 3\nformat = 1", "peers.toml: peers"),
        ("[[peers]]\naddress='10.0.0.1'", "format"),
        ("format = 1\n[[peers]]\naddress = 'tablet'", r"peers\[0\].address: expected an address"),
        ("format = 1\n[[peers]]\nadress = '10.0.0.1'", "address"),
        ("format = 1\n[[peers]]\naddress = '10.0.0.1'\nport = 3", "port"),
        ("format = 1\n[[peers]", "line"),
    ],
)
def test_a_file_that_is_wrong_is_said(path: Path, text: str, what: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ConfigError, match=what):
        Guests(OWN, [], path)
    assert path.read_text() == text


def test_an_array_on_one_line_is_read_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("format = 1\npeers = [{address = '10.0.0.1'}]\n")
    with pytest.raises(ConfigError, match=r"tables \[\[peers\]\]"):
        Remembered(path).add([network_of("10.0.0.2")])
    assert Guests(OWN, [], path).may("10.0.0.1")


def test_remembering_has_an_end(path: Path) -> None:
    file = Remembered(path)
    file.add([network_of(f"10.0.{n}.1") for n in range(MAX_REMEMBERED)])
    with pytest.raises(ConfigError, match="at most"):
        file.add([network_of("10.1.0.1")])
    assert len(file.networks()) == MAX_REMEMBERED


def test_a_file_that_cannot_be_written_is_said_and_the_guest_is_gone_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("in the way")
    guests = Guests(OWN, [], tmp_path / "folder" / "peers.toml")
    guests.allow("10.0.0.1")
    with pytest.raises(ConfigError, match="a file that can be written"):
        guests.remember()
    assert guests.revoke(None) == "10.0.0.1" and not guests.may("10.0.0.1")
