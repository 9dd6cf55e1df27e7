"""monome grids through serialosc: found, played, lit, pulled out, put back; over UDP, twins at the other end."""

from __future__ import annotations

import random
import socket
import time
from typing import TYPE_CHECKING

import pytest
from support.eventually import eventually
from support.twins.monome import Monome, SerialOsc
from support.twins.osc import pack

from weaver.model.errors import DeviceError
from weaver.model.osc_packet import encode
from weaver.osc.serialosc import SerialoscWires

if TYPE_CHECKING:
    from osc.conftest import Desk

WIDE, SMALL = "monome grid 16x8 m1000123", "monome grid 8x8 m64-0042"


def there(desk: Desk) -> bool:
    return eventually(lambda: {WIDE, SMALL} <= set(desk.wires.inputs()))


def join(desk: Desk, name: str, grid: Monome) -> int:
    assert eventually(lambda: name in desk.wires.inputs())
    slot = desk.wires.join(name, name)
    assert desk.wires.send(slot, encode("/weaver/grid/led/level/set", 0, 0, 15))
    assert eventually(lambda: grid.level(0, grid.rows - 1))  # so it has heard all that came before
    assert desk.wires.send(slot, encode("/weaver/grid/led/level/set", 0, 0, 0))
    assert eventually(lambda: not grid.level(0, grid.rows - 1))
    return slot


def test_grids_are_found_with_their_size(desk: Desk) -> None:
    assert there(desk)
    assert desk.wires.inputs() == desk.wires.outputs()
    assert desk.wires.inputs()[SMALL] == (SMALL, "monome 64", "m64-0042")
    assert desk.wires.joined() == {}


@pytest.mark.parametrize(("column", "row"), [(0, 0), (15, 0), (0, 7), (15, 7), (3, 5)])
def test_keys_are_notes_counted_from_the_bottom_left(
    desk: Desk, grids: tuple[Monome, Monome], column: int, row: int
) -> None:
    slot = join(desk, WIDE, grids[0])
    before_s = time.monotonic()
    grids[0].press(column, row)
    grids[0].release(column, row)
    assert eventually(lambda: len(desk.played) == 2)
    note = 16 * row + column
    assert [data for _, data, _ in desk.played] == [bytes((0x90, note, 127)), bytes((0x80, note, 0))]
    assert {played for played, _, _ in desk.played} == {slot}
    assert all(before_s <= time_s <= time.monotonic() for _, _, time_s in desk.played)
    assert [heard.data for heard in desk.wires.heard()] == [data for _, data, _ in desk.played]
    assert desk.wires.heard() == []


def test_a_small_grid_counts_from_its_own_bottom(desk: Desk, grids: tuple[Monome, Monome]) -> None:
    join(desk, SMALL, grids[1])
    grids[1].press(7, 0)
    assert eventually(lambda: [data for _, data, _ in desk.played] == [bytes((0x90, 7, 127))])


def test_the_lower_half_of_a_big_grid_is_on_channel_2() -> None:
    """So that notes and lights of the upper half are where those of smaller grids are."""
    big = Monome("m2", 16, 16)
    with SerialOsc(big) as daemon:
        played: list[bytes] = []
        wires = SerialoscWires(lambda slot, data, time_s: played.append(data), port=daemon.port, look_s=0.1)
        assert eventually(wires.inputs)
        wires.join(next(iter(wires.inputs())))
        assert eventually(lambda: big.prefix == "/weaver" and big.to_port)
        big.press(2, 9)
        big.press(2, 0)
        assert eventually(lambda: played == [bytes((0x90, 16 + 2, 127)), bytes((0x91, 2, 127))])
        wires.close()


