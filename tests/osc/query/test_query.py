"""OSCQuery over real connections: asked, listened to, played by."""

from __future__ import annotations

import json
import socket

import pytest
from support.eventually import eventually
from support.querying import (
    LAYOUTS,
    LOOPBACK,
    PATIENCE_S,
    XHTML,
    Instrument,
    get,
    joined,
    listening,
    next_message,
    raw,
    say,
    serving,
)
from websockets.exceptions import ConnectionClosed, InvalidStatus

from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import OscMessage, encode, encode_bundle
from weaver.osc.query import Query

HEALTH = "/sphere/1/health"


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
        assert instrument.peers.here() == (first,) and first.messages == 3 and instrument.peers.known() == ()
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
