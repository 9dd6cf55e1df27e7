"""The ears, with real sockets: who is heard, answered, let go; ports; and that they go on whatever happens."""

from __future__ import annotations

import socket
import sys
import threading
import time

import pytest
from support.earshot import HERE, THERE, earshot, is_closed, sized, slipped, udp
from support.eventually import eventually

from weaver.model.errors import DeviceError
from weaver.model.osc_packet import OscMessage, Together, decode, encode, encode_bundle
from weaver.osc import ears as ears_module
from weaver.osc.ears import TRIES, Ears
from weaver.osc.peer import Peer
from weaver.osc.peers import Peers


def test_a_datagram_is_heard_with_who_said_it_and_when() -> None:
    with earshot() as here, udp() as tablet:
        before_s = time.monotonic()
        tablet.sendto(encode("/sphere/1/rub", 0.5, 0.25), (HERE, here.ears.port))
        tablet.sendto(encode_bundle([encode("/a"), encode("/b")], 1 << 40), (HERE, here.ears.port))
        assert here.heard("/b")
        (peer, first, arrival_s), (same, second, _) = here.packets
        assert first == (Together(1, (OscMessage("/sphere/1/rub", (0.5, 0.25)),)),)
        assert second == (Together(1 << 40, (OscMessage("/a"), OscMessage("/b"))),)
        assert peer is same and (peer.host, peer.port, peer.messages) == (HERE, 9, 3)
        assert before_s <= arrival_s == peer.met_s <= time.monotonic()
        assert here.ears.messages == 3


def test_answers_go_to_the_reply_port_and_to_where_hello_says() -> None:
    with udp() as listener, udp() as sender:
        with earshot(reply_port=listener.getsockname()[1]) as here:
            sender.sendto(encode("/a"), (HERE, here.ears.port))
            assert here.heard("/a")
            peer = here.packets[0][0]
            assert here.ears.send(peer, encode("/pong", 1))
            assert decode(listener.recv(100)) == OscMessage("/pong", (1,))
            here.peers.hello(peer, 0)
            assert here.ears.send(peer, encode("/pong", 2))
            assert decode(sender.recv(100)) == OscMessage("/pong", (2,))
            sender.sendto(encode("/b"), (HERE, here.ears.port))
            assert here.heard("/b") and here.packets[1][0] is peer


@pytest.mark.parametrize("framed", [sized, slipped])
def test_a_connection_is_heard_and_answered_as_it_speaks(framed) -> None:
    with earshot() as here, here.connect() as one, here.connect() as other:
        one.sendall(framed(encode("/one", b"\xc0\xdb")) + framed(encode_bundle([encode("/two")])))
        other.sendall(framed(encode("/three"))[:5])
        assert here.heard("/two")
        other.sendall(framed(encode("/three"))[5:])
        assert here.heard("/three")
        peer, third = here.packets[0][0], here.packets[2][0]
        assert peer.transport == "tcp" and peer is here.packets[1][0] is not third
        assert set(here.peers.known()) == {peer, third}
        packet = encode("/pong", b"\xdb\xc0")
        assert here.ears.send(peer, packet)
        assert one.recv(100) == framed(packet)


def test_who_hangs_up_is_gone() -> None:
    with earshot() as here:
        with here.connect() as one:
            one.sendall(sized(encode("/a")))
            assert here.heard("/a")
        peer = here.packets[0][0]
        assert eventually(lambda: here.gone == [peer])
        assert here.peers.known() == ()
        assert not here.ears.send(peer, encode("/pong"))
        assert here.ears.lost == {"not sent": 1}


def test_a_stranger_is_not_read_at_all() -> None:
    with earshot() as here, udp(THERE) as stranger:
        stranger.sendto(encode("/panic"), (HERE, here.ears.port))
        stranger.sendto(b"#bundle\0 nonsense", (HERE, here.ears.port))
        with here.connect(THERE) as connection:
            assert is_closed(connection)
        assert eventually(lambda: here.peers.lost == {"stranger": 3})
        assert here.packets == [] and here.ears.lost == {}
        assert here.peers.strangers() == (THERE,)
        here.peers.allow(THERE)
        stranger.sendto(encode("/hush"), (HERE, here.ears.port))
        assert here.heard("/hush")
        assert here.still_hears()


def test_who_is_sent_away_is_let_go_and_hung_up_on() -> None:
    with earshot() as here, udp(THERE) as tablet:
        here.peers.allow(THERE)
        tablet.sendto(encode("/a"), (HERE, here.ears.port))
        with here.connect(THERE) as connection:
            connection.sendall(sized(encode("/b")))
            assert here.heard("/a") and here.heard("/b")
            assert here.peers.revoke() == THERE
            assert is_closed(connection)
        assert eventually(lambda: len(here.gone) == 2)
        assert {peer for peer, _, _ in here.packets} == set(here.gone)
        assert here.ears.lost == {"sent away": 1}