def test_lights_are_told_to_their_own_grid(desk: Desk, grids: tuple[Monome, Monome]) -> None:
    wide, small = join(desk, WIDE, grids[0]), join(desk, SMALL, grids[1])
    assert {wide, small} == {5, 6}
    assert desk.wires.send(wide, encode("/weaver/grid/led/level/set", 3, 7, 9))
    levels = [(x + y) % 16 for y in range(8) for x in range(8)]
    assert desk.wires.send(wide, encode("/weaver/grid/led/level/map", 8, 0, *levels))
    assert eventually(lambda: grids[0].level(15, 7) == 7)
    assert grids[0].level(3, 0) == 9
    assert not any(grids[1].lights)


def test_who_is_not_joined_is_not_played(desk: Desk, grids: tuple[Monome, Monome]) -> None:
    slot = join(desk, WIDE, grids[0])
    desk.wires.part(slot)
    assert desk.vanished == [slot] and desk.wires.joined() == {}
    grids[0].press(0, 0)
    assert eventually(lambda: desk.wires.lost.get("nobody"))
    assert desk.played == [] and not desk.wires.send(slot, encode("/weaver/grid/led/level/all", 1))
    assert desk.wires.join(WIDE, None) == slot


def test_pulled_out_and_put_back_it_is_as_before(desk: Desk, grids: tuple[Monome, Monome], daemon: SerialOsc) -> None:
    small = join(desk, SMALL, grids[1])
    wide = join(desk, WIDE, grids[0])
    for _ in range(3):  # a notice comes only once for each time it is asked for
        desk.vanished.clear()
        daemon.pull(grids[0])
        assert eventually(lambda: desk.vanished == [wide])
        assert desk.wires.joined() == {small: SMALL} and WIDE not in desk.wires.inputs()
        daemon.put_back(grids[0])
        assert join(desk, WIDE, grids[0]) == wide
        grids[0].press(1, 1)
        assert eventually(lambda: desk.played and desk.played[-1][:2] == (wide, bytes((0x90, 17, 127))))
        desk.played.clear()


def test_a_change_is_told_at_once(daemon: SerialOsc, grids: tuple[Monome, Monome]) -> None:
    """By the daemon's notice, long before the next look."""
    wires = SerialoscWires(lambda slot, data, time_s: None, port=daemon.port, look_s=60.0, lost_after_s=200.0)
    assert eventually(lambda: len(wires.inputs()) == 2)
    for _ in range(3):
        assert eventually(lambda: daemon.is_asked)
        daemon.pull(grids[0])
        assert eventually(lambda: len(wires.inputs()) == 1)
        assert eventually(lambda: daemon.is_asked)
        daemon.put_back(grids[0])
        assert eventually(lambda: len(wires.inputs()) == 2)
    wires.close()


def test_what_comes_between_two_notices_is_seen(daemon: SerialOsc, grids: tuple[Monome, Monome]) -> None:
    wires = SerialoscWires(lambda slot, data, time_s: None, port=daemon.port, look_s=60.0, lost_after_s=200.0)
    assert eventually(lambda: len(wires.inputs()) == 2 and daemon.is_asked)
    with daemon.lock:  # so that it hears nothing of what it is asked meanwhile
        daemon.pull(grids[0])
        assert eventually(lambda: len(wires.inputs()) == 1)
        daemon.put_back(grids[0])
    assert eventually(lambda: len(wires.inputs()) == 2)
    wires.close()


def test_a_grid_that_falls_silent_is_gone(desk: Desk, grids: tuple[Monome, Monome]) -> None:
    slot = join(desk, WIDE, grids[0])
    grids[0].close()
    assert eventually(lambda: desk.vanished == [slot])
    assert desk.wires.joined() == {}


