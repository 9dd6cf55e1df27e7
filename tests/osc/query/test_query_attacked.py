"""OSCQuery over real connections: attacked, and ended."""

from __future__ import annotations

import json
import logging
import resource
import socket
import struct
import threading
import time

import pytest
from support.eventually import eventually
from support.querying import (
    LOOPBACK,
    PATIENCE_S,
    Instrument,
    get,
    joined,
    listening,
    next_message,
    raw,
    say,
    serving,
)
from websockets.exceptions import ConnectionClosed

from weaver.model.osc_packet import MAX_PACKET_BYTES, OscMessage, encode
from weaver.osc.query import Query
from weaver.osc.query.door import MAX_CONNECTIONS, MAX_OF_A_HOST

HEALTH = "/sphere/1/health"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


# Attacked


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("[" * 8000, "not JSON"),
        ("{", "not JSON"),
        ('{"COMMAND": "LISTEN", "DATA": "/sphere/*"}', "nothing to listen to"),
        ('{"COMMAND": "LISTEN", "DATA": "/sphere/1/strike"}', "nothing to listen to"),
        ('{"COMMAND": "SHUTDOWN"}', "unknown command"),
        (b"", "bad address"),
        (b"#bundle\0" + bytes(8) + struct.pack(">i", -4), "bad size in a bundle"),
        (b"\xff" * 64, "bad padding|text without end|not UTF-8"),
    ],
)
def test_nonsense_is_counted_and_the_next_is_heard(
    query: Query, instrument: Instrument, frame: str | bytes, reason: str
) -> None:
    with joined(query) as client:
        client.send(frame)
        client.send(encode("/hush"))
        assert eventually(lambda: instrument.messages() == [OscMessage("/hush")])
    assert any(query.lost[part] for part in reason.split("|")) or frame == b""
    assert sum(query.lost.values()) == 1


def test_a_huge_frame_ends_its_connection_only(query: Query, instrument: Instrument) -> None:
    with listening(query, instrument, HEALTH) as other, joined(query) as client:
        client.send(bytes(MAX_PACKET_BYTES + 1))
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(PATIENCE_S)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009
        query.told(HEALTH, (0.5,))
        assert next_message(other).arguments == (0.5,)
    assert instrument.heard == []


def test_a_frame_that_claims_to_be_endless_is_not_waited_for(query: Query) -> None:
    with raw(query) as bad:
        bad.sendall(UPGRADE + b"\x82\xff" + struct.pack(">Q", 1 << 62) + bytes(4))
        assert drained(bad)
    assert get(query, "/hush")[0] == 200


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000, "request too large"),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 100_000, "request too large"),
        (b"GET /" + b"a" * 100_000, "request too large"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 1_000 + b"\r\n", "not a request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "not a request"),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "not a request"),
        (b"\r\n" * 100, "not a request"),
    ],
    ids=["many headers", "long header", "long path", "too many headers", "TLS", "a body", "empty lines"],
)
def test_heads_that_are_none_are_refused(query: Query, head: bytes, reason: str) -> None:
    with raw(query) as bad:
        try:
            bad.sendall(head)
        except OSError:  # closed while we were still talking
            pass
        assert drained(bad)
    assert eventually(lambda: query.lost == {reason: 1})
    assert get(query, "/hush")[0] == 200


