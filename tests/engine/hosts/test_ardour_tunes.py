"""Ardour's own script sends a Scala scale through a track, and the instrument is tuned to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.ardour import Ardour
from support.ardour_program import ardour_lua
from support.eventually import eventually
from support.jack import JackServer

from weaver.engine.engine import Engine
from weaver.engine.hosts.base import Host
from weaver.mapping.tuning import load_tuning

SCRIPT = "/usr/share/ardour{}/scripts/scl_to_mts.lua"
SCALE = "slendro\n 5\n 231.0\n 474.0\n 717.0\n 955.0\n 2/1\n"
DIALOGS = (
    "LuaDialog = { Message = function(...) error(...) end,"
    " Dialog = function(title, options) return { run = function() return given end } end,"
    " ProgressWindow = function() return { progress = function() end, canceled = function() return false end,"
    " done = function() end } end }"
)
"""The script asks by windows, which there are none of here."""


@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_scale_arrives_as_the_file_says(
    is_bulk: bool, jackd: JackServer, opened: Callable[..., Host], make_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    script = Path(SCRIPT.format(Path(ardour_lua()).name.removeprefix("ardour").removesuffix("-lua")))
    if not script.exists():
        pytest.skip(f"{script} is missing")
    scale = tmp_path / "slendro.scl"
    scale.write_text(SCALE)
    host, engine = opened("jack", midi="none"), make_engine(jackd.sample_rate_hz)
    host.start(engine)
    with Ardour(tmp_path / "ardour") as ardour:
        ardour.midi_track("tuner", sink="weaver:midi_in")
        ardour.run(DIALOGS)
        ardour.run(
            f'given = {{ file = "{scale}", bulk = {str(is_bulk).lower()}, tx = tuner:to_track():to_midi_track() }}'
        )
        ardour.run("ardour = function(about) end")
        ardour.run(f'dofile("{script}")')
        ardour.run("factory()()")
        wanted = np.array(load_tuning(scale).note_hz)
        found = engine.state.midi_map.note_hz
        # the script's reference: A4 = 440 Hz wherever the scale has it
        wanted *= 440.0 / wanted[69]
        audible = (wanted > 8.2) & (wanted < 12_500.0)
        assert eventually(lambda: found[127 if is_bulk else int(np.flatnonzero(audible)[-1])] > 0.0)
        assert np.abs(1200 * np.log2(found[audible] / wanted[audible])).max() < 0.02
        assert not engine.state.midi.ignored.any()
