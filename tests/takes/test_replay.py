"""A take gives the same sound again, sample for sample, however it was played."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from weaver.engine.engine import Engine
from weaver.model.gestures import GESTURES
from weaver.model.law import load_law
from weaver.model.parameters import PARAMETERS
from weaver.model.show import load_show
from weaver.model.spheres import load_set
from weaver.takes.recorder import Origin, Recorder
from weaver.takes.replay import Library, engine_for, replay, summary_of
from weaver.takes.take import Command, Take
from weaver.wishes import midi_tables

RATE = 48_000.0


def engine(name: str = "auditorium", mode: str = "pads", rate: float = RATE, seed: int = 3) -> Engine:
    return Engine(load_set(name), midi_tables(mode), rate, seed)


def rendered(path: Path, block_frames: int = 480) -> NDArray[np.float32]:
    """The take at a path, played again."""
    take = Take(path)
    summary = summary_of(take)
    library = Library(
        {reference.source: load_set(reference.source) for reference in summary.sets},
        {reference.source: load_show(reference.source) for reference in summary.shows},
    )
    header = take.header
    law, tables = load_law(header.law.source), midi_tables(header.mode)
    again = engine_for(header, library.sets[header.set.source], tables, law)
    return np.concatenate([np.array(block) for block in replay(again, take, summary.end_frame, library, block_frames)])


def odd_blocks(seed: int) -> Iterator[int]:
    chance = random.Random(seed)
    while True:
        yield chance.choice((1, 7, 17, 63, 64, 65, 128, 333, 480, 1024))


def wander(instrument: Engine, chance: random.Random) -> None:
    """Something that a player might do, at once or a little later."""
    frame = int(instrument.state.frame) + chance.randrange(600) if chance.random() < 0.3 else 0
    what = chance.randrange(12)
    if what < 5:
        gesture = chance.choice(GESTURES[:11])
        values = {a.name: chance.uniform(a.low, a.high) for a in gesture.arguments if a.name != "other"}
        count = len(instrument.spheres.spheres)
        if gesture.scope == "pair":
            values["other"] = chance.randrange(count)
        instrument.gesture(gesture.name, chance.randrange(min(count, 7)), frame, **values)
    elif what < 10:
        status = chance.choice((0x80, 0x90, 0x90, 0x90, 0xA0, 0xB0, 0xD0, 0xE0))
        data = (status | chance.randrange(3), chance.randrange(40, 90), chance.randrange(128))
        instrument.midi(data, chance.randrange(2), frame)
    elif what == 10:
        parameter = chance.choice(PARAMETERS)
        instrument.set_parameter(parameter.name, chance.uniform(parameter.low, parameter.high), frame)
    elif chance.random() < 0.3:
        instrument.panic()
    else:
        instrument.let_go(chance.randrange(2))


@pytest.mark.parametrize("mode", ["pads", "keys", "mpe", "channels"])
def test_a_wild_performance_is_the_same_again(tmp_path: Path, mode: str) -> None:
    instrument, chance, blocks = engine(mode=mode), random.Random(7), odd_blocks(11)
    recorder = Recorder(instrument, tmp_path, Origin(mode))
    heard = []
    for turn in range(400):
        for _ in range(chance.randrange(3)):
            wander(instrument, chance)
        if turn in (120, 250, 256):
            assert instrument.change_set(load_set(chance.choice(("bowls", "glasses", "bells"))))
        heard.append(instrument.render(next(blocks)))
        instrument.notices()
    recorder.close()
    sound = np.concatenate(heard)
    assert np.abs(sound).max() > 0.05
    assert recorder.path is not None
    for block_frames in (64, 1000):
        np.testing.assert_array_equal(rendered(recorder.path, block_frames), sound)
    kinds = {event.kind for event in Take(recorder.path).events() if isinstance(event, Command)}
    assert {1, 10, 32, 33, 34, 35} <= kinds


def test_a_restarted_engine_begins_a_take_of_its_own(tmp_path: Path) -> None:
    instrument = engine("bowls")
    recorder = Recorder(instrument, tmp_path, Origin("pads"))
    instrument.gesture("strike", 2)
    first = instrument.render(5_001)
    assert instrument.change_set(load_set("glasses"))
    instrument.set_parameter("level_db", -7.3)
    first = np.concatenate([first, instrument.render(77)])  # installed, but nobody has heard so yet
    instrument.gesture("strike", 3, frame=6_000)  # still to come
    instrument.restart(44_100.0)
    instrument.gesture("strike", 4)
    second = instrument.render(4_000)
    recorder.close()
    early, late = sorted(tmp_path.iterdir(), key=lambda path: Take(path).header.frame)
    assert [Take(path).header.sample_rate for path in (early, late)] == [48_000.0, 44_100.0]
    assert "bowls" in early.name and "glasses" in late.name
    header = Take(late).header
    assert (header.frame, header.set.source) == (5_120, "glasses")
    assert header.parameters["level_db"] == -7.3
    np.testing.assert_array_equal(rendered(early), first)
    np.testing.assert_array_equal(rendered(late), second)


def test_a_crowd_at_one_frame_comes_in_order(tmp_path: Path) -> None:
    instrument = engine("glasses", "keys")
    recorder = Recorder(instrument, tmp_path, Origin("keys"))
    for n in range(700):
        instrument.midi((0x90, 40 + n % 60, 1 + n % 127), frame=100)
        instrument.midi((0xB0, 1, n % 128), frame=100 + n // 200)
    heard = [instrument.render(64) for _ in range(60)]
    assert instrument.state.counters.dropped_commands > 0, "what was dropped was not done, and is in no log"
    recorder.close()
    assert recorder.path is not None
    np.testing.assert_array_equal(rendered(recorder.path, 4096), np.concatenate(heard))


def test_chance_is_the_takes(tmp_path: Path) -> None:
    sounds = []
    for seed in (1, 2):
        instrument = engine(seed=seed)
        recorder = Recorder(instrument, tmp_path, Origin("pads"))
        instrument.gesture("rub", 0, pressure=0.7)
        sounds.append(instrument.render(4_096))
        recorder.close()
        assert recorder.path is not None
        np.testing.assert_array_equal(rendered(recorder.path), sounds[-1])
    assert not np.array_equal(*sounds)


def test_a_show_is_the_same_again_also_after_a_restart_in_its_middle(tmp_path: Path) -> None:
    show = load_show("auditorium")
    instrument = Engine(show.spheres, midi_tables("pads"), RATE, show.seed)
    recorder = Recorder(instrument, tmp_path, Origin("pads"))
    instrument.set_parameter("stakes", 2)
    assert instrument.begin_show(show, 10.0)
    early = []
    for s in range(8):
        instrument.gesture("strike", s, velocity=0.9)
        early.append(instrument.render(12_345))
    instrument.restart(44_100.0)
    assert instrument.is_in_show
    late = []
    for s in range(8):
        instrument.gesture("strike", s, velocity=0.9)
        late.append(instrument.render(54_321))
    recorder.close()
    paths = sorted(tmp_path.iterdir(), key=lambda path: Take(path).header.frame)
    assert Take(paths[0]).header.show is None and Take(paths[1]).header.show is not None
    for path, heard in zip(paths, (early, late), strict=True):
        np.testing.assert_array_equal(rendered(path), np.concatenate(heard))
