"""What an enemy, or a bad program, sends to the ears: named, counted, and over. Whoever plays goes on playing."""

from __future__ import annotations

import math
import socket
import struct
import time
from collections.abc import Callable

import pytest
from support.earshot import HERE, THERE, earshot, is_closed, sized, slipped, udp
from support.eventually import eventually
from support.mutating import bundle, mutated, nested, words

from weaver.model.osc_packet import MAX_PACKET_BYTES, encode
from weaver.osc import tcp
from weaver.osc.peers import MAX_PEERS

BY_NAME = {
    "a bundle of 20 bytes with an element of -4": (bundle(sizes=(-4,)), "bad size in a bundle"),
    "an address of patterns": (words(b"/" + b"{,}" * 22 + b"x", b","), "bad address"),
    "bytes that are not UTF-8": (words(b"/sphere/\xff\xfe", b","), "not UTF-8"),
    "bundles 400 deep": (nested(400), "too deep"),
    "900 nested bundles": (nested(900), "too long"),
    "60 kB of unknown types": (words(b"/a", b"," + b"x" * 60_000), "too long"),
    "16,000 empty elements": (bundle(*[b""] * 14_000), "too long"),
    "NaN": (words(b"/sphere/1/strike", b",f", struct.pack(">f", math.nan)), "not a finite number"),
    "inf": (words(b"/sphere/1/strike", b",d", struct.pack(">d", math.inf)), "not a finite number"),
    "half a float": (words(b"/sphere/1/strike", b",f", bytes(2)), "not a multiple of four bytes"),
    "a float that is not there": (words(b"/sphere/1/strike", b",f"), "too short"),
    "a blob of less than nothing": (words(b"/a", b",b", struct.pack(">i", -8) + bytes(8)), "too short"),
    "a blob of 2 GiB": (words(b"/a", b",b", struct.pack(">i", 2**31 - 1)), "too short"),
    "nothing at all": (b"", "not a multiple of four bytes"),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_by_udp_it_is_counted_by_its_name(name: str) -> None:
    packet, why = BY_NAME[name]
    with earshot() as here, udp() as enemy:
        for _ in range(3):
            enemy.sendto(packet, (HERE, here.ears.port))
        assert eventually(lambda: here.ears.lost == {why: 3})
        assert here.still_hears()


@pytest.mark.parametrize("framed", [sized, slipped])
def test_by_tcp_too(framed: Callable[[bytes], bytes]) -> None:
    small = [(packet, why) for packet, why in BY_NAME.values() if 0 < len(packet) <= MAX_PACKET_BYTES]
    with earshot() as here, here.connect() as enemy:
        for packet, _ in small:
            enemy.sendall(framed(packet))
        enemy.sendall(framed(encode("/good")))
        assert here.heard("/good"), "nonsense in a frame does not spoil the next one"
        assert sum(here.ears.lost.values()) == len(small)
        assert set(here.ears.lost) == {why for _, why in small}
        assert here.still_hears()


def test_a_character_does_not_shift_the_float_behind_it() -> None:
    with earshot() as here, udp() as tablet:
        tablet.sendto(words(b"/a", b",cf", struct.pack(">If", 65, 0.5)), (HERE, here.ears.port))
        assert here.heard("/a")
        assert here.said[0].arguments[1] == 0.5


def test_a_bundle_for_next_year_makes_nobody_sleep() -> None:
    with earshot() as here, udp() as enemy:
        enemy.sendto(bundle(encode("/later"), time_tag=(1 << 64) - 1), (HERE, here.ears.port))
        assert here.heard("/later")
        assert here.packets[0][1][0].time_tag == (1 << 64) - 1
        assert here.still_hears()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (struct.pack(">I", 0xFFFFFFFC) + b"/a", "neither size nor SLIP"),
        (struct.pack(">I", 0x00FFFFFC) + b"/a", "bad size of a frame"),
        (b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", "neither size nor SLIP"),
        (b"\xc0" + b"/a" * MAX_PACKET_BYTES + b"/a", "frame without end"),
    ],
    ids=["4 GiB to come", "16 MiB to come", "a browser", "SLIP without end"],
)
def test_a_stream_that_is_none_is_hung_up_on(said: bytes, why: str) -> None:
    with earshot() as here, here.connect() as enemy:
        enemy.sendall(said)
        assert is_closed(enemy)
        assert eventually(lambda: here.ears.lost == {why: 1})
        assert here.still_hears()


