"""Another machine on the network: it finds the instrument by its name, and is not heard until it is let in. Both are
network namespaces."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.jack import environment
from support.namespaces import HERE, THERE, Lan, inside, lan
from support.tablet_stage import brightness, is_painted, is_veiled, strike, tablet, wishes
from support.twins.stage import QUIET, Stage, on_stage
from zeroconf import IPVersion, ServiceBrowser, ServiceStateChange, Zeroconf

AZURE = 8
GUEST, STRANGER, MOVED = THERE
WITHIN_S = 0.3
"""What is heard has sounded by then."""
BROWSED_S = 1.5
"""What is to be found is found by then."""
OSC, OSCQUERY = "_osc._udp.local.", "_oscjson._tcp.local."


@pytest.fixture(scope="module")
def network() -> Iterator[Lan]:
    with lan() as made:
        yield made


@dataclass
class Browser:
    """What TouchOSC's list of other hosts shows, on the other machine."""

    network: Lan
    found: dict[str, tuple[list[str], int | None]] = field(default_factory=dict)

    def __enter__(self) -> Browser:
        with inside(self.network.there):
            self._zeroconf = Zeroconf(interfaces=[GUEST], ip_version=IPVersion.V4Only)
            ServiceBrowser(self._zeroconf, [OSC, OSCQUERY], handlers=[self._change])
        return self

    def __exit__(self, *_: object) -> None:
        self._zeroconf.close()

    def _change(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            self.found.pop(name, None)
        elif (info := zeroconf.get_service_info(service_type, name)) is not None:
            self.found[name] = info.parsed_addresses(), info.port


@pytest.fixture
def stage(network: Lan, tmp_path: Path) -> Iterator[Stage]:
    """An instrument on this machine of the two, open to the network; the guest need not ask."""
    wanted = wishes(lan=True, allow=(GUEST,), discovery=True, stakes="off")
    with environment(WEAVER_DATA=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)), inside(network.here):
        with on_stage(wanted) as stage:
            yield stage


def test_it_is_found_and_strangers_are_not_heard_until_they_are_let_in(stage: Stage, network: Lan) -> None:
    door = stage.instrument.tablets
    assert door is not None
    with Browser(network) as browser:
        there = {"make_socket": network.socket_there}
        address = (HERE, stage.instrument.wishes.osc_port)
        with (
            tablet(stage, GUEST, to=address, **there) as guest,
            tablet(stage, STRANGER, to=address, **there) as stranger,
        ):
            assert stage.until(lambda: is_painted(guest))
            strike(guest, AZURE)
            assert stage.until(lambda: stage.lights()[AZURE - 1] > 0.1)
            stage.hush()
            assert stage.until(lambda: door.view().strangers == (STRANGER,))
            strike(stranger, AZURE)
            stage.wait(WITHIN_S)
            assert stage.state.sphere.energy.max() < QUIET
            assert stage.until(lambda: is_veiled(stranger)) and not stranger.heard

            door.allow()
            assert stage.until(lambda: is_painted(stranger)) and not door.view().strangers
            assert stage.struck_by(lambda: strike(stranger, AZURE)) == AZURE - 1
            assert stage.until(lambda: brightness(guest, AZURE) > 0 and guest.last(f"/sphere/{AZURE}/played"))
            door.revoke()
            assert stage.until(lambda: door.view().strangers == (STRANGER,) and is_veiled(stranger))
            stage.hush()
            strike(stranger, AZURE)
            stage.wait(WITHIN_S)
            assert stage.state.sphere.energy.max() < QUIET and not is_veiled(guest)

            guest.move_to(MOVED)  # the router gave it another address, which is a stranger's too
            assert stage.until(lambda: set(door.view().strangers) == {STRANGER, MOVED} and is_veiled(guest))
        assert stage.until(lambda: len(browser.found) >= 2)
        name = door.view().name
        assert browser.found[f"{name}.{OSC}"] == ([HERE], stage.instrument.wishes.osc_port)
        assert browser.found[f"{name}.{OSCQUERY}"][0] == [HERE]
        stage.instrument.close()
        assert stage.until(lambda: not browser.found)


def test_an_instrument_that_is_not_open_is_not_there(network: Lan, tmp_path: Path) -> None:
    with environment(WEAVER_DATA=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)), inside(network.here):
        with on_stage(wishes(allow=(GUEST,), stakes="off")) as stage:
            to = HERE, stage.instrument.wishes.osc_port
            with tablet(stage, GUEST, to=to, make_socket=network.socket_there) as guest:
                strike(guest, AZURE)
                assert stage.until(lambda: is_veiled(guest))
                assert stage.state.sphere.energy.max() < QUIET and not guest.heard


def test_it_is_not_announced_to_others_though_another_responder_listens_there(network: Lan, tmp_path: Path) -> None:
    with environment(WEAVER_DATA=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)), inside(network.here):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resident:
            group = socket.inet_aton("224.0.0.251") + socket.inet_aton(HERE)
            resident.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
            with on_stage(wishes(discovery=True)) as stage:
                tablets = stage.instrument.tablets
                assert tablets is not None
                discovery = tablets._discovery
                assert discovery is not None and stage.until(lambda: discovery.addresses)
                with Browser(network) as browser:
                    stage.wait(BROWSED_S)
                    assert not browser.found
