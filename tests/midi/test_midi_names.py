"""Names: how duplicates are numbered, and what a word in a config may mean."""

from __future__ import annotations

import importlib.util
import platform
import sys
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace
from typing import NoReturn

import pytest

from weaver.midi import ports
from weaver.midi.ports import NameBook, PortInfo, best_backend, match, named, shown_name, unique
from weaver.model.errors import DeviceError


def names(found: list[PortInfo]) -> list[str]:
    return [port.name for port in found]


def test_equal_names_are_numbered_in_the_systems_order() -> None:
    book = NameBook()
    assert names(book.update([("20:0", "Launchpad"), ("24:0", "nanoKONTROL2"), ("28:0", "Launchpad")])) == [
        "Launchpad",
        "nanoKONTROL2",
        "Launchpad #2",
    ]


def test_the_second_of_two_keeps_its_name_when_the_first_goes() -> None:
    book = NameBook()
    book.update([("20:0", "Launchpad"), ("28:0", "Launchpad")])
    assert names(book.update([("28:0", "Launchpad")])) == ["Launchpad #2"]
    assert names(book.update([("28:0", "Launchpad"), ("32:0", "Launchpad")])) == ["Launchpad #2", "Launchpad"]


def test_a_device_that_is_called_like_a_number_is_not_taken_for_one() -> None:
    found = NameBook().update([("a", "Pad #2"), ("b", "Pad"), ("c", "Pad")])
    assert names(found) == ["Pad #2", "Pad", "Pad #3"]


def test_identities_that_repeat_are_told_apart() -> None:
    assert len(set(unique(["x", "y", "x", "x"]))) == 4


@pytest.mark.parametrize(
    ("client", "port", "shown"),
    [
        ("Launchpad Mini MK3", "Launchpad Mini MK3 LPMiniMK3 MI", "Launchpad Mini MK3 LPMiniMK3 MI"),
        ("Ardour", "MIDI Clock out", "Ardour:MIDI Clock out"),
        ("", "IAC Bus 1", "IAC Bus 1"),
    ],
)
def test_alsa_client_names_are_not_said_twice(client: str, port: str, shown: str) -> None:
    assert shown_name(client, port) == shown


def test_exact_comes_before_partial() -> None:
    assert match(["Port 10", "Port 1", "Port 11"], "Port 1") == ["Port 1"]


def test_a_part_of_a_name_is_enough_in_any_case() -> None:
    assert match(["Launchpad Mini MK3", "nanoKONTROL2"], "NANO") == ["nanoKONTROL2"]


def test_a_word_that_means_several_lists_exactly_those() -> None:
    with pytest.raises(DeviceError) as caught:
        match(["Launchpad MI", "Launchpad DA", "nanoKONTROL2"], "launch")
    assert "'Launchpad MI', 'Launchpad DA'" in str(caught.value)
    assert "nano" not in str(caught.value)


def test_a_word_that_means_nothing_lists_all_there_is() -> None:
    with pytest.raises(DeviceError, match=r"'Push'.*'Launchpad', 'nanoKONTROL2'"):
        match(["Launchpad", "nanoKONTROL2"], "Push")
    with pytest.raises(DeviceError, match="there is none"):
        match([], "Push")


def test_auto_takes_all_but_our_own_and_through_ports() -> None:
    there = [
        "Midi Through Port-0",
        "weaver",
        "weaver:lights",
        "weaver-01:out",
        "libremidi client:weaver",
        "a2j:Midi-Through (capture)",
        "Weaverbird",
        "Launchpad",
    ]
    assert match(there, "auto") == ["Weaverbird", "Launchpad"]
    assert match([], "auto") == []


def test_none_takes_none() -> None:
    assert match(["Launchpad"], "none") == []


def test_a_name_that_is_not_there_is_refused_with_a_list() -> None:
    with pytest.raises(DeviceError, match=r"no MIDI output 'Push'; there is 'Launchpad'"):
        named([PortInfo("Launchpad", "20:0")], "Push", "output")


def test_python_rtmidi_is_preferred_and_a_name_overrides() -> None:
    pytest.importorskip("rtmidi")
    pytest.importorskip("pylibremidi")
    assert best_backend().name == "rtmidi"
    assert best_backend("libremidi").name == "libremidi"
    assert best_backend("rtmidi-jack").api == "JACK"
    with pytest.raises(DeviceError, match="'rtmidi', 'rtmidi-jack'"):
        best_backend("portmidi")


def test_without_python_rtmidi_pylibremidi_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pylibremidi")
    monkeypatch.setattr(ports, "find_spec", lambda name: None if name == "rtmidi" else object())
    assert best_backend().name == "libremidi"


def nowhere(package: str) -> NoReturn:
    raise PackageNotFoundError(package)


def test_without_either_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "find_spec", lambda name: None)
    monkeypatch.setattr(ports, "version", nowhere)
    with pytest.raises(DeviceError, match="install python-rtmidi or pylibremidi with pip"):
        best_backend()
    with pytest.raises(DeviceError, match="install pylibremidi with pip"):
        best_backend("libremidi")


def test_what_is_installed_for_another_python_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """pylibremidi's wheels for Linux say that they are for Python 3.12 and later, and have a module for 3.12 alone."""
    monkeypatch.setattr(ports, "find_spec", lambda name: None)
    monkeypatch.setattr(ports, "version", lambda package: "5.4.3" if package == "pylibremidi" else nowhere(package))
    wrong = f"pylibremidi 5.4.3 does not work with Python {platform.python_version()}"
    with pytest.raises(DeviceError, match=f"no MIDI library: {wrong}; install python-rtmidi with pip$"):
        best_backend()
    with pytest.raises(DeviceError, match=f"{wrong}$"):
        best_backend("libremidi-jack")


def test_a_library_that_cannot_be_loaded_gives_way_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(module: str) -> object:
        if "rtmidi" in module:
            raise ImportError("libasound.so.2: no such file")
        return SimpleNamespace(LibremidiBackend=lambda *_: "the other")

    monkeypatch.setattr(ports, "find_spec", lambda name: object())
    monkeypatch.setattr(ports, "import_module", load)
    assert best_backend() == "the other"
    with pytest.raises(DeviceError, match="python-rtmidi: libasound"):
        best_backend("rtmidi-jack")


@pytest.mark.parametrize("library", ["rtmidi", "pylibremidi"])
def test_without_an_alsa_sequencer_there_is_a_reason_and_no_exception(library: str) -> None:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    if not sys.platform.startswith("linux"):
        pytest.skip("ALSA is Linux's")
    backend = best_backend(library.removeprefix("py"))
    if not backend.reason:
        pytest.skip("this machine has an ALSA sequencer")
    assert "no ALSA sequencer" in backend.reason
    assert backend.inputs() == backend.outputs() == []
    with pytest.raises(DeviceError):
        backend.open_virtual_output("x")
    with pytest.raises(DeviceError):
        backend.open_input("x")
    backend.close()
