"""The gate: strangers, who is who, how much each may say, and that nobody can make it grow."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from weaver.model.errors import ConfigError
from weaver.osc.peer import Peer
from weaver.osc.peers import MAX_PEERS, MAX_PER_HOST, MAX_STRANGERS, Peers

HERE, TABLET, STRANGER = "127.0.0.1", "192.168.1.23", "192.168.1.66"
REPLY = 9000


class Clock:
    """Time as it is set."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def peers(clock: Clock) -> Peers:
    return Peers(REPLY, [TABLET], clock=clock)


def spoken(peers: Peers, host: str, port: int, now_s: float = 100.0) -> Peer:
    peer = peers.admit(host, port, "udp", now_s)
    assert peer is not None
    return peer


def test_who_is_let_in_by_whom(peers: Peers) -> None:
    assert peers.admit(HERE, 5000, "udp", 1.0) and peers.admit(TABLET, 5000, "udp", 1.0)
    assert peers.admit(STRANGER, 5000, "udp", 1.0) is None
    assert peers.admit("::1", 5000, "udp", 1.0) is None
    assert peers.lost == {"stranger": 2}
    with pytest.raises(ConfigError):
        Peers(REPLY, ["tablet"])


def test_a_stranger_is_noted_let_in_and_no_longer_one(peers: Peers, clock: Clock) -> None:
    for host in (STRANGER, "192.168.1.67", STRANGER):
        assert not peers.knock(host, clock())
    assert peers.strangers() == (STRANGER, "192.168.1.67")
    peers.allow(peers.strangers()[0])
    assert peers.strangers() == ("192.168.1.67",)
    assert spoken(peers, STRANGER, 5000).host == STRANGER
    assert peers.knock(STRANGER, clock())
    with pytest.raises(ConfigError):
        peers.allow("whoever")


def test_a_silent_stranger_is_forgotten(peers: Peers, clock: Clock) -> None:
    peers.knock(STRANGER, clock())
    clock.now_s += 31
    assert peers.strangers() == ()


def test_a_crowd_of_strangers_hides_nobody_who_came_before(peers: Peers, clock: Clock) -> None:
    peers.knock(STRANGER, clock())
    for number in range(70_000):
        host = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        assert peers.admit(host, 5000, "udp", clock()) is None
    assert len(peers.strangers()) == MAX_STRANGERS and peers.strangers()[0] == STRANGER
    assert peers.lost == {"stranger": 70_001}
    assert len(peers._verdicts) <= 1024 and len(peers._strangers) <= MAX_STRANGERS
    assert not peers._of
    clock.now_s += 31
    peers.knock("192.168.1.99", clock())
    assert peers.strangers() == ("192.168.1.99",)


def test_all_of_a_host_is_one_peer_at_the_reply_port(peers: Peers) -> None:
    first = spoken(peers, TABLET, 50001, 1.0)
    assert (first.host, first.port, first.transport, first.met_s) == (TABLET, REPLY, "udp", 1.0)
    assert spoken(peers, TABLET, 50002, 2.0) is first and first.heard_s == 2.0
    assert peers.known() == (first,)


def test_from_where_a_peer_listens_it_is_that_peer(peers: Peers) -> None:
    """Several programs on one machine, of which one sends from the port where it listens."""
    default = spoken(peers, HERE, 50001)
    spoken(peers, HERE, 50002)
    other = peers.hello(default, 57120)
    assert other is not default and (other.host, other.port) == (HERE, 57120)
    assert spoken(peers, HERE, 57120) is other
    assert spoken(peers, HERE, 50002) is other, "who said hello is bound to that port"
    assert spoken(peers, HERE, 50001) is default
    assert set(peers.known()) == {default, other}


def test_hello_moves_who_is_alone(peers: Peers) -> None:
    """So that nothing is told any more where nobody listens, and what it holds it goes on holding."""
    peer = spoken(peers, TABLET, 50001)
    assert peers.hello(peer, 9001) is peer and peer.port == 9001
    assert spoken(peers, TABLET, 50001) is peer
    assert peers.known() == (peer,) and peers.departed() == ()
    newcomer = spoken(peers, TABLET, 50009)
    assert newcomer is not peer and newcomer.port == REPLY


