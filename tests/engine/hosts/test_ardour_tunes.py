"""Ardour's own script sends a Scala scale through a track, and the instrument is tuned to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jack
import numpy as np
import pytest
from support.ardour import Ardour
from support.ardour_program import ardour_lua
from support.eventually import eventually
from support.jack import JackServer

from weaver.engine.decoder import BAD_DATA, CUT_SHORT, NO_ROOM, WRONG_LENGTH
from weaver.engine.engine import Engine
from weaver.engine.hosts.base import Host
from weaver.mapping.tuning import load_tuning

SCRIPT = "/usr/share/ardour{}/scripts/scl_to_mts.lua"
SLENDRO = "slendro\n 5\n 231.0\n 474.0\n 717.0\n 955.0\n 2/1\n"
FIFTHS = "Pythagoras\n 7\n 9/8\n 81/64\n 4/3\n 3/2\n 27/16\n 243/128\n 2/1\n"
LOWEST_HZ, HIGHEST_HZ = 8.2, 12_500.0
"""What a frequency of MIDI's can be."""
NEAR_CENTS = 0.02
ATTEMPTS, GIVE_UP_S = 4, 5.0
DIALOGS = (
    "LuaDialog = { Message = function(...) error(...) end,"
    " Dialog = function(title, options) return { run = function() return given end } end,"
    " ProgressWindow = function() return { progress = function() end, canceled = function() return false end,"
    " done = function() end } end }"
)
"""The script asks by windows, which there are none of here."""


def lead_to_us(track: str) -> bool:
    """Connect a track of Ardour's, as soon as it is there."""
    client = jack.Client("patchbay", no_start_server=True)
    try:
        sources = client.get_ports(f":{track}/", is_midi=True, is_output=True)
        (sink,) = client.get_ports("^weaver.*:midi_in$")
        for source in sources:
            client.connect(source, sink)
        return bool(sources)
    finally:
        client.close()


def send_scale(folder: Path, script: Path, scale: Path, is_dump: str, arrived: Callable[[], bool]) -> bool:
    """Let an Ardour send a scale to us; whether it has arrived."""
    with Ardour(folder) as ardour:
        ardour.midi_track("tuner")
        if not eventually(lambda: lead_to_us("tuner"), GIVE_UP_S):
            return False
        ardour.run(DIALOGS)
        ardour.run("ardour = function(about) end")
        ardour.run(f'dofile("{script}")')
        ardour.run(f'given = {{ file = "{scale}", bulk = {is_dump}, tx = tuner:to_track():to_midi_track() }}')
        ardour.run("factory()()")  # after which it is good for nothing else: the script collects garbage
        if eventually(arrived, GIVE_UP_S):
            return True
        return False


@pytest.mark.parametrize(("text", "is_dump"), [(SLENDRO, "false"), (FIFTHS, "true")])
def test_a_scale_arrives_as_the_file_says(
    text: str,
    is_dump: str,
    jackd: JackServer,
    opened: Callable[..., Host],
    make_engine: Callable[..., Engine],
    tmp_path: Path,
) -> None:
    script = Path(SCRIPT.format(Path(ardour_lua()).name.removeprefix("ardour").removesuffix("-lua")))
    if not script.exists():
        pytest.skip(f"{script} is missing")
    scale = tmp_path / "scale.scl"
    scale.write_text(text)
    wanted = np.array(load_tuning(scale).note_hz)
    wanted *= 440.0 / wanted[69]  # the script's reference is A4, whatever the scale has there
    there = (wanted > LOWEST_HZ) & (wanted < HIGHEST_HZ)
    assert there.sum() > 40
    engine = make_engine(jackd.sample_rate_hz)

    def is_tuned() -> bool:
        with np.errstate(divide="ignore"):
            away = 1200 * np.log2(engine.state.midi_map.note_hz[there] / wanted[there])
        return bool(np.abs(away).max() < NEAR_CENTS)

    opened("jack", midi="none").start(engine)
    for attempt in range(ATTEMPTS):
        before = int(engine.state.counters.underflows)
        if send_scale(tmp_path / str(attempt), script, scale, is_dump, is_tuned):
            break
        # a machine that keeps JACK waiting loses messages, and now and then all of Ardour
        assert engine.state.counters.underflows > before, "no period was lost, but some of the scale"
    assert is_tuned()
    assert not any(engine.state.midi.ignored[reason] for reason in (CUT_SHORT, BAD_DATA, WRONG_LENGTH, NO_ROOM))
