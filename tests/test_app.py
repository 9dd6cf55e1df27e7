"""The instrument as it is wired: what comes in at one end is heard and seen at the other."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from support.eventually import eventually
from support.jack import JackServer
from support.pictures import NETWORK, PICTURE

from weaver import app, listening
from weaver.app import Instrument
from weaver.commands.play import Notes, do, drive
from weaver.midi.ports import best_backend
from weaver.model.configs import list_configs, shipped_folder
from weaver.model.errors import ConfigError, DeviceError
from weaver.model.parameters import INDEX
from weaver.surfaces.notes import greeting
from weaver.surfaces.presses import Press, press_of
from weaver.wishes import Wishes

SILENT = Wishes(audio="silent", midi="none")


@pytest.fixture
def instrument() -> Iterator[Instrument]:
    with Instrument(SILENT) as made:
        yield made


def lights(instrument: Instrument) -> list[float]:
    return [sphere.light for sphere in instrument.picture().spheres]


def test_a_key_lights_its_sphere_and_moves_the_meters(instrument: Instrument) -> None:
    do(instrument, Press("strike", 7, 0.95))
    assert eventually(lambda: lights(instrument)[7] > 0.5)
    picture = instrument.picture()
    assert picture.is_running and picture.host == "silent"
    assert min(picture.meter) > 0.001
    assert [sphere.name for sphere in picture.spheres][7] == "Azure"
    assert picture.spheres[7].pitch_hz == pytest.approx(1308.13, abs=0.5)


def test_a_master_of_all_tunings_is_followed_unless_that_is_not_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    master = SimpleNamespace(
        has_ipc=lambda: True,
        register_client=lambda: 7,
        deregister_client=lambda client: None,
        has_master=lambda client: client == 7,
        note_to_frequency=lambda client, note, channel: 100.0 + note,
        should_filter_note=lambda client, note, channel: note == 5,
        get_scale_name=lambda client: "Hundreds",
    )
    monkeypatch.setitem(sys.modules, "mtsespy", master)  # type: ignore[arg-type]
    with Instrument(SILENT) as led, Instrument(replace(SILENT, mts_esp=False)) as own:
        tuned = led.engine.state.midi_map.note_hz
        assert eventually(lambda: tuned[127] == 227.0 and "tuned by MTS-ESP: Hundreds" in led.picture().note)
        assert tuned[60] == 160.0 and tuned[5] == 0.0
        assert own.engine.state.midi_map.note_hz[69] == 440.0


def test_keys_start_and_stop_the_song_and_turn_its_tempo(instrument: Instrument) -> None:
    def time_is(**wanted: object) -> bool:
        now = instrument.picture().time
        return all(getattr(now, name) == value for name, value in wanted.items())

    assert eventually(lambda: time_is(source="own", is_rolling=False, tempo_bpm=120.0, quantise=0))
    do(instrument, press_of("\n", 8))
    assert eventually(lambda: time_is(is_rolling=True))
    do(instrument, press_of("\n", 8))
    assert eventually(lambda: time_is(is_rolling=False))
    instrument.engine.set_parameter("tempo_bpm", 93.4)
    assert eventually(lambda: instrument.engine.snapshot().tempo_bpm == pytest.approx(93.4))
    do(instrument, press_of(")", 8))
    assert eventually(lambda: instrument.engine.snapshot().tempo_bpm == 94.0)
    do(instrument, press_of("(", 8))
    assert eventually(lambda: instrument.engine.snapshot().tempo_bpm == 93.0)
    instrument.engine.set_parameter("heart_bpm", 77.0)
    assert eventually(lambda: round(float(instrument.engine.snapshot().heart_bpm), 1) == 77.0)
    do(instrument, press_of("#", 8))
    assert eventually(lambda: instrument.engine.snapshot().tempo_bpm == 77.0)
    for parts in (1, 2, 4, 0):
        do(instrument, press_of(":", 8))
        assert eventually(lambda parts=parts: time_is(quantise=parts))


def test_panic_is_silence_at_once(instrument: Instrument) -> None:
    do(instrument, Press("strike", 0, 0.95))
    assert eventually(lambda: instrument.engine.state.sphere.energy[0] > 0.01)
    do(instrument, Press("panic"))
    assert eventually(lambda: instrument.engine.state.sphere.energy[0] < 1e-6)


def test_a_program_change_picks_a_set_and_a_wrong_one_does_not(instrument: Instrument) -> None:
    sets = list_configs("sets")

    def shows(title: str) -> bool:
        instrument.turn()
        return instrument.picture().title == title

    instrument.engine.midi((0xC0, sets.index("bowls")))
    assert eventually(lambda: shows("Singing bowls"))
    assert len(instrument.picture().spheres) == len(instrument.engine.spheres.spheres)
    instrument.engine.midi((0xC0, 127))
    instrument.engine.midi((0xC0, sets.index("auditorium")))
    assert eventually(lambda: shows("The Grand Auditorium"))


def test_a_set_that_broke_meanwhile_is_told_of_and_the_old_one_plays_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "aaa.toml").write_text("format = 1\n")
    with Instrument(SILENT) as made:
        made.engine.midi((0xC0, 0))

        def told() -> bool:
            made.turn()
            return "aaa.toml" in made.picture().note

        assert eventually(told)
        assert made.picture().title == "The Grand Auditorium"


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(audio="silent", spheres="nowhere"),
        Wishes(audio="silent", mode="nowhere"),
        Wishes(audio="silent", tuning=Path("no.scl")),
        Wishes(audio="silent", kbm=Path("no.kbm")),
    ],
)
def test_bad_wishes_open_nothing(wishes: Wishes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "open_host", lambda *_, **__: pytest.fail("a host was opened"))
    with pytest.raises(ConfigError):
        Instrument(wishes)


def test_a_port_said_to_be_a_broken_controllers_is_told_what_is_wrong_with_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "controllers").mkdir()
    (tmp_path / "controllers" / "mine.toml").write_text('format = 1\ntitle = "Mine', "utf-8")
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    with pytest.raises(ConfigError, match=r"mine\.toml.*valid TOML"):
        listening.find_controllers(["mine:Acme"])
    with pytest.raises(ConfigError, match=r"--as: .*launchpad-x"):
        listening.find_controllers(["nobodys:Acme"])


def test_a_failure_on_the_way_closes_what_was_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.active_count()
    monkeypatch.setattr(listening, "best_backend", lambda: (_ for _ in ()).throw(DeviceError("no MIDI library")))
    with pytest.raises(DeviceError, match="no MIDI library"):
        Instrument(Wishes(audio="silent", midi="Launchpad"))
    assert eventually(lambda: threading.active_count() == before)
    with Instrument(Wishes(audio="silent")) as made:  # unasked, it plays without
        assert made.picture().ports_note == "no MIDI library"


def test_closing_ends_every_thread_and_may_be_repeated() -> None:
    before = threading.active_count()
    made = Instrument(SILENT)
    made.close()
    made.close()
    assert eventually(lambda: threading.active_count() == before)


def test_it_is_driven_until_it_is_told_to_end(instrument: Instrument) -> None:
    class Surface:
        """Presses a key as soon as it sees something, and ends when it sees the light."""

        def show(self, picture: object) -> None:
            if lights(instrument)[3] > 0.5:
                ended.set()

        def press(self, key: str) -> Press | None:
            return Press("strike", 3, 0.9) if key == "f" else None

    class Keys:
        def wait(self, timeout_s: float) -> str:
            ended.wait(timeout_s)
            return "xf"

    ended = threading.Event()
    drive(instrument, Surface(), Keys(), ended, 10.0)
    assert ended.is_set()


@pytest.mark.parametrize("timing", ["prompt", "steady"])
def test_a_midi_device_is_heard_and_lets_go_when_it_vanishes(
    jackd: JackServer, monkeypatch: pytest.MonkeyPatch, timing: str
) -> None:
    """Ports on a JACK server stand in for those of ALSA."""
    pytest.importorskip("rtmidi")
    monkeypatch.setattr(listening, "best_backend", lambda: best_backend("rtmidi-jack", "weaver-app"))
    player = best_backend("rtmidi-jack", "weaver-test-pads")
    device = player.open_virtual_output("out")
    try:
        with Instrument(Wishes(audio="silent", midi="weaver-test-pads", mode="keys", timing=timing)) as made:

            def locked() -> bool:
                made.turn()
                return made.timing.is_known

            assert eventually(lambda: any(port.is_connected for port in made.picture().ports))
            assert eventually(locked)
            device.send(bytes((0x90, 60, 100)))
            assert eventually(lambda: any(sphere.is_held for sphere in made.picture().spheres))
            assert made.engine.state.counters.late_commands == 0
            assert made.picture().ports[0].messages == 1
            device.close()
            assert eventually(lambda: not any(sphere.is_held for sphere in made.picture().spheres))
            assert not made.picture().ports[0].is_connected
    finally:
        device.close()
        player.close()


def test_notes_say_hello_once(instrument: Instrument) -> None:
    file = io.StringIO()
    notes = Notes(Console(file=file, width=160))
    notes.show(instrument.picture())
    notes.show(instrument.picture())
    assert file.getvalue().count("The Grand Auditorium") == 1
    assert notes.press("a") is None


class Doorkeeper:
    """Notes what is asked at the door."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def allow(self) -> None:
        self.asked.append("allow")

    def remember(self) -> None:
        self.asked.append("remember")

    def revoke(self) -> None:
        self.asked.append("revoke")

    def view(self) -> None:
        """Nothing is heard."""