def test_hello_0_is_the_port_it_comes_from(peers: Peers) -> None:
    peer = spoken(peers, HERE, 57120)
    assert peers.hello(peer, 0) is peer and peer.port == 57120
    assert peers.hello(peer, 0) is peer and peer.port == 57120


def test_hello_to_where_somebody_is_joins_that_peer(peers: Peers) -> None:
    listener = peers.hello(spoken(peers, HERE, 9005), 0)
    sender = spoken(peers, HERE, 50001)
    assert peers.hello(sender, 9005) is listener
    assert spoken(peers, HERE, 50001) is listener
    assert peers.known() == (listener,) and peers.departed() == (sender,)
    assert not peers.is_known(sender)


@pytest.mark.parametrize("port", [-1, 65536, 1 << 40])
def test_hello_to_no_port_is_counted(peers: Peers, port: int) -> None:
    peer = spoken(peers, TABLET, 50001)
    assert peers.hello(peer, port) is peer and peer.port == REPLY
    assert peers.lost == {"no such port": 1}


def test_a_connection_is_a_peer_of_its_own(peers: Peers) -> None:
    one = peers.admit(TABLET, 50001, "tcp", 1.0)
    two = peers.admit(TABLET, 50002, "tcp", 1.0)
    assert one is not None and two is not None and one is not two
    assert peers.admit(TABLET, 50001, "tcp", 2.0) is one and one.port == 50001
    assert peers.hello(one, 9001) is one and one.port == 50001
    assert spoken(peers, TABLET, 50001) not in (one, two)
    peers.leave(one)
    assert not peers.is_known(one) and peers.departed() == ()
    peers.leave(one)
    assert peers.admit(TABLET, 50001, "tcp", 3.0) is not one


def test_who_is_at_a_websocket_is_not_told_by_us(peers: Peers) -> None:
    peer = peers.admit(TABLET, 50001, "websocket", 1.0)
    assert peer is not None and peers.is_known(peer)
    assert peers.known() == ()


def test_the_one_silent_longest_makes_room_on_its_host(peers: Peers) -> None:
    others = spoken(peers, TABLET, 50001)
    first = [peers.hello(spoken(peers, HERE, 40_000 + n, float(n)), 0) for n in range(MAX_PER_HOST)]
    spoken(peers, HERE, 40_000, 50.0)
    more = peers.hello(spoken(peers, HERE, 41_000, 51.0), 0)
    assert peers.departed() == (first[1],)
    assert peers.is_known(first[0]) and peers.is_known(more) and peers.is_known(others)
    assert peers.lost == {"too many peers": 1}


def test_there_is_an_end_to_peers() -> None:
    peers = Peers(REPLY, ["10.0.0.0/8"])
    for number in range(5000):
        host, port = f"10.0.{number % 250}.{number // 250}", 1024 + number
        peers.hello(spoken(peers, host, port, float(number)), 0)
        peers.admit(host, port, "tcp", float(number))
        peers.admit(host, port, "websocket", float(number))
    assert len(peers._of) == len(peers._places) == MAX_PEERS
    assert len(peers._sources) <= 256
    assert len(peers.departed()) == peers.lost["too many peers"] == 3 * 5000 - MAX_PEERS
    assert peers.departed() == ()


def test_sources_that_are_bound_come_and_go(peers: Peers) -> None:
    """A script that says hello from a new port each time."""
    for number in range(2000):
        peers.hello(spoken(peers, TABLET, 20_000 + number), 9005)
    assert len(peers._sources) <= 256
    assert [(peer.host, peer.port) for peer in peers.known()] == [(TABLET, 9005)]
    peers.departed()


