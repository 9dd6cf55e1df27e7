"""What page and services say of the network."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.pictures import NETWORK, TABLET

from weaver.surfaces.net_lines import FEW_LINES, MOST_LINES, net_changes, net_lines, net_words
from weaver.surfaces.palette import ALARM
from weaver.surfaces.picture import PeerView

ALONE = replace(NETWORK, addresses=("127.0.0.1:8000",), is_open=False, peers=())


def tablet(number: int, **changes: object) -> PeerView:
    where = f"192.168.1.{number}:9000"
    return replace(TABLET, title=where, reply=where, **changes)  # type: ignore[arg-type]


def lines(network: object, most: int = MOST_LINES) -> list[str]:
    return [line.plain for line in net_lines(network, most)]  # type: ignore[arg-type]


def test_without_osc_there_is_no_line() -> None:
    assert net_lines(None) == []


def test_a_line_says_where_it_is_heard_and_told() -> None:
    (line,) = lines(ALONE)
    assert "○ 127.0.0.1:8000  replies to 9000  this machine only" in line
    (line,) = lines(replace(NETWORK, peers=(), addresses=tuple(f"10.0.0.{n}:8000" for n in range(5))))
    assert "10.0.0.0:8000 10.0.0.1:8000 and 3 more" in line and "? how a tablet gets here" in line
    (line,) = lines(replace(ALONE, addresses=(), note="ports 8000 to 8009 are taken"))
    assert "✕ not heard" in line and "8009 are taken" in line and "replies" not in line


def test_a_peer_has_a_line_with_what_is_the_matter() -> None:
    first, well = net_lines(NETWORK)
    assert "●" in first.plain and "○" in lines(replace(NETWORK, peers=(replace(TABLET, quiet_s=9.0),)))[0]
    assert well.plain.endswith("● 192.168.1.20:9000 7") and not any(span.style == ALARM for span in well.spans)
    lost = net_lines(replace(NETWORK, peers=(replace(TABLET, is_lost=True, quiet_s=3.0),)))[1]
    assert "✕ 192.168.1.20:9000" in lost.plain and "heartbeat is lost" in lost.plain
    assert ALARM in {span.style for span in lost.spans}
    deaf = net_lines(replace(NETWORK, peers=(replace(TABLET, title="Ann's", is_unheard=True),)))[1]
    assert "Ann's" in deaf.plain and "nobody listens at 192.168.1.20:9000" in deaf.plain
    assert ALARM in {span.style for span in deaf.spans}
    other = replace(TABLET, title="Ann's", transport="tcp", is_remembered=True)
    assert lines(replace(NETWORK, peers=(other,)))[1].endswith("7  at 192.168.1.20:9000  tcp  remembered")


def test_who_wants_to_play_is_shown_with_the_keys_for_it() -> None:
    asking = lines(replace(ALONE, strangers=("192.168.1.30",)))[-1]
    assert "192.168.1.30 wants to play: @ lets it, then & for good" in asking and "more" not in asking
    assert "and 2 more" in lines(replace(ALONE, strangers=("192.168.1.30", "10.0.0.1", "10.0.0.2")))[-1]


@pytest.mark.parametrize("most", [2, 3, 4, MOST_LINES])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 64])
@pytest.mark.parametrize("strangers", [(), ("10.0.0.1",)])
def test_lines_are_bounded_and_nobody_is_left_out(most: int, count: int, strangers: tuple[str, ...]) -> None:
    peers = tuple(tablet(number, is_lost=number == count) for number in range(1, count + 1))
    told = lines(replace(NETWORK, peers=peers, strangers=strangers), most)
    assert len(told) <= most
    text = " ".join(told)
    for number in range(1, count + 1):
        assert f" 192.168.1.{number}" in text
    assert ("wants to play" in told[-1]) == bool(strangers)
    if count:
        lost = next(line for line in told if "lost" in line).rpartition("replies to 9000")[2]
        assert all(lost.index("✕") < lost.index(mark) for mark in "●○" if mark in lost), "trouble comes first"


def test_a_low_page_keeps_who_is_in_trouble_in_sight() -> None:
    peers = (tablet(1), tablet(2), tablet(3, is_unheard=True))
    first, asking = lines(replace(NETWORK, peers=peers, strangers=("10.0.0.1",)), FEW_LINES)
    assert "wants to play" in asking
    assert first.index("192.168.1.3 hears nothing") < first.index("192.168.1.1") and "192.168.1.1:9000" not in first


def test_the_greeting_tells_where() -> None:
    assert net_words(ALONE) == "127.0.0.1:8000 (this machine only), replies to port 9000"
    assert net_words(NETWORK) == "192.168.1.2:8000, replies to port 9000"
    assert net_words(replace(NETWORK, note="nobody is remembered")).endswith("port 9000; nobody is remembered")
    assert net_words(replace(ALONE, addresses=(), note="all are taken")) == "not heard (all are taken)"


def test_comings_and_goings_are_told() -> None:
    assert net_changes(NETWORK, NETWORK) == [] and net_changes(None, None) == []
    assert net_changes(None, ALONE) == [f"OSC: {net_words(ALONE)}"]
    assert net_changes(ALONE, None) == ["OSC is heard no more"]
    none = replace(NETWORK, peers=())
    assert net_changes(none, NETWORK) == ["192.168.1.20:9000 is here, by udp"]
    assert net_changes(NETWORK, none) == ["192.168.1.20:9000 has gone"]
    assert net_changes(NETWORK, replace(NETWORK, messages=9, peers=(replace(TABLET, messages=8, quiet_s=4.0),))) == []


def test_trouble_is_told_once() -> None:
    lost = replace(NETWORK, peers=(replace(TABLET, is_lost=True),))
    assert net_changes(NETWORK, lost) == ["192.168.1.20:9000: its heartbeat is lost"]
    assert net_changes(lost, lost) == []
    assert net_changes(lost, NETWORK) == ["192.168.1.20:9000: its heartbeat is back"]
    deaf = replace(NETWORK, peers=(replace(TABLET, is_unheard=True),))
    said = "192.168.1.20:9000: nobody listens at 192.168.1.20:9000"
    assert net_changes(NETWORK, deaf) == [said] and net_changes(deaf, deaf) == []
    assert net_changes(replace(NETWORK, peers=()), deaf)[-1] == said


def test_strangers_addresses_and_notes_are_told_once() -> None:
    asking = replace(NETWORK, strangers=("10.0.0.1",))
    (said,) = net_changes(NETWORK, asking)
    assert said.startswith("10.0.0.1 wants to play") and "--allow 10.0.0.1" in said
    assert net_changes(asking, replace(asking, strangers=("10.0.0.1", "10.0.0.2")))[0].startswith("10.0.0.2")
    assert net_changes(asking, NETWORK) == []
    moved = replace(NETWORK, addresses=("10.0.0.9:8000",), note="8000 is taken")
    assert net_changes(NETWORK, moved) == [f"OSC: {net_words(moved)}"]
    assert net_changes(NETWORK, replace(NETWORK, note="a flood")) == ["OSC: a flood"]