def test_a_request_that_trickles_in_is_cut_off(query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weaver.osc.query.door.HEAD_S", 0.2)
    slow = [raw(query) for _ in range(MAX_OF_A_HOST - 1)]
    for one in slow:
        one.sendall(b"GET / HT")
    assert get(query, "/hush")[0] == 200, "while they still dawdle"
    assert eventually(lambda: query.lost == {"request too slow": len(slow)})
    for one in slow:
        assert drained(one)
        one.close()


def test_a_thousand_connections_leave_room_for_others(query: Query) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    crowd = []
    try:
        for _ in range(1000):
            crowd.append(raw(query, "127.0.0.3"))
        assert eventually(lambda: query.lost["too many connections"] == 1000 - MAX_OF_A_HOST)
        assert get(query, "/hush")[0] == 200
    finally:
        for one in crowd:
            one.close()
    assert eventually(lambda: get(query, "/hush", source="127.0.0.3")[0] == 200)


def test_many_hosts_together_are_bounded_too(query: Query) -> None:
    crowd = [raw(query, f"127.0.1.{k}") for k in range(1, MAX_CONNECTIONS + 11)]
    assert eventually(lambda: query.lost["too many connections"] == 10)
    for one in crowd:
        one.close()
    assert eventually(lambda: get(query, "/hush")[0] == 200)


def test_a_listener_who_does_not_read_keeps_nobody_waiting_and_is_sent_away(
    query: Query, instrument: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weaver.osc.query.server.STUCK_S", 0.2)
    monkeypatch.setattr("weaver.osc.query.server.BACKLOG_BYTES", 2048)
    title, long = "/show/title", "x" * 8000
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    with lazy, listening(query, instrument, HEALTH) as other:
        lazy.connect((LOOPBACK, query.port))
        ask = json.dumps({"COMMAND": "LISTEN", "DATA": title}).encode()
        lazy.sendall(UPGRADE + bytes((0x81, 0x80 | len(ask))) + bytes(4) + ask)
        assert eventually(lambda: len(instrument.peers.here()) == 2)
        stop = threading.Event()

        def chatter() -> None:
            count = 0
            while not stop.wait(0.002):
                count += 1
                query.told(title, (f"{count}{long}",))
                query.told(HEALTH, (count / 4096,))

        thread = threading.Thread(target=chatter)
        thread.start()
        try:
            for _ in range(600):  # 20 s
                if query.lost["slow listener"]:
                    break
                assert next_message(other).address == HEALTH
        finally:
            stop.set()
            thread.join()
        assert query.lost["slow listener"] == 1 and eventually(lambda: len(instrument.peers.here()) == 1)


def test_who_asks_and_asks_and_does_not_read_is_not_answered_for_ever(
    query: Query, instrument: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weaver.osc.query.server.BACKLOG_BYTES", 2048)
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    with lazy:
        lazy.connect((LOOPBACK, query.port))
        ping = encode("/ping")
        lazy.sendall(UPGRADE + bytes((0x82, 0x80 | len(ping))) + bytes(4) + ping)
        assert eventually(lambda: instrument.heard)
        peer, answer = instrument.heard[0][0], encode("/pong", "x" * 8000)
        assert eventually(lambda: query.send(peer, answer) and query.lost["not told"])


def test_what_the_loop_complains_of_is_not_printed(
    query: Query, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """asyncio warns of every packet that is written to a connection which was reset."""
    monkeypatch.setattr(logging.getLogger("asyncio"), "propagate", False)
    logging.getLogger("asyncio").warning("socket.send() raised exception.")
    assert capsys.readouterr().err == ""


def test_what_cannot_be_said_in_osc_is_counted(query: Query, instrument: Instrument) -> None:
    with listening(query, instrument, HEALTH) as client:
        query.told(HEALTH, (float("nan"),))
        query.told("/mood/gaze", (1,))
        assert eventually(lambda: query.lost == {"not told": 1})
        query.told(HEALTH, (0.5,))
        assert next_message(client).arguments == (0.5,)


def test_trouble_behind_it_ends_nothing(instrument: Instrument) -> None:
    with serving(instrument) as query, listening(query, instrument, HEALTH) as client:
        instrument.heard = None  # type: ignore[assignment]
        instrument.values = None  # type: ignore[assignment]
        client.send(encode("/hush"))
        say(client, "LISTEN", "/mood/gaze")
        assert get(query, "/")[0] == 500
        assert eventually(lambda: query.lost["refused"] == 1 and query.lost["not answered"] == 1)
        query.told(HEALTH, (0.5,))
        assert next_message(client).arguments == (0.5,)


# Ended


def test_it_ends_though_clients_do_not_answer(instrument: Instrument) -> None:
    with serving(instrument) as query:
        silent = [raw(query) for _ in range(3)]
        silent[0].sendall(UPGRADE)
        silent[1].sendall(b"GET / HTTP/1.1\r\n")
        assert eventually(lambda: len(instrument.peers.here()) == 1)
        port = query.port
        query.close()
        assert eventually(lambda: not query._thread.is_alive())
        for one in silent:
            assert drained(one)
            one.close()
        with pytest.raises(OSError):
            socket.create_connection((LOOPBACK, port), 1.0)
        query.told(HEALTH, (0.5,))
        assert not query.send(instrument.peers.admit(LOOPBACK, 1, "websocket", time.monotonic()), b"")  # type: ignore[arg-type]


def test_it_may_end_before_it_has_begun(instrument: Instrument) -> None:
    query = Query(lambda: instrument.space, instrument.values.get, print, print, instrument.peers, port=0)
    query.close()
    assert eventually(lambda: not query._thread.is_alive()) and not query.lost


def drained(sock: socket.socket) -> bool:
    """Whether the other end closes it."""
    try:
        while sock.recv(65536):
            pass
    except ConnectionError:
        pass
    return True