def said(instrument: Instrument) -> str:
    instrument.turn()
    return instrument.picture().note


def test_a_tablet_begins_the_show_once(instrument: Instrument) -> None:
    assert instrument.tablets is not None
    instrument.tablets.begin_show()
    instrument.turn()
    assert eventually(lambda: instrument.picture().show is not None)
    instrument.engine.set_parameter("heart_bpm", 131.0)
    instrument.engine.set_parameter("audience_db", -11.0)
    instrument.tablets.begin_show()
    assert said(instrument).endswith("a show is on already")
    time.sleep(0.05)
    targets = instrument.engine.state.target
    heart_bpm, audience_db = (float(targets[INDEX[name]]) for name in ("heart_bpm", "audience_db"))
    assert (heart_bpm, audience_db) == (131.0, -11.0), "the show that is on keeps its own"
    instrument.tablets.change_set("bells")
    assert said(instrument).endswith("the show is on: auditorium stays")


def test_a_tablet_brings_a_set_by_its_name_only(
    instrument: Instrument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert instrument.tablets is not None
    own = tmp_path / "own.toml"
    own.write_bytes((shipped_folder() / "sets" / "bells.toml").read_bytes())
    instrument.tablets.change_set(str(own))
    assert "a tablet wants the set" in said(instrument) and "glasses" in said(instrument)
    assert instrument.engine.spheres.name == "auditorium"
    monkeypatch.setattr(app, "REFUSAL_S", 0.0)
    assert "a tablet wants" not in said(instrument), "a refusal does not stay for ever"
    instrument.tablets.change_set("bowls")

    def is_there() -> bool:
        instrument.turn()
        return instrument.engine.spheres.name == "bowls"

    assert eventually(is_there)
    instrument.tablets.begin_show()
    monkeypatch.setattr(app, "REFUSAL_S", 10.0)
    assert said(instrument).endswith("no show is written for bowls")


def test_without_a_port_for_tablets_the_rest_plays_and_the_page_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: object) -> None:
        raise DeviceError("ports 8000 to 8009 are all taken")

    monkeypatch.setattr(app, "Tablets", none)
    with Instrument(SILENT) as made:
        picture = made.picture()
    assert picture.is_running and "not heard" in greeting(picture) and "8009 are all taken" in greeting(picture)


def test_keys_say_who_of_the_network_may_play(instrument: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Doorkeeper()
    for tablets in (None, door):
        monkeypatch.setattr(instrument, "tablets", tablets)
        for key in "@&^?":
            do(instrument, press_of(key, 8))
    assert door.asked == ["allow", "remember", "revoke"]
    assert instrument.picture().network is None


def test_a_terminal_without_a_page_shows_the_code_of_the_network_once() -> None:
    late = replace(PICTURE, network=replace(NETWORK, url=""))  # it is known when the web server runs
    for is_terminal, network, codes in (
        (True, NETWORK, 1),
        (False, NETWORK, 0),
        (True, replace(NETWORK, is_open=False), 0),
    ):
        file = io.StringIO()
        notes = Notes(Console(file=file, force_terminal=is_terminal, width=80, height=24, color_system=None))
        for picture in (late, *[replace(PICTURE, network=network)] * 3):
            notes.show(picture)
        assert file.getvalue().count(f"{NETWORK.url}\n") == codes
        assert ("▄▄▄▄▄ █" in file.getvalue()) == bool(codes)
