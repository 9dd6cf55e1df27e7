"""The programs that stand in for tablets: what they say is what we meant, and what they are told they hear."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pyliblo3
import pytest
from support.eventually import eventually
from support.osc_peers import (
    LibloTools,
    NodeOsc,
    OscJs,
    OscJsTcp,
    OscPeer,
    PureData,
    PyLiblo,
    PythonOsc,
    SuperCollider,
)
from support.osc_peers.peer import LOOPBACK, Value

from weaver.model.osc_packet import MAX_PACKET_BYTES, OscMessage, decode_packet, encode, encode_bundle

SAID: tuple[Value, ...] = (0.5, 3, "glass")
UDP_PEERS = (LibloTools, NodeOsc, OscJs, PureData, PyLiblo, PythonOsc, SuperCollider)


@pytest.fixture
def ours() -> Iterator[socket.socket]:
    """A plain socket in the instrument's place."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind((LOOPBACK, 0))
        ours.settimeout(10)
        yield ours


@pytest.mark.parametrize("make", UDP_PEERS, ids=lambda make: make.__name__)
def test_it_says_and_hears_over_udp(make: Callable[[tuple[str, int]], OscPeer], ours: socket.socket) -> None:
    with make(ours.getsockname()) as peer:
        peer.send("/sphere/3/strike", *SAID)
        (together,) = decode_packet(ours.recv(MAX_PACKET_BYTES))
        assert together.messages == (OscMessage("/sphere/3/strike", SAID),)

        ours.sendto(encode("/sphere/3/light", *SAID), (LOOPBACK, peer.port))
        assert eventually(lambda: peer.heard("/sphere/3/light") == [list(SAID)])
        pair = [encode("/mood/gaze", 0.25), encode("/mood/name", "gold")]
        ours.sendto(encode_bundle(pair), (LOOPBACK, peer.port))
        assert eventually(lambda: peer.heard("/mood/name") == [["gold"]])
        assert peer.heard("/mood/gaze") == [[0.25]]

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
            elsewhere.bind((LOOPBACK, 0))
            elsewhere.settimeout(10)
            peer.to = elsewhere.getsockname()
            peer.send("/hush", 1.0)
            (together,) = decode_packet(elsewhere.recv(MAX_PACKET_BYTES))
            assert together.messages == (OscMessage("/hush", (1.0,)),)


def test_liblo_says_over_tcp_and_hears() -> None:
    with LibloTools(("", 0), "osc.tcp") as heard_by, LibloTools((LOOPBACK, heard_by.port), "osc.tcp") as said_by:
        said_by.send("/sphere/3/strike", *SAID)
        assert eventually(lambda: heard_by.received() == [("/sphere/3/strike", list(SAID))])


def test_pyliblo_says_over_tcp_and_is_answered_by_the_same_connection() -> None:
    with socket.create_server((LOOPBACK, 0)) as ours, PyLiblo(ours.getsockname(), pyliblo3.TCP) as peer:
        peer.send("/ping", 7)
        connection, _ = ours.accept()
        with connection:
            packet = encode("/ping", 7)
            assert connection.recv(100) == len(packet).to_bytes(4) + packet
            connection.sendall(len(packet).to_bytes(4) + packet)
            assert eventually(lambda: peer.received() == [("/ping", [7])])


def test_osc_js_frames_by_slip_and_is_answered_by_the_same_connection() -> None:
    with socket.create_server((LOOPBACK, 0)) as ours, OscJsTcp(ours.getsockname()) as peer:
        connection, _ = ours.accept()
        with connection:
            peer.send("/ping", 7)
            packet = encode("/ping", 7)
            assert connection.recv(100) == b"\xc0" + packet + b"\xc0"
            connection.sendall(b"\xc0" + packet + b"\xc0")
            assert eventually(lambda: peer.received() == [("/ping", [7])])


def test_sclang_says_bundles_with_a_time_tag(ours: socket.socket) -> None:
    with SuperCollider(ours.getsockname()) as sclang:
        sclang.send_later(0.25, "/sphere/3/strike", 0.5)
        (later,) = decode_packet(ours.recv(MAX_PACKET_BYTES))
        assert later.time_tag > 1 and later.messages == (OscMessage("/sphere/3/strike", (0.5,)),)
        sclang.send("/sphere/3/strike", True, False)
        (now,) = decode_packet(ours.recv(MAX_PACKET_BYTES))
        assert now.messages == (OscMessage("/sphere/3/strike", (1, 0)),)


@pytest.mark.parametrize("make", [OscJs, NodeOsc, PyLiblo], ids=lambda make: make.__name__)
def test_bundles_come_whole(make: type[OscJs | NodeOsc | PyLiblo], ours: socket.socket) -> None:
    with make(ours.getsockname()) as peer:
        peer.send_together(("/a", 1), ("/b", 0.5))
        (together,) = decode_packet(ours.recv(MAX_PACKET_BYTES))
        assert together.messages == (OscMessage("/a", (1,)), OscMessage("/b", (0.5,)))


@pytest.mark.parametrize("make", [OscJs, NodeOsc, LibloTools], ids=lambda make: make.__name__)
def test_truth_values_have_types_of_their_own(make: type[OscPeer], ours: socket.socket) -> None:
    with make(ours.getsockname()) as peer:
        peer.send("/a", True, False)
        (together,) = decode_packet(ours.recv(MAX_PACKET_BYTES))
        assert together.messages == (OscMessage("/a", (True, False)),)
        ours.sendto(encode("/b", True, False), (LOOPBACK, peer.port))
        assert eventually(lambda: peer.heard("/b") == [[True, False]])
