"""The ears and programs of other makers: heard and answered, by UDP and by both ways of TCP."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pyliblo3
import pytest
from pythonosc.tcp_client import SimpleTCPClient
from support.earshot import HERE, THERE, Earshot, earshot, udp
from support.eventually import eventually
from support.needed import program
from support.osc_peers import LibloTools, OscJsTcp, PyLiblo

from weaver.model.osc_packet import OscMessage, decode, encode


@pytest.fixture
def here() -> Iterator[Earshot]:
    """Ears for which 127.0.0.2 is another machine."""
    with earshot() as here:
        yield here


@pytest.mark.parametrize("url", ["osc.udp", "osc.tcp"])
def test_oscsend(here: Earshot, url: str) -> None:
    oscsend = program("oscsend", "liblo-tools")
    to = f"{url}://{HERE}:{here.ears.port}"
    arguments = ["ifsdhTFN", "-3", "0.5", "sphere", "0.1", "1099511627776"]
    for _ in range(2):
        subprocess.run([oscsend, to, "/sphere/1/strike", *arguments], check=True, timeout=10)
    said = OscMessage("/sphere/1/strike", (-3, 0.5, "sphere", 0.1, 1 << 40, True, False, None))
    assert eventually(lambda: here.said == [said, said])
    transports = [peer.transport for peer, _, _ in here.packets]
    assert transports == [url.removeprefix("osc.")] * 2
    assert here.ears.lost == {}
    if url == "osc.tcp":
        assert eventually(lambda: len(here.gone) == 2)


def test_oscdump_hears_what_we_say_at_the_reply_port() -> None:
    with LibloTools(("", 0)) as dump, earshot(reply_port=dump.port) as here, udp() as tablet:
        tablet.sendto(encode("/a"), (HERE, here.ears.port))
        assert here.heard("/a")
        assert here.ears.send(here.packets[0][0], encode("/sphere/1/light", 0.5))
        assert eventually(lambda: dump.received() == [("/sphere/1/light", [0.5])])


@pytest.mark.parametrize("mode", ["1.0", "1.1"])
def test_python_osc_over_tcp_both_ways(here: Earshot, mode: str) -> None:
    with SimpleTCPClient(HERE, here.ears.port, mode=mode) as client:
        for number in range(100):
            client.send_message("/sphere/1/rub", [0.25, number])
        assert eventually(lambda: len(here.said) == 100)
        assert [message.arguments for message in here.said] == [(0.25, number) for number in range(100)]
        packet = encode("/pong", 7, "\xdb\xc0")
        assert here.ears.send(here.packets[0][0], packet)
        assert next(iter(client.receive(10))) == packet
    assert eventually(lambda: len(here.gone) == 1)


@pytest.mark.parametrize(
    "make", [OscJsTcp, lambda to: PyLiblo(to, pyliblo3.TCP)], ids=["osc.js by SLIP", "liblo by size"]
)
def test_a_connection_is_played_and_told(here: Earshot, make: Callable[[tuple[str, int]], OscJsTcp | PyLiblo]) -> None:
    with make((HERE, here.ears.port)) as peer:
        peer.send("/ping", 7)
        assert here.heard("/ping")
        assert here.ears.send(here.packets[0][0], encode("/pong", 7))
        assert eventually(lambda: peer.received() == [("/pong", [7])])


def test_a_tablet_is_let_in_and_told_where_it_listens() -> None:
    """As TouchOSC does it: from one port, and another to listen at."""
    with udp(THERE) as listens, earshot(reply_port=listens.getsockname()[1]) as here, udp(THERE) as speaks:
        speaks.sendto(encode("/ping"), (HERE, here.ears.port))
        assert eventually(lambda: here.peers.strangers() == (THERE,))
        here.peers.allow(here.peers.strangers()[0])
        speaks.sendto(encode("/ping", 1), (HERE, here.ears.port))
        assert eventually(lambda: here.said == [OscMessage("/ping", (1,))])
        (peer,) = here.peers.known()
        assert peer.host == THERE
        assert here.ears.send(peer, encode("/pong", 1))
        assert decode(listens.recv(100)) == OscMessage("/pong", (1,))
