"""Which host is opened, and what is said when it cannot be."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from support.jack import JackServer, environment

from weaver.engine.hosts import compile_callback, open_host
from weaver.engine.hosts.base import AbsentError, Host
from weaver.engine.hosts.realtime import realtime_report
from weaver.model.errors import ConfigError, DeviceError


@pytest.fixture
def no_server() -> object:
    with environment(JACK_DEFAULT_SERVER="there-is-none", JACK_NO_START_SERVER="1"):
        yield


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rate": 8_000.0}, "44100 to 192000"),
        ({"block": 8}, "16 to 4096"),
        ({"block": 8192}, "16 to 4096"),
        ({"kind": "jack", "device": "USB"}, "USB"),
        ({"kind": "silent", "device": "USB"}, "USB"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(DeviceError, match=says):
        open_host(**{"kind": "auto", **options})


def test_an_unknown_host_lists_the_known() -> None:
    with pytest.raises(ConfigError, match="auto, jack, portaudio, silent"):
        open_host("alsa")


def test_jack_without_a_server_starts_none_and_says_so(no_server: None, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AbsentError, match="no JACK server answers"):
        open_host("jack")
    assert capfd.readouterr() == ("", ""), "libjack's own complaints stay off the player's screen"


def test_auto_takes_jack_where_a_server_answers(jackd: JackServer, opened: Callable[..., Host]) -> None:
    host = opened("auto", midi="none", connect=False)
    assert (host.name, host.sample_rate, host.block_frames) == ("jack", 48_000.0, jackd.period_frames)


def test_auto_takes_a_device_where_no_server_answers(
    no_server: None, null_outputs: None, opened: Callable[..., Host]
) -> None:
    assert opened("auto").name == "portaudio"


def test_auto_falls_back_to_silence_and_says_why(
    no_server: None, opened: Callable[..., Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)  # what an import without PortAudio comes to
    host = opened("auto", rate=96_000.0)
    assert (host.name, host.sample_rate) == ("silent", 96_000.0)
    note = host.status().note
    assert "no audio device found" in note and "no JACK server" in note and "install" in note


def test_without_portaudio_it_says_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(DeviceError, match="libportaudio2"):
        open_host("portaudio")


@pytest.mark.parametrize("kind", ["silent", "portaudio", "auto"])
def test_callbacks_can_be_compiled_beforehand(kind: str) -> None:
    compile_callback(kind)


def test_the_realtime_report_advises_where_it_warns() -> None:
    report = realtime_report()
    assert report
    for level, text, advice in report:
        assert text and (level, bool(advice)) in (("ok", False), ("warn", True))