def test_each_peer_has_its_own_rate(clock: Clock) -> None:
    peers = Peers(REPLY, [TABLET], clock=clock, rate_hz=100.0)
    assert sum(peers.admit(TABLET, 5000, "udp", 10.0) is not None for _ in range(1000)) == 50
    assert peers.lost == {"over its rate": 950}
    assert peers.admit(HERE, 5000, "udp", 10.0) is not None
    assert sum(peers.admit(TABLET, 5000, "udp", 10.125) is not None for _ in range(1000)) == 12
    assert sum(peers.admit(TABLET, 5000, "udp", 99.0) is not None for _ in range(1000)) == 50
    assert all(peers.admit(TABLET, 5000, "udp", at_s) is None for at_s in (98.0, 99.0)), "no second is given twice"
    assert peers.admit(TABLET, 5000, "udp", 299.0) and peers.admit(TABLET, 5000, "udp", 298.0), "nor is one taken"


def test_what_comes_in_bundles_is_reckoned_too(clock: Clock) -> None:
    peers = Peers(REPLY, clock=clock, rate_hz=100.0)
    peer = spoken(peers, HERE, 5000, 10.0)
    peers.charge(peer, 255)
    assert peers.admit(HERE, 5000, "udp", 11.0) is None
    assert peers.admit(HERE, 5000, "udp", 13.0) is peer
    peers.charge(Peer("10.0.0.1", 1), 5)


def test_another_port_is_no_way_to_say_more(clock: Clock) -> None:
    peers = Peers(REPLY, clock=clock, rate_hz=100.0)
    said = 0
    for number in range(200):
        for source in (50001, 50002):  # two programs, so that hello makes another peer
            peer = peers.admit(HERE, source, "udp", 10.0)
            said += peer is not None
            if peer is not None:
                peers.hello(peer, 9001 + number)
    assert 16 <= said <= 50


def test_sent_away_it_is_a_stranger_again(peers: Peers, clock: Clock) -> None:
    peers.allow(STRANGER)
    here, stranger = spoken(peers, HERE, 1), spoken(peers, STRANGER, 1)
    connection = peers.admit(STRANGER, 50001, "tcp", 1.0)
    assert peers.revoke() == STRANGER
    assert peers.departed() == (stranger, connection) and peers.known() == (here,)
    assert peers.admit(STRANGER, 1, "udp", clock()) is None and peers.strangers() == (STRANGER,)
    spoken(peers, TABLET, 1)
    assert peers.revoke() == TABLET, "let in by an option, but the last that is here"
    assert peers.revoke() == "" and peers.known() == (here,)


def test_remembered_for_good(tmp_path: Path) -> None:
    path = tmp_path / "peers.toml"
    peers = Peers(REPLY, remembered=path)
    peers.allow(STRANGER)
    peer = spoken(peers, STRANGER, 1)
    assert not peers.is_remembered(peer)
    assert peers.remember() == (STRANGER,) and peers.is_remembered(peer)
    again = Peers(REPLY, remembered=path)
    assert again.is_remembered(spoken(again, STRANGER, 1))
    assert again.revoke() == STRANGER
    assert Peers(REPLY, remembered=path).admit(STRANGER, 1, "udp", 1.0) is None


def test_where_nobody_listens_is_known_for_a_while(peers: Peers, clock: Clock) -> None:
    peer = spoken(peers, TABLET, 50001)
    peers.refused(TABLET, 9001, clock())
    peers.refused(STRANGER, REPLY, clock())
    assert not peers.nobody_listens(peer)
    peers.refused(TABLET, REPLY, clock())
    assert peers.nobody_listens(peer)
    clock.now_s += 4
    assert not peers.nobody_listens(peer)
    peers.refused(TABLET, REPLY, clock())
    peers.hello(peer, 9001)
    assert not peers.nobody_listens(peer), "it said that it listens elsewhere"


def test_many_threads_may_ask_at_once() -> None:
    peers = Peers(REPLY, ["10.0.0.0/8"], rate_hz=1e9)
    refusals: list[BaseException] = []

    def ask(thread: int) -> None:
        try:
            for number in range(400):
                peer = peers.admit(f"10.0.{thread}.{number % 40}", 1024 + number, "udp", float(number))
                assert peer is not None
                peers.hello(peer, 0)
                peers.known(), peers.strangers(), peers.departed(), peers.nobody_listens(peer)
                peers.leave(peer)
        except BaseException as error:
            refusals.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refusals
    assert len(peers._of) == len(peers._places) <= MAX_PEERS