def test_who_speaks_on_when_it_has_just_been_sent_away_is_hung_up_on() -> None:
    """Else it would come back as a peer that nobody lets go when the connection ends."""

    def hear(peer: Peer, message: OscMessage) -> None:
        if message.address == "/away":
            here.peers.revoke()
            here.peers.allow(THERE)

    with earshot(hear=hear) as here:
        here.peers.allow(THERE)
        with here.connect(THERE) as connection:
            connection.sendall(sized(encode("/away")) + sized(encode("/on")))
            assert is_closed(connection)
        assert eventually(lambda: here.gone)
        assert [message.address for message in here.said] == ["/away"]
        assert here.peers.known() == () and {peer for peer, _, _ in here.packets} == set(here.gone)


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_where_a_port_is_taken_the_next_free_one_is(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taker:
        taker.bind((HERE, 0))
        if kind == socket.SOCK_STREAM:
            taker.listen()
        port = min(taker.getsockname()[1], 65_500)
        with earshot(port=port) as here:
            assert port < here.ears.port < port + TRIES
            assert here.ears.addresses() == (f"{HERE}:{here.ears.port}",)
            assert here.still_hears()


def test_two_instruments_stand_side_by_side() -> None:
    with earshot() as here, earshot(port=here.ears.port) as other:
        assert here.ears.port != other.ears.port
        assert here.still_hears() and other.still_hears()


@pytest.mark.parametrize("port", [65535, 70_000])
def test_where_there_is_no_port_it_is_said(port: int) -> None:
    peers = Peers(9)
    with udp(port=65535) if port == 65535 else udp():
        with pytest.raises(DeviceError, match=rf"none of the ports {port} to {port + 9} is free"):
            Ears(peers, lambda *said: None, lambda peer: None, port=port)


def test_open_it_says_where_others_find_it() -> None:
    with earshot(is_open=True) as here:
        addresses = here.ears.addresses()
        assert addresses and all(address.endswith(f":{here.ears.port}") for address in addresses)
        hosts = [address.rpartition(":")[0] for address in addresses]
        assert hosts == [HERE] or HERE not in hosts
        for host in hosts:  # of those, the gate takes only loopback for this machine
            with socket.create_connection((host, here.ears.port), timeout=10) as connection:
                assert host == HERE or is_closed(connection)
        assert here.still_hears()


def test_nobody_listening_is_learnt() -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells")
    with udp() as listener, earshot(reply_port=listener.getsockname()[1]) as here, udp() as tablet:
        tablet.sendto(encode("/a"), (HERE, here.ears.port))
        assert here.heard("/a")
        peer = here.packets[0][0]
        assert here.ears.send(peer, encode("/pong"))
        listener.recv(100)
        assert not here.peers.nobody_listens(peer)
        listener.close()
        assert here.ears.send(peer, encode("/pong"))
        assert eventually(lambda: here.peers.nobody_listens(peer))
        for _ in range(200):  # what is refused is said of others too, and costs them nothing
            assert here.ears.send(peer, encode("/pong"))
            tablet.sendto(encode("/b"), (HERE, here.ears.port))
        assert eventually(lambda: len(here.said) == 201)
        assert here.ears.lost == {}


def test_what_we_say_to_ourselves_is_not_heard() -> None:
    """A peer that says it listens where we do would have us play our own lights."""
    with earshot() as here, udp() as tablet:
        tablet.sendto(encode("/a"), (HERE, here.ears.port))
        assert here.heard("/a")
        peer = here.peers.hello(here.packets[0][0], here.ears.port)
        assert here.ears.send(peer, encode("/stakes", 3))
        assert eventually(lambda: here.ears.lost == {"from ourselves": 1})
        assert [message.address for message in here.said] == ["/a"]


def test_what_hears_may_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError

    ticks = []

    def tick(now_s: float) -> None:
        ticks.append(now_s)
        raise KeyError

    with earshot(hear=refuse, tick=tick) as here, udp() as tablet:
        here.ears._gone = refuse
        with here.connect() as connection:
            for _ in range(3):
                tablet.sendto(encode("/a"), (HERE, here.ears.port))
            connection.sendall(sized(encode("/b")) * 2)
            assert eventually(lambda: here.ears.lost["RuntimeError in hear"] == 5)
        assert eventually(lambda: here.ears.lost["RuntimeError in refuse"] == 1)
        assert eventually(lambda: len(ticks) > 5)
        assert here.ears.lost["KeyError in tick"] >= 5
        assert here.still_hears()


def test_while_it_is_full_packets_wait_and_who_asks_may_raise() -> None:
    answers = iter([True] * 20 + [None] * 3)
    turns: list[float] = []

    def is_full() -> bool:
        turns.append(time.monotonic())
        if (answer := next(answers, False)) is None:
            raise RuntimeError
        return answer

    with earshot(is_full=is_full) as here, udp() as tablet:
        for number in range(50):
            tablet.sendto(encode("/a", number), (HERE, here.ears.port))
        assert eventually(lambda: len(here.said) == 50)
        assert here.packets[0][2] >= turns[22], "nothing was heard while it was full"
        assert len(here.ticks) >= 20
        assert here.ears.lost == {"RuntimeError in _turn": 3}


def test_who_speaks_too_when_it_has_become_full_waits() -> None:
    """Each message fills it up for three questions: nobody else is heard before they are answered."""
    log: list[str] = []
    left = [0]

    def is_full() -> bool:
        log.append("asked")
        left[0] = max(left[0] - 1, 0)
        return left[0] > 0

    def fill(peer: Peer, message: OscMessage) -> None:
        log.append("heard")
        left[0] = 3

    with earshot(hear=fill, is_full=is_full) as here, here.connect() as one, here.connect() as other:
        for connection in (one, other):
            connection.sendall(sized(encode("/here")))
        assert eventually(lambda: len(here.said) == 2)
        left[0], ticks = 1_000_000, len(here.ticks)
        assert eventually(lambda: len(here.ticks) > ticks + 20)
        for connection in (one, other):
            connection.sendall(sized(encode("/a")))
        left[0] = 0
        assert eventually(lambda: len(here.said) == 4)
    first, second = [at for at, what in enumerate(log) if what == "heard"][-2:]
    assert second - first > 3


def test_while_it_cannot_accept_it_hears_and_then_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    with earshot() as here, udp() as tablet:
        accept, refused = here.ears._tcp.accept, []

        def no_more_sockets(knock: object, now_s: float) -> None:
            refused.append(now_s)
            return None if len(refused) < 5 else accept(knock, now_s)

        monkeypatch.setattr(here.ears._tcp, "accept", no_more_sockets)
        with here.connect() as connection:
            connection.sendall(sized(encode("/a")))
            tablet.sendto(encode("/b"), (HERE, here.ears.port))
            assert here.heard("/b") and here.heard("/a")
        assert len(refused) >= 5


def test_ticks_come_and_connections_are_heard_in_a_flood() -> None:
    """From one who says all it can, for as long as it takes."""
    with earshot(rate_hz=1e9) as here, here.connect() as other, here.connect() as busy:
        stop = threading.Event()

        def flood() -> None:
            packet = encode_bundle([encode("/flood", 1.0)] * 64)
            with udp() as flooder:
                while not stop.is_set():
                    flooder.sendto(packet, (HERE, here.ears.port))
                    busy.sendall(sized(encode("/busy")) * 100)

        thread = threading.Thread(target=flood)
        thread.start()
        try:
            assert here.heard("/flood") and here.heard("/busy")
            ticks = len(here.ticks)
            other.sendall(slipped(encode("/calm")))
            assert here.heard("/calm")
            assert eventually(lambda: len(here.ticks) > ticks + 3)
        finally:
            stop.set()
            thread.join()


def test_a_burst_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """What more there is waits until the others had their turn: all of it is heard, in order."""
    monkeypatch.setattr(ears_module, "_BURST_MESSAGES", 10)
    heard: list[OscMessage] = []
    ears = Ears(
        Peers(9), lambda peer, together, arrival_s: heard.extend(together[0].messages), lambda peer: None, port=0
    )
    try:
        with udp() as tablet, socket.create_connection((HERE, ears.port)) as connection:
            connection.sendall(sized(encode("/b")))
            for number in range(200):
                tablet.sendto(encode("/a", number), (HERE, ears.port))
            ears.start()
            assert eventually(lambda: len(heard) == 201)
        assert heard.index(OscMessage("/b")) < 100
        heard.remove(OscMessage("/b"))
        assert [message.arguments for message in heard] == [(number,) for number in range(200)]
    finally:
        ears.close()


def test_closed_it_is_closed() -> None:
    with earshot() as here:
        port = here.ears.port
        connection = here.connect()
        connection.sendall(sized(encode("/a")))
        assert here.heard("/a")
        here.ears.close()
        here.ears.close()
        assert is_closed(connection)
        connection.close()
        assert not here.ears.send(Peer(HERE, 9), encode("/a"))
        with earshot(port=port) as again:
            assert again.ears.port == port, "and may be had again at once"
    Ears(Peers(9), lambda *said: None, lambda peer: None, port=0).close()
