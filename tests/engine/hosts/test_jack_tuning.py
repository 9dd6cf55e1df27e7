"""Tunings by SysEx on a real JACK server: at their own frame, and none too large."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from support.eventually import eventually
from support.jack import JackServer, settle
from support.jack_callbacks import CallbackClient
from support.playing import cents
from support.tuning import bulk, octave, single, word

from weaver.engine.decoder import CUT_SHORT, NO_ROOM, WRONG_LENGTH
from weaver.engine.engine import Engine
from weaver.engine.hosts.base import Host
from weaver.model.gestures import MIDI, RETUNE
from weaver.model.units import note_to_hz

Period = list[tuple[int, bytes]]
"""Messages of one period: at which frame of it, and what."""


@contextmanager
def daw() -> Iterator[Callable[[Period], None]]:
    """Somebody at `weaver:midi_in` who sends whole periods."""
    client = CallbackClient("daw")
    port = client.midi_outports.register("out")
    waiting: queue.SimpleQueue[Period] = queue.SimpleQueue()

    @client.set_process_callback
    def send(_: int) -> None:
        port.clear_buffer()
        if not waiting.empty():
            for offset, data in waiting.get():
                port.write_midi_event(offset, data)

    client.activate()
    try:
        client.connect(port, "weaver:midi_in")
        settle()
        yield waiting.put
    finally:
        client.close()


STANDARD = [note_to_hz(note) for note in range(128)]


def test_a_daw_tunes_at_the_very_frame(
    jackd: JackServer, opened: Callable[..., Host], make_engine: Callable[..., Engine]
) -> None:
    host, engine = opened("jack", midi="none"), make_engine(jackd.sample_rate_hz)
    engine.keep_log()
    host.start(engine)
    done: list[tuple[int, int, float, float]] = []

    def logged(count: int) -> bool:
        for stretch in engine.log():
            for command in stretch.commands:
                done.append((int(command["frame"]), int(command["kind"]), *map(float, command["values"][:2])))
        return len(done) >= count

    with daw() as send:
        send(
            [
                (3, bytes((0x90, 50, 90))),
                (37, single({60: 300.0, 61: 310.0})),
                (101, single({60: 301.0}, real_time=False, bank=2)),
                (200, bytes((0x80, 50, 0))),
            ]
        )
        assert eventually(lambda: logged(5))
        first = done[0][0]
        assert [(frame - first, kind, int(value)) for frame, kind, value, _ in done] == [
            (0, MIDI, 0x90),
            (34, RETUNE, 60),
            (34, RETUNE, 61),
            (98, RETUNE, 60),
            (197, MIDI, 0x80),
        ]
        send([(0, bulk([word(hz * 1.01) for hz in STANDARD])), (255, octave([64] * 12))])
        assert eventually(lambda: logged(5 + 255))
    by_dump, by_octave = done[5:-128], done[-128:]
    assert {frame for frame, *_ in by_octave} == {by_dump[0][0] + 255}
    assert all(abs(cents(hz, STANDARD[int(note)] * 1.01)) < 0.01 for _, _, note, hz in by_dump)
    np.testing.assert_allclose(engine.state.midi_map.note_hz, STANDARD, rtol=1e-6)
    assert not engine.state.midi.ignored.any()


def test_what_is_broken_or_too_much_is_counted_and_notes_get_through(
    jackd: JackServer, opened: Callable[..., Host], make_engine: Callable[..., Engine]
) -> None:
    host, engine = opened("jack", midi="none"), make_engine(jackd.sample_rate_hz)
    host.start(engine)
    dump = bulk([word(hz * 1.01) for hz in STANDARD])
    ignored, midi = engine.state.midi.ignored, engine.state.midi
    with daw() as send:
        send([(0, dump[:-2] + bytes(30_000) + b"\xf7"), (10, bytes((0x90, 50, 90)))])
        assert eventually(lambda: ignored[WRONG_LENGTH] == 1 and midi.port_events[0] == 1)
        send([(0, dump[:300]), (10, bytes((0x80, 50, 0)))])
        assert eventually(lambda: ignored[CUT_SHORT] == 1 and midi.port_events[0] == 2)
        send([*((n, dump) for n in range(50)), (60, bytes((0x90, 50, 90)))])
        assert eventually(lambda: midi.port_events[0] == 3)
    assert ignored[NO_ROOM] == 46
    assert engine.state.counters.dropped_commands == 0
    assert abs(cents(engine.state.midi_map.note_hz[60], 1.01 * STANDARD[60])) < 0.01