def test_who_trickles_a_packet_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow-loris: a byte now and then keeps nothing open."""
    monkeypatch.setattr(tcp, "FRAME_S", 0.2)
    with earshot() as here, here.connect() as enemy, here.connect() as player:
        player.sendall(sized(encode("/a")) + b"\0\0")  # even who has been heard
        enemy.sendall(sized(b"/" * 4000)[:5])
        assert here.heard("/a")
        enemy.settimeout(0.02)

        def trickled_to_the_end() -> bool:
            try:
                enemy.sendall(b"/")
            except ConnectionError:
                return True
            return is_closed(enemy)

        assert eventually(trickled_to_the_end)
        assert is_closed(player)
        assert eventually(lambda: here.ears.lost["packet never ended"] == 2)
        assert eventually(lambda: [peer.transport for peer in here.gone] == ["tcp"])
        assert here.still_hears()


@pytest.mark.parametrize("said", [b"", b"\xc0", sized(b"????"), slipped(b"????") * 3])
def test_who_says_nothing_that_can_be_read_is_hung_up_on(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(tcp, "FIRST_WORD_S", 0.2)
    with earshot() as here, here.connect() as enemy:
        enemy.sendall(said)
        assert is_closed(enemy)
        assert eventually(lambda: here.ears.lost["said nothing"] == 1)


def test_who_has_said_hello_may_listen_for_as_long_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "FIRST_WORD_S", 0.1)
    monkeypatch.setattr(tcp, "FRAME_S", 0.1)
    with earshot() as here, here.connect() as listener, here.connect() as silent:
        listener.sendall(sized(encode("/hello", 0)))
        assert is_closed(silent)
        time.sleep(0.2)
        assert here.ears.send(here.packets[0][0], encode("/alive", 1))
        assert listener.recv(100) == sized(encode("/alive", 1))
        assert here.gone == []


def test_who_does_not_read_is_dropped_and_keeps_nobody_waiting() -> None:
    with earshot() as here, here.connect() as deaf, here.connect() as listener:
        deaf.sendall(sized(encode("/deaf")))
        listener.sendall(slipped(encode("/listener")))
        assert here.heard("/deaf") and here.heard("/listener")
        of = {here.said[index].address: peer for index, (peer, _, _) in enumerate(here.packets)}
        packet = encode("/told", b"x" * 1200)
        told = 0
        while here.ears.send(of["/deaf"], packet):
            told += 1
            assert here.ears.send(of["/listener"], packet)
            received = b""
            while len(received) < len(slipped(packet)):
                received += listener.recv(4096)
            assert told < 100_000, "it would take anything"
        assert eventually(lambda: here.gone == [of["/deaf"]])
        assert here.ears.lost["does not read"] == 1
        assert here.ears.send(of["/listener"], packet)


def test_what_waits_for_a_slow_reader_is_told_when_it_reads() -> None:
    with earshot() as here, here.connect() as slow:
        slow.sendall(sized(encode("/slow")))
        assert here.heard("/slow")
        connection = here.ears._tcp.connections[0]
        count = 0
        while not connection._unread:
            assert here.ears.send(here.packets[0][0], encode("/told", count, b"x" * 1000))
            count += 1
        expected = b"".join(sized(encode("/told", number, b"x" * 1000)) for number in range(count))
        received = bytearray()
        while len(received) < len(expected):
            received += slow.recv(65536)
        assert received == expected and here.gone == []


def test_connections_have_an_end_for_each_host_and_for_all() -> None:
    with udp(THERE), earshot("127.0.0.0/8") as here:  # where there are such addresses
        streams = [here.connect() for _ in range(tcp.MAX_PER_HOST)]
        with here.connect() as one_more:
            assert is_closed(one_more)
        for number in range(2, 2 + tcp.MAX_CONNECTIONS):
            streams.append(here.connect(f"127.0.0.{number}"))
        assert eventually(lambda: here.ears.lost["too many connections"] == 1 + tcp.MAX_PER_HOST)
        assert len(here.ears._tcp.connections) == tcp.MAX_CONNECTIONS
        streams[0].sendall(sized(encode("/first")))
        assert here.heard("/first")
        for stream in streams:
            stream.close()
        assert eventually(lambda: not here.ears._tcp.connections)
        assert here.still_hears()


def test_connections_that_are_reset_leave_nothing_behind() -> None:
    with earshot() as here:
        for number in range(50):
            stream = here.connect()
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.sendall(sized(encode("/a")) if number % 2 else b"\0")
            stream.close()
        assert eventually(lambda: not here.ears._tcp.connections and not here.peers.known())
        assert not here.ears._of
        assert here.still_hears()


def memory_kb() -> int:
    """The most that it ever was."""
    resource = pytest.importorskip("resource")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_flood_from_a_stranger_costs_nothing_but_its_counting() -> None:
    with earshot() as here, udp(THERE) as stranger, udp() as tablet:
        packet = nested(200)
        before_kb = memory_kb()
        for number in range(20_000):
            stranger.sendto(packet, (HERE, here.ears.port))
            if number % 100 == 0:
                tablet.sendto(encode("/a"), (HERE, here.ears.port))
        assert eventually(lambda: here.peers.lost["stranger"] > 1000)
        assert here.still_hears()
        assert {message.address for message in here.said} == {"/a", "/well"}
        assert here.ears.lost == {} and set(here.peers.lost) == {"stranger"}
        assert memory_kb() - before_kb < 20_000


def test_who_says_more_than_its_rate_is_cut_and_the_others_are_not() -> None:
    with earshot(THERE, rate_hz=200.0) as here, udp(THERE) as flooder:
        for _ in range(2000):
            flooder.sendto(encode("/flood"), (HERE, here.ears.port))
        assert eventually(lambda: here.peers.lost["over its rate"] > 500)
        assert here.still_hears()
        assert sum(message.address == "/flood" for message in here.said) < 1000
        assert here.ears.lost == {}


def test_bundles_are_reckoned_by_what_is_in_them() -> None:
    with earshot(THERE, rate_hz=200.0) as here, udp(THERE) as flooder:
        for _ in range(100):
            flooder.sendto(bundle(*[encode("/flood")] * 64), (HERE, here.ears.port))
        assert eventually(lambda: here.peers.lost["over its rate"] > 50)
        assert here.still_hears()


def test_a_connection_has_a_rate_as_well() -> None:
    with earshot(rate_hz=200.0) as here, here.connect() as flooder:
        flooder.sendall(sized(encode("/flood")) * 2000)
        assert eventually(lambda: here.peers.lost["over its rate"] > 500)
        assert here.still_hears()


def test_who_listens_everywhere_makes_room_for_itself() -> None:
    """An allowed peer that says hello from, and for, every port there is."""
    with earshot(THERE, rate_hz=1e9) as here, udp(THERE) as enemy, udp() as tablet:
        tablet.sendto(encode("/tablet"), (HERE, here.ears.port))
        assert here.heard("/tablet")
        player = here.packets[0][0]
        enemy.sendto(encode("/a"), (HERE, here.ears.port))
        assert here.heard("/a")
        for port in range(20_000, 24_000):
            here.peers.hello(here.packets[1][0], port)
            peer = here.peers.admit(THERE, port, "udp", time.monotonic())
            assert peer is not None
            here.peers.hello(peer, port + 20_000)
        assert len(here.peers.known()) < MAX_PEERS and player in here.peers.known()
        assert eventually(lambda: player not in here.gone and not here.peers.departed())


def test_damaged_datagrams_end_nothing() -> None:
    with earshot(rate_hz=1e9) as here, udp() as enemy, here.connect() as stream:
        for number, packet in enumerate(mutated(21, 2000)):
            enemy.sendto(packet, (HERE, here.ears.port))
            if 0 < len(packet) <= MAX_PACKET_BYTES:
                stream.sendall(sized(packet))
            if number % 50 == 0:
                assert here.still_hears()
        assert len(here.ears.lost) > 8
        assert not any("Error in" in why for why in here.ears.lost), here.ears.lost


def test_a_stream_of_noise_ends_only_itself() -> None:
    with earshot() as here:
        for seed in range(30):
            with here.connect() as stream:
                for packet in mutated(seed, 20):
                    try:
                        stream.sendall((sized, slipped, lambda packet: packet)[seed % 3](packet))
                    except ConnectionError:
                        break
        assert eventually(lambda: not here.ears._tcp.connections)
        assert here.still_hears()