def test_a_daemon_that_comes_later_is_found(grids: tuple[Monome, Monome]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        wires = SerialoscWires(lambda slot, data, time_s: None, port=nobody.getsockname()[1], look_s=0.05)
        nobody.settimeout(10)
        first = [nobody.recv(200) for _ in range(3)]
        assert {data[:15] for data in first} == {b"/serialosc/list", b"/serialosc/noti"}
        asked = socket.getaddrinfo("127.0.0.1", wires.port)[0][4]
        nobody.sendto(pack("/serialosc/device", grids[0].identity, grids[0].name, grids[0].port), asked)
        assert eventually(lambda: WIDE in wires.inputs())
        wires.close()
    for grid in grids:
        grid.close()


def test_slots_are_kept_and_given_away_only_when_needed(desk: Desk, grids: tuple[Monome, Monome]) -> None:
    wide = join(desk, WIDE, grids[0])
    desk.wires.part(wide)
    assert join(desk, SMALL, grids[1]) != wide
    assert join(desk, WIDE, grids[0]) == wide


def test_too_many_and_unknown_grids_are_refused(daemon: SerialOsc) -> None:
    wires = SerialoscWires(lambda slot, data, time_s: None, slots=(9,), port=daemon.port, look_s=0.1)
    assert eventually(lambda: len(wires.inputs()) == 2)
    with pytest.raises(DeviceError, match="no 'monome grid 1x1'"):
        wires.join("monome grid 1x1", None)
    wires.join(WIDE, WIDE)
    with pytest.raises(DeviceError, match="all 1 slots"):
        wires.join(SMALL, SMALL)
    wires.close()
    wires.close()


def test_nonsense_is_counted_and_the_grid_plays_on(desk: Desk, grids: tuple[Monome, Monome]) -> None:
    join(desk, WIDE, grids[0])
    port, chance = grids[0].to_port, random.Random(5)
    nonsense = [
        b"#bundle\0" + bytes(12),
        b"\xff" * 8,
        pack("/weaver/grid/key", 99, 0, 1),
        pack("/weaver/grid/key", 0.5, 0, 1),
        pack("/weaver/grid/key", 1),
        pack("/sys/size", -1, 70000),
        pack("/elsewhere", 1),
        *(chance.randbytes(chance.randrange(1, 200)) for _ in range(300)),
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anybody:
        for data in nonsense:
            anybody.sendto(data, ("127.0.0.1", port))
            anybody.sendto(data, ("127.0.0.1", desk.wires.port))
        for number in range(40):
            anybody.sendto(pack("/serialosc/device", f"x{number}", "monome 64", 9), ("127.0.0.1", desk.wires.port))
    grids[0].press(4, 4)
    assert eventually(lambda: desk.played)
    assert [data for _, data, _ in desk.played] == [bytes((0x90, 68, 127))]
    expected = {
        "bad size in a bundle",
        "key out of place",
        "unknown address",
        "too many grids",
        "not a multiple of four bytes",
    }
    assert eventually(lambda: expected <= set(desk.wires.lost))
    assert WIDE in desk.wires.inputs()


def test_a_listener_that_raises_costs_one_key(daemon: SerialOsc, grids: tuple[Monome, Monome]) -> None:
    def sink(slot: int, data: bytes, time_s: float) -> None:
        raise RuntimeError

    wires = SerialoscWires(sink, port=daemon.port, look_s=0.1)
    assert eventually(lambda: WIDE in wires.inputs())
    wires.join(WIDE, WIDE)
    assert eventually(lambda: grids[0].prefix == "/weaver")
    grids[0].press(0, 0)
    grids[0].press(1, 0)
    assert eventually(lambda: wires.lost.get("refused") == 2)
    assert len(wires.heard()) == 2
    wires.close()


def test_no_other_machine_is_heard(desk: Desk) -> None:
    assert there(desk)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        try:
            stranger.bind(("127.0.0.2", 0))
        except OSError:
            pytest.skip("this system has one loopback address only")
        stranger.sendto(pack("/serialosc/remove", "m1000123"), ("127.0.0.1", desk.wires.port))
    assert eventually(lambda: desk.wires.lost.get("unknown sender"))
    assert WIDE in desk.wires.inputs()
