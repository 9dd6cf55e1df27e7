"""A show in the running engine: begun by a command at its frame, the same whatever the host's block is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from support.staging import AZURE, incident, show_of

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.engine.maps import empty_midi_map
from weaver.engine.ring import push_command
from weaver.engine.staging import read_reckoning, write_script
from weaver.life.notices import INCIDENT, PHASE
from weaver.life.records import FAILING, SHATTERED
from weaver.life.stage import FINALE, PERFORMANCE, PRELUDE, RECKONED, SCRIPT, SILENCE
from weaver.model.errors import ConfigError
from weaver.model.gestures import BEGIN
from weaver.model.law import STAKES
from weaver.model.show import load_show
from weaver.model.spheres import load_set

RATE = 48_000
SHOW = show_of(
    incident(0.2, 0.5, over_s=0.1),
    incident(0.1, "failing", over_s=0.05),
    incident(0.2, 0.9, is_after=True, over_s=0.1),
    prelude_s=0.3,
    silence_s=0.5,
    finale_s=0.1,
)


def fresh(rate: float = RATE) -> Engine:
    return Engine(load_set("auditorium"), empty_midi_map(), rate, SHOW.seed)


def told(engine: Engine) -> list[tuple[int, ...]]:
    """(frame, kind, sphere, first value) of what the show has said since the last time."""
    return [
        (int(n["frame"]), int(n["kind"]), int(n["sphere"]), float(n["values"][0]))
        for n in engine.notices()
        if n["kind"] in (PHASE, INCIDENT)
    ]


@cache
def evening(block: int, frames: int = RATE) -> tuple[bytes, bytes, list[tuple[int, ...]], np.ndarray]:
    """A whole show in blocks of so many frames: its tally, its clock, what was told, the sound."""
    engine = fresh()
    assert engine.begin_show(SHOW)
    engine.gesture("strike", 1, frame=4001)
    engine.gesture("strike", 2, frame=20_011)
    engine.gesture("strike", 3, frame=20_012)
    engine.gesture("rub", 4, frame=22_000, pressure=0.5)
    engine.gesture("finale", frame=36_000)
    sound = np.concatenate([engine.render(min(block, frames - done)) for done in range(0, frames, block)])
    return engine.state.tally.tobytes(), engine.state.show.tobytes(), told(engine), sound


def test_a_show_goes_by_the_sample_clock():
    _, _, said, _ = evening(64)
    assert said == [
        (0, PHASE, -1, PRELUDE),
        (4800, INCIDENT, AZURE, 0),
        (9600, INCIDENT, AZURE, 1),
        (14_400, PHASE, -1, SILENCE),
        (20_032, PHASE, -1, PERFORMANCE),  # the grid point after the note
        (20_032 + 9600, INCIDENT, AZURE, 2),
        (36_032, PHASE, -1, FINALE),
    ]


@pytest.mark.parametrize("block", [17, 480, 4096])
def test_any_block_size_gives_the_same_show(block):
    for one, other in zip(evening(block), evening(64), strict=True):
        np.testing.assert_array_equal(one, other)


def test_notes_rubs_and_silence_are_counted():
    engine = fresh()
    engine.begin_show(SHOW)
    engine.gesture("strike", 1, frame=4001)
    engine.midi((0x90, 60, 100), frame=16_000)  # no sphere has this pad: the map is empty
    engine.gesture("rub", 2, frame=20_000, pressure=0.5)
    engine.gesture("rub", 2, frame=20_500, pressure=0.8)  # the same finger
    engine.gesture("strike", 3, frame=22_000, velocity=0.25)
    engine.render(24_000)
    assert engine.state.touch.played[:5].tolist() == [0, 1, 1, 1, 0]
    assert engine.state.touch.effort[1:4].tolist() == pytest.approx([0.7, 0.5, 0.25])
    reckoning = read_reckoning(engine.state, SHOW)
    assert (reckoning.coaxing, reckoning.notes) == (1, 2)
    assert reckoning.silence_s == pytest.approx(16_000 / RATE, abs=2 * CELL / RATE)
    assert reckoning.reward == pytest.approx(reckoning.silence_s / SHOW.silence_s)


def test_the_snapshot_shows_it():
    engine = fresh()
    engine.render(CELL)
    assert engine.snapshot().phase == 0
    engine.begin_show(SHOW)
    engine.render(7200)
    snapshot = engine.snapshot()
    assert snapshot.phase == PRELUDE
    assert snapshot.chronometer_s == pytest.approx(0.15, abs=2 * CELL / RATE) and snapshot.flow > 2
    engine.render(12_000)
    snapshot = engine.snapshot()
    assert (snapshot.phase, snapshot.chronometer_s) == (SILENCE, 0)
    assert snapshot.silence_s == pytest.approx(0.4, abs=2 * CELL / RATE)
    assert snapshot.reward == pytest.approx(snapshot.silence_s / 0.5)
    engine.gesture("strike", 0)
    engine.render(4800)
    assert engine.snapshot().elapsed_s == pytest.approx(0.1, abs=2 * CELL / RATE)
    engine.gesture("finale")
    engine.render(6 * RATE)
    assert engine.snapshot().phase == RECKONED and not engine.is_in_show


def test_a_show_begins_at_its_frame():
    engine = fresh()
    engine.begin_show(SHOW, frame=1000)
    engine.render(4800)
    assert told(engine) == [(1024, PHASE, -1, PRELUDE)]


def test_there_is_one_show_at_a_time_on_its_own_set():
    engine = fresh()
    with pytest.raises(ConfigError, match="the set glasses on stage"):
        engine.begin_show(show_of(spheres=load_set("glasses")))
    assert engine.change_set(load_set("auditorium"))
    assert not engine.begin_show(SHOW)  # not while the set changes
    engine.render(CELL)
    engine.notices()
    assert engine.begin_show(SHOW) and engine.is_in_show
    assert not engine.begin_show(SHOW)
    engine.render(CELL)
    script = engine.state.script.tobytes()
    assert not engine.begin_show(load_show("calm"))
    assert engine.state.script.tobytes() == script


def test_a_show_that_nobody_staged_is_refused():
    engine = fresh()
    for _ in range(2):
        push_command(engine.address, 0, BEGIN, -1, 0, 0.0, 0.0, 0.0, 0.0, True)
        engine.gesture("finale")
        engine.render(CELL)
    assert engine.state.counters.refused_commands == 2
    assert engine.snapshot().phase == 0
    engine.begin_show(SHOW)  # the finale of before is none of its
    engine.render(4800)
    push_command(engine.address, 0, BEGIN, -1, 0, 0.0, 0.0, 0.0, 0.0, True)  # nor is it begun twice
    engine.render(4800)
    assert engine.state.counters.refused_commands == 3
    assert told(engine)[0] == (2 * CELL, PHASE, -1, PRELUDE)
    assert engine.snapshot().phase == PRELUDE


def test_a_restart_at_another_rate_goes_on_where_it_was():
    engine = fresh()
    engine.begin_show(SHOW)
    engine.render(7200)
    engine.notices()
    engine.restart(96_000)
    before = int(engine.state.frame)
    engine.render(19_200)
    silence = next(frame for frame, kind, _, phase in told(engine) if (kind, phase) == (PHASE, SILENCE))
    assert (silence - before) / 96_000 == pytest.approx(0.15, abs=2 * CELL / RATE)


@pytest.mark.parametrize("is_soothed", [False, True])
def test_the_first_note_shatters_azure_unless_a_hand_has_healed_it(is_soothed):
    """The default show in short, by the law: what lies in wait, and the silence in which it can still be averted."""
    story = load_show("auditorium")
    engine = fresh()
    engine.set_parameter("stakes", STAKES.index(story.stakes))
    assert engine.begin_show(story, 12.0)
    if is_soothed:
        engine.gesture("soothe", AZURE, frame=12 * RATE)
    engine.render(12 * RATE)
    assert engine.state.life.state[AZURE] == FAILING
    engine.render(6 * RATE)
    assert (engine.snapshot().phase, bool(engine.state.life.state[AZURE] == FAILING)) == (SILENCE, not is_soothed)
    engine.gesture("strike", 3)
    engine.render(RATE // 20)  # the moment it begins
    assert bool(engine.state.life.state[AZURE] == SHATTERED) == (not is_soothed)
    azure = read_reckoning(engine.state, story).fates[AZURE]
    assert (azure.is_lost, azure.shatters, azure.worst) == (
        (False, 0, "failing") if is_soothed else (True, 1, "shattered")
    )


def test_a_script_follows_from_the_show_and_the_prelude():
    scripts = np.zeros(3, SCRIPT).view(np.recarray)
    for script, prelude_s in zip(scripts, (None, SHOW.prelude_s, 3.0), strict=True):
        write_script(script, SHOW, prelude_s)
    assert scripts[0].tobytes() == scripts[1].tobytes()
    longer = scripts[2]
    assert longer.prelude_s == 3.0
    assert longer.time_s[:3].tolist() == pytest.approx([1.0, 2.0, 0.2])
    assert longer.over_s[:3].tolist() == pytest.approx([1.0, 0.5, 0.1])
    assert longer.is_after[:3].tolist() == [0, 0, 1]
    assert (longer.silence_s, longer.most_s, longer.finale_s) == (0.5, 10.0, 0.1)
