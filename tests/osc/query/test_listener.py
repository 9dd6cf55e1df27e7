"""What one listener is told, and when."""

from __future__ import annotations

import json

import pytest

from weaver.model.errors import ProtocolError
from weaver.osc.echoes import SETTLE_S
from weaver.osc.peer import Peer
from weaver.osc.query.listener import Listener, command


@pytest.fixture
def listener() -> Listener:
    return Listener(Peer("127.0.0.1", 1))


def test_only_what_it_listens_to_the_latest_and_only_what_differs(listener: Listener) -> None:
    listener.listen("/a")
    for packet in (b"1", b"2", b"3"):
        listener.tell("/a", packet)
    listener.tell("/b", b"1")
    assert listener.take() == [b"3"]
    listener.tell("/a", b"3")
    assert listener.take() == []
    listener.ignore("/a")
    listener.tell("/a", b"4")
    assert listener.take() == []


def test_who_asks_again_is_told_again(listener: Listener) -> None:
    listener.listen("/a")
    listener.tell("/a", b"1")
    assert listener.take() == [b"1"]
    listener.listen("/a")
    listener.tell("/a", b"1")
    assert listener.take() == [b"1"]


def test_an_event_is_news_each_time(listener: Listener) -> None:
    listener.listen("/a")
    for _ in range(2):
        listener.tell("/a", b"1", is_event=True)
        assert listener.take() == [b"1"]


def test_who_writes_is_told_only_when_it_has_settled_and_then_even_if_nothing_came_of_it(listener: Listener) -> None:
    listener.listen("/a")
    listener.tell("/a", b"1")
    assert listener.take() == [b"1"]
    listener.wrote("/a", 10.0)
    listener.tell("/a", b"2")
    assert listener.take() == [] and listener.settled(10.0 + SETTLE_S / 2) == []
    listener.wrote("/a", 10.2)
    assert listener.settled(10.0 + SETTLE_S) == []
    assert listener.settled(10.2 + SETTLE_S) == ["/a"] and listener.settled(99.0) == []
    listener.tell("/a", b"1")
    assert listener.take() == [b"1"], "it believes what it wrote, not what it was told before"


def test_writing_to_what_it_does_not_listen_to_costs_nothing(listener: Listener) -> None:
    listener.wrote("/a", 1.0)
    assert listener.settled(9.0) == []


def shows(address: str) -> bool:
    return address == "/a"


def test_commands() -> None:
    assert command(json.dumps({"COMMAND": "LISTEN", "DATA": "/a"}), shows) == ("LISTEN", "/a")
    assert command(json.dumps({"COMMAND": "IGNORE", "DATA": "/gone", "MORE": 1}), shows) == ("IGNORE", "/gone")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 8000, "not JSON"),
        ("9" * 8000, "not JSON"),
        ("/?HOST_INFO", "not JSON"),
        ("[]", "unknown command"),
        ("null", "unknown command"),
        ('{"COMMAND": "LISTEN"}', "unknown command"),
        ('{"COMMAND": "LISTEN", "DATA": 3}', "unknown command"),
        ('{"COMMAND": ["LISTEN"], "DATA": "/a"}', "unknown command"),
        ('{"COMMAND": "START_OSC_STREAMING", "DATA": {"LOCAL_SERVER_PORT": 1}}', "unknown command"),
        ('{"COMMAND": "LISTEN", "DATA": "/b"}', "nothing to listen to"),
        ('{"COMMAND": "LISTEN", "DATA": "/*"}', "nothing to listen to"),
    ],
)
def test_nonsense_has_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        command(text, shows)
