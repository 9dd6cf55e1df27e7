"""OSCQuery over real connections: asked, listened to, played by, and attacked."""

from __future__ import annotations

import json
import logging
import resource
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from support.eventually import eventually
from support.querying import LAYOUTS, LOOPBACK, PATIENCE_S, XHTML, Instrument, get, raw, serving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from weaver.model.osc_packet import MAX_PACKET_BYTES, OscMessage, decode, encode, encode_bundle
from weaver.model.osc_space import Space
from weaver.osc.query import Query
from weaver.osc.query.door import MAX_CONNECTIONS, MAX_OF_A_HOST

HEALTH = "/sphere/1/health"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@pytest.fixture
def instrument() -> Instrument:
    return Instrument()


@pytest.fixture
def query(instrument: Instrument) -> Iterator[Query]:
    with serving(instrument) as query:
        yield query


@contextmanager
def joined(query: Query, **wishes: Any) -> Iterator[ClientConnection]:
    """A client by WebSocket."""
    with connect(f"ws://{LOOPBACK}:{query.port}/", compression=None, open_timeout=PATIENCE_S, **wishes) as client:
        yield client


def say(client: ClientConnection, name: str, data: object) -> None:
    client.send(json.dumps({"COMMAND": name, "DATA": data}))


def next_message(client: ClientConnection) -> OscMessage:
    frame = client.recv(PATIENCE_S)
    assert isinstance(frame, bytes)
    return decode(frame)


@contextmanager
def listening(query: Query, instrument: Instrument, *addresses: str) -> Iterator[ClientConnection]:
    """A client that has been told how its addresses are."""
    with joined(query) as client:
        for address in addresses:
            instrument.values.setdefault(address, (0.25,))
            say(client, "LISTEN", address)
            assert next_message(client) == OscMessage(address, instrument.values[address])
        yield client


# Asked


def test_the_tree_of_a_set_comes_whole(query: Query, instrument: Instrument) -> None:
    instrument.values[HEALTH] = (0.5,)
    status, headers, tree = get(query, "/")
    assert status == 200 and headers["Content-Type"].startswith("application/json")
    assert tree["CONTENTS"]["sphere"]["CONTENTS"]["1"]["CONTENTS"]["health"]["VALUE"] == [0.5]
    assert get(query, f"{HEALTH}?VALUE")[2] == {"VALUE": [0.5]}


def test_host_info_leads_back_to_where_it_was_asked(query: Query) -> None:
    said = get(query, "/?HOST_INFO")[2]
    assert (said["WS_IP"], said["WS_PORT"], said["OSC_IP"], said["OSC_PORT"]) == (LOOPBACK, query.port, LOOPBACK, 8000)


def test_codes_reach_the_client(query: Query) -> None:
    codes = [get(query, path)[0] for path in ("/sphere/1/strike?VALUE", "/mood?NONSENSE", "/nothing")]
    assert codes == [204, 400, 404]
    assert get(query, "/", "DELETE")[0] == 405
    status, headers, body = get(query, "/", "HEAD")
    assert status == 200 and int(headers["Content-Length"]) > 1000 and body == b""


def test_browsers_find_the_page_and_its_layouts(query: Query) -> None:
    assert get(query, "/", Accept=XHTML)[1]["Location"] == "/tablet"
    status, headers, page = get(query, "/tablet", Accept=XHTML)
    assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"]
    for name, content in LAYOUTS.items():
        assert f'href="/tablet/{name}"'.encode() in page
        assert get(query, f"/tablet/{name}")[2] == content


def test_old_http_is_answered_too(query: Query) -> None:
    with raw(query) as old:
        old.sendall(b"GET /hush HTTP/1.0\r\n\r\n")
        assert b"200 OK" in old.recv(4096)


def test_only_this_machine_is_heard_unless_open(query: Query) -> None:
    assert query.url == f"http://{LOOPBACK}:{query.port}/tablet"
    assert b"--lan" in get(query, "/tablet")[2]


def test_the_page_of_an_open_one_is_at_its_likeliest_address(instrument: Instrument) -> None:
    with serving(instrument, is_open=True, addresses=lambda: ("192.0.2.7", "10.0.0.1")) as query:
        assert query.url == f"http://192.0.2.7:{query.port}/tablet"


def test_a_port_that_is_taken_is_said_and_another_one_found(query: Query, instrument: Instrument) -> None:
    with serving(instrument, port=query.port) as second:
        assert second.port != query.port and str(query.port) in second.note
    assert query.note == ""


# Listened to


def test_who_listens_is_told_at_once_and_when_it_changes(query: Query, instrument: Instrument) -> None:
    with listening(query, instrument, HEALTH) as client:
        query.told(HEALTH, (0.125,))
        assert next_message(client) == OscMessage(HEALTH, (0.125,))


def test_of_many_changes_the_last_one_is_told(query: Query, instrument: Instrument) -> None:
    with listening(query, instrument, HEALTH) as client:
        for k in range(1000):
            query.told(HEALTH, (k / 1024,))
        told = 0
        while next_message(client).arguments != (999 / 1024,):
            told += 1
        assert told < 100


def test_listening_is_exact_and_ends(query: Query, instrument: Instrument) -> None:
    with listening(query, instrument, HEALTH, "/sphere/2/health") as client:
        query.told("/sphere/3/health", (0.1,))
        say(client, "IGNORE", HEALTH)
        say(client, "LISTEN", "/mood/gaze")
        instrument.values["/mood/name"] = ("gold",)
        say(client, "LISTEN", "/mood/name")
        assert next_message(client) == OscMessage("/mood/name", ("gold",))
        query.told(HEALTH, (0.1,))
        query.told("/sphere/2/health", (0.5,))
        assert next_message(client) == OscMessage("/sphere/2/health", (0.5,))


