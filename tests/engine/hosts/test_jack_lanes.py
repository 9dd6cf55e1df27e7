"""Lanes: rings of messages between JACK's thread and ours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from support.jack import JackServer

from weaver.dsp.sizes import new_record
from weaver.engine.engine import Engine

pytest.importorskip("jack", exc_type=OSError)

from weaver.engine.hosts.jack_lanes import LANE_BYTES, LANE_PACKETS, WIRES, put_message, take_message
from weaver.model.wires import LONGEST_BYTES

SLOT = 3


class Loop:
    """A pair of lanes whose far ends are tied together: what is put in comes out."""

    def __init__(self) -> None:
        self._memory = new_record(WIRES)
        self._out = np.zeros(LONGEST_BYTES, np.uint8)
        self.wires = self._memory[0]

    def put(self, data: bytes) -> bool:
        return bool(put_message(self._memory.ctypes.data, SLOT, np.frombuffer(data, np.uint8).ctypes.data, len(data)))

    def take(self) -> bytes:
        self.wires.inward[SLOT] = self.wires.outward[SLOT]
        size, _ = take_message(self._memory.ctypes.data, SLOT, self._out.ctypes.data)
        self.wires.outward[SLOT] = self.wires.inward[SLOT]
        return self._out[:size].tobytes()


def test_what_goes_in_comes_out_however_often_the_ring_goes_round() -> None:
    loop, sizes = Loop(), np.random.default_rng(1).integers(1, LONGEST_BYTES + 1, 300)
    sent = [bytes(np.arange(index, index + size, dtype=np.uint64).astype(np.uint8)) for index, size in enumerate(sizes)]
    got = []
    for pair in zip(sent[::2], sent[1::2], strict=True):
        assert all(loop.put(data) for data in pair)
        got += [loop.take(), loop.take()]
    assert got == sent
    assert loop.take() == b""
    assert sum(map(len, sent)) > 4 * LANE_BYTES


def test_a_lane_is_full_of_bytes_or_of_messages() -> None:
    long, short = Loop(), Loop()
    longest = LANE_BYTES // LONGEST_BYTES
    assert [long.put(bytes(LONGEST_BYTES)) for _ in range(longest + 1)] == [True] * longest + [False]
    assert long.wires.outward[SLOT]["lost"] == 1
    assert [short.put(b"x") for _ in range(LANE_PACKETS + 1)] == [True] * LANE_PACKETS + [False]
    assert short.take() == b"x" and short.put(b"y") and not short.put(b"y")


def test_a_cycle_tells_what_waits_in_order_and_no_more_than_it_may(
    jackd: JackServer, make_engine: Callable[..., Engine]
) -> None:
    from support.by_hand import JackByHand

    with JackByHand(make_engine()) as process:
        sent = [bytes((0xF0, number, *[0] * 498, 0xF7)) for number in range(20)]
        assert all(process.tell(data) for data in sent)
        told = []
        for _ in range(3):
            process()
            told.append(process.told())
        assert told == [sent[:8], sent[8:16], sent[16:]]
        process()
        assert process.told() == [], "nothing is told twice"
