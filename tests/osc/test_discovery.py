"""Being found: a real browser of zeroconf on this machine's loopback, and on no other network."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from support.eventually import eventually
from zeroconf import DNSQuestionType, IPVersion, ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from weaver.osc.discovery import OSC_TCP, OSC_UDP, OSCQUERY, Discovery

LOOPBACK = "127.0.0.1"
KINDS = (OSC_UDP, OSC_TCP, OSCQUERY)
_numbers = itertools.count()


@pytest.fixture
def name() -> str:
    """One that no other test on this machine has."""
    return f"Weaver {os.getpid()} {next(_numbers)}"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else can have the name, so that it need not be listened for long."""
    monkeypatch.setattr("weaver.osc.discovery._LISTEN_S", 0.05)


class Browser(ServiceListener):
    """What is there of some kinds, by name and kind."""

    def __init__(self) -> None:
        self.found: dict[str, ServiceInfo] = {}
        self._zeroconf = Zeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)
        self._browser = ServiceBrowser(self._zeroconf, list(KINDS), self, question_type=DNSQuestionType.QM)

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        if (info := zc.get_service_info(type_, name, timeout=10_000)) is not None:
            self.found[name] = info

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.add_service(zc, type_, name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.found.pop(name, None)

    def of(self, name: str) -> list[ServiceInfo | None]:
        """By kind, what goes by a name."""
        return [self.found.get(f"{name}.{kind}") for kind in KINDS]

    def close(self) -> None:
        self._browser.cancel()
        self._zeroconf.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@contextmanager
def announced(*wishes: object, **more: object) -> Iterator[Discovery]:
    discovery = Discovery(*wishes, **more)  # type: ignore[arg-type]
    try:
        yield discovery
    finally:
        discovery.close()
        discovery.close()


@pytest.mark.usefixtures("alone")
def test_it_is_found_where_it_is_and_goes_when_it_is_closed(browser: Browser, name: str) -> None:
    with announced(name, 8001, 8002, 8013) as discovery:
        assert eventually(lambda: all(browser.of(name)))
        udp, tcp, query = browser.of(name)
        assert udp is not None and tcp is not None and query is not None
        assert [info.port for info in (udp, tcp, query)] == [8001, 8002, 8013]
        assert [info.parsed_addresses() for info in (udp, tcp, query)] == [[LOOPBACK]] * 3
        assert udp.decoded_properties["uri"] == f"http://{LOOPBACK}:8013/tablet"
        assert tcp.decoded_properties["framing"] == "slip" and "framing" not in udp.decoded_properties
        assert eventually(lambda: discovery.addresses == (LOOPBACK,))
        assert (discovery.name, discovery.note, dict(discovery.lost)) == (name, "", {})
    assert eventually(lambda: not any(browser.of(name)))


@pytest.mark.usefixtures("alone")
def test_what_has_no_port_is_not_announced(browser: Browser, name: str) -> None:
    with announced(name, 8001, None, None):
        assert eventually(lambda: browser.of(name)[0])
        udp, tcp, query = browser.of(name)
        assert udp is not None and "uri" not in udp.decoded_properties and tcp is None and query is None


def test_a_second_one_of_the_name_is_told_apart(browser: Browser, name: str) -> None:
    with announced(name, 8001, None, 8013):
        assert eventually(lambda: browser.of(name)[2])
        with announced(name, 8002, None, 8014) as second:
            assert eventually(lambda: all(browser.of(f"{name} (2)")[::2]))
            info = browser.of(f"{name} (2)")[0]
            assert info is not None and info.port == 8002 and eventually(lambda: second.name == f"{name} (2)")
        assert eventually(lambda: not any(browser.of(f"{name} (2)")))
        assert all(browser.of(name)[::2]), "the goodbye of one is not that of the other"


@pytest.mark.usefixtures("alone")
def test_it_moves_with_the_machine(browser: Browser, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = ["127.0.0.1"]
    monkeypatch.setattr("weaver.osc.discovery.own_addresses", lambda: tuple(here))
    with announced(name, 8001, None, None, is_open=True, look_s=0.05) as discovery:
        assert eventually(lambda: browser.of(name)[0])
        here.append("127.0.0.2")
        assert eventually(lambda: discovery.addresses == ("127.0.0.1", "127.0.0.2"))
        assert eventually(
            lambda: (info := browser.of(name)[0]) is not None and sorted(info.parsed_addresses()) == sorted(here)
        )
        here.clear()
        assert eventually(lambda: discovery.addresses == (LOOPBACK,)), "without a network, this machine is left"


def test_a_machine_without_multicast_is_told_so_and_nothing_else_happens(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(19, "No such device")

    monkeypatch.setattr("zeroconf.asyncio.AsyncZeroconf", refuse)
    with announced(name, 8001, 8001, 8013) as discovery:
        assert eventually(lambda: "No such device" in discovery.note)
        assert "typed in" in discovery.note and discovery.addresses == () and discovery.lost == {"not announced": 1}


def test_trouble_that_nobody_thought_of_ends_nothing_but_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[str, ...]:
        raise RuntimeError("surprise")

    monkeypatch.setattr("weaver.osc.discovery.own_addresses", fail)
    with announced(name, 8001, None, None, is_open=True) as discovery:
        assert eventually(lambda: "surprise" in discovery.note) and discovery.lost == {"ended": 1}


@pytest.mark.parametrize("wait", [lambda: None, lambda: time.sleep(0.3)], ids=["at once", "while it listens"])
def test_it_may_be_closed_before_it_is_announced(name: str, wait: Callable[[], None]) -> None:
    discovery = Discovery(name, 8001, 8001, 8013)
    wait()
    discovery.close()
    assert eventually(lambda: not discovery._thread.is_alive())
    assert discovery.addresses == () and not discovery.lost