def test_every_address_of_a_set_can_be_listened_to(query: Query, instrument: Instrument) -> None:
    shown = [address for address, row in instrument.space.nodes() if row.is_shown and not row.is_event]
    with listening(query, instrument, *shown):
        assert not query.lost


def test_an_event_is_told_each_time_but_not_when_it_is_over(query: Query, instrument: Instrument) -> None:
    played = "/sphere/1/played"
    instrument.values[played] = (0.75,)
    with listening(query, instrument, HEALTH) as client:
        say(client, "LISTEN", played)
        query.told(HEALTH, (0.5,))
        assert next_message(client).address == HEALTH
        for _ in range(2):
            query.told(played, (0.75,))
            assert next_message(client) == OscMessage(played, (0.75,))


def test_another_set_is_told_and_what_went_with_the_old_one_is_not_listened_to(
    query: Query, instrument: Instrument
) -> None:
    with listening(query, instrument, HEALTH, "/sphere/3/health") as client:
        instrument.space = Space(("One", "Two"))
        frame = client.recv(PATIENCE_S)
        assert isinstance(frame, str) and json.loads(frame) == {"COMMAND": "PATH_CHANGED", "DATA": "/"}
        query.told("/sphere/3/health", (0.5,))
        query.told(HEALTH, (0.5,))
        assert next_message(client).address == HEALTH


# Played by


def test_packets_are_heard_as_those_of_a_peer(query: Query, instrument: Instrument) -> None:
    with joined(query) as client:
        client.send(encode("/sphere/1/strike", 0.5))
        client.send(encode_bundle([encode("/sphere/2/strike", 1.0), encode("/sphere/3/strike", 1.0)]))
        assert eventually(lambda: len(instrument.heard) == 2)
        (first, alone), (second, together) = instrument.heard
        assert first is second and first.transport == "websocket" and first.host == LOOPBACK
        assert alone[0].messages == (OscMessage("/sphere/1/strike", (0.5,)),) and len(together[0].messages) == 2
        assert instrument.gone == []
    assert eventually(lambda: instrument.gone == [first])
    assert not instrument.peers.is_known(first)


def test_who_writes_is_told_how_it_settled_and_others_at_once(query: Query, instrument: Instrument) -> None:
    address = "/set/level_db"
    with listening(query, instrument, address) as writer, listening(query, instrument, address) as other:
        writer.send(encode(address, 3.0))
        assert eventually(lambda: instrument.heard)
        instrument.values[address] = (2.0,)
        query.told(address, (1.0,))
        assert next_message(other) == OscMessage(address, (1.0,))
        assert next_message(writer) == OscMessage(address, (2.0,))


def test_a_peer_can_be_answered(query: Query, instrument: Instrument) -> None:
    with joined(query) as client:
        client.send(encode("/ping", 7))
        assert eventually(lambda: instrument.heard)
        peer = instrument.heard[0][0]
        assert query.send(peer, encode("/pong", 7))
        assert next_message(client) == OscMessage("/pong", (7,))
    assert eventually(lambda: not query.send(peer, encode("/pong", 7)))


def test_a_stranger_is_noted_and_sent_away_and_may_ask_all_the_same() -> None:
    instrument = Instrument(own=("127.0.0.1/32",))
    with serving(instrument) as query:
        with joined(query, sock=raw(query, "127.0.0.2")) as client, pytest.raises(ConnectionClosed) as closed:
            client.recv(PATIENCE_S)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008 and "let in" in closed.value.rcvd.reason
        assert instrument.peers.strangers() == ("127.0.0.2",) and query.lost["stranger"] == 1
        assert get(query, "/sphere", source="127.0.0.2")[0] == 200
        instrument.peers.allow("127.0.0.2")
        with joined(query, sock=raw(query, "127.0.0.2")) as client:
            client.send(encode("/hush"))
            assert eventually(lambda: instrument.heard)
            instrument.peers.revoke()
            with pytest.raises(ConnectionClosed) as closed:
                client.recv(PATIENCE_S)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008
        assert eventually(lambda: len(instrument.gone) == 1)


def test_this_machine_is_no_stranger_by_whichever_of_its_addresses() -> None:
    instrument = Instrument(own=("127.0.0.1/32",))
    with serving(instrument, is_open=True) as query:
        sock = socket.create_connection(("127.0.0.2", query.port), PATIENCE_S, ("127.0.0.2", 0))
        with joined(query, sock=sock) as client:
            client.send(encode("/hush"))
            assert eventually(lambda: instrument.heard)
    assert instrument.heard[0][0].host == LOOPBACK and instrument.peers.strangers() == ()


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [(None, True), ("http://localhost:3000", True), ("http://example.org", False), ("null", False)],
)
def test_a_page_from_elsewhere_cannot_play(query: Query, origin: str | None, is_let_in: bool) -> None:
    if is_let_in:
        with joined(query, origin=origin) as client:
            client.send(encode("/hush"))
    else:
        with pytest.raises(InvalidStatus, match="403"), joined(query, origin=origin):
            pass
        assert query.lost == {"page from elsewhere": 1}


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
        assert eventually(lambda: query.listeners == 2)
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
        assert query.lost["slow listener"] == 1 and eventually(lambda: query.listeners == 1)


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
        assert eventually(lambda: query.listeners == 1)
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
