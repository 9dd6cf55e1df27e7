"""What drivers call: the same samples as offline, to the bit, and nothing allocated."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.jack import JackServer

from weaver.dsp.jit import CACHE, entry
from weaver.engine.engine import Engine
from weaver.engine.hosts.heart import Block, heart

HERE = Path(__file__).resolve().parent
FRAMES = 4096


def perform(engine: Engine) -> None:
    """The same again for every engine: frames that no block size divides."""
    for index, name in enumerate(("strike", "rub", "strike", "damp", "strike")):
        engine.gesture(name, index, frame=1 + 331 * index)
    engine.midi((0x90, 50, 90), frame=777)
    engine.midi((0xE0, 0, 90), frame=1301)
    engine.set_parameter("turn_deg", 40.0, frame=2000)


@pytest.fixture
def offline(make_engine: Callable[..., Engine]) -> np.ndarray:
    engine = make_engine()
    perform(engine)
    sound = engine.render(FRAMES)
    assert np.abs(sound).max() > 0.01
    return sound


def in_blocks(block: Callable[[], np.ndarray]) -> np.ndarray:
    sound = [np.array(block())]
    while len(sound) * len(sound[0]) < FRAMES:
        sound.append(np.array(block()))
    return np.concatenate(sound)[:FRAMES]


@pytest.mark.parametrize("block", [1, 17, 64, 480])
def test_portaudio_gets_the_offline_samples(
    make_engine: Callable[..., Engine], offline: np.ndarray, block: int
) -> None:
    pytest.importorskip("jack", exc_type=OSError)
    from support.by_hand import PortAudioByHand

    engine = make_engine()
    perform(engine)
    np.testing.assert_array_equal(in_blocks(PortAudioByHand(engine, block)), offline)


def test_a_thread_of_ours_gets_the_offline_samples(make_engine: Callable[..., Engine], offline: np.ndarray) -> None:
    engine = make_engine()
    perform(engine)
    block = Block(engine.state, 100)

    def render() -> np.ndarray:
        block.render()
        return block.sound.T

    np.testing.assert_array_equal(in_blocks(render), offline)


def test_jack_gets_the_offline_samples(
    make_engine: Callable[..., Engine], offline: np.ndarray, jackd: JackServer
) -> None:
    from support.by_hand import JackByHand

    engine = make_engine()
    perform(engine)
    with JackByHand(engine) as process:
        process.cycle.xruns = 3
        np.testing.assert_array_equal(in_blocks(process), offline)
        assert process.cycle.load > 0.0 and process.cycle.block_frames == jackd.period_frames
    assert engine.state.counters.underflows == 3
    assert engine.state.host_frame == FRAMES - jackd.period_frames


def test_portaudio_tells_of_underflows_and_of_time(make_engine: Callable[..., Engine]) -> None:
    pytest.importorskip("jack", exc_type=OSError)
    from support.by_hand import PortAudioByHand

    engine = make_engine()
    block = PortAudioByHand(engine, 64)
    block.times["now_s"], block.record.clock_offset_s = 12.5, -2.5
    block()
    block.flags = 4
    block()
    assert engine.state.counters.underflows == 1
    assert (engine.state.host_time_s, engine.state.host_frame) == (10.0, 64)
    block.times["now_s"] = 0.0  # a driver that does not tell
    block()
    assert (engine.state.host_time_s, engine.state.host_frame) == (10.0, 64)


def allocations(kind: str) -> tuple[int, int, int]:
    environment = {
        **os.environ,
        "NUMBA_NRT_STATS": "1",
        "PYTHONPATH": f"{HERE.parents[2]}{os.pathsep}{HERE.parents[1]}",
    }
    command = [sys.executable, str(HERE / "count_allocations.py"), kind]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    counted, blocks, dropped = map(int, done.stdout.split())
    return counted, blocks, dropped


@pytest.mark.parametrize("kind", ["heart", "portaudio"])
def test_a_thousand_blocks_allocate_nothing(kind: str) -> None:
    pytest.importorskip("jack", exc_type=OSError)
    counted, blocks, dropped = allocations(kind)
    assert (counted, blocks) == (0, 1001)
    assert dropped < 1500, "next to nothing was performed"


def test_a_thousand_cycles_of_jack_allocate_nothing(jackd: JackServer) -> None:
    assert allocations("jack")[:2] == (0, 1001)


def test_the_count_sees_a_callback_that_allocates() -> None:
    assert allocations("control")[0] >= 1000


@entry
def allocating(frames):
    return np.ones(frames).sum()


def test_no_allocator_is_even_linked_to_the_heart() -> None:
    heart()
    allocating(8)

    def kept(name: str) -> bytes:
        return b"".join(path.read_bytes() for path in CACHE.rglob(f"*.{name}-*.nbc"))

    assert b"NRT_MemInfo_alloc" in kept("allocating")
    for native in ("_advance", "_life", "_room", "_midi"):
        assert kept(native)
        assert b"NRT_MemInfo_alloc" not in kept(native)
