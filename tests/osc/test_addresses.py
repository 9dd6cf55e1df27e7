"""By which addresses this machine is found."""

from __future__ import annotations

import socket

import ifaddr
import pytest

from weaver.osc import addresses
from weaver.osc.addresses import own_addresses


def adapter(name: str, *found: object) -> ifaddr.Adapter:
    return ifaddr.Adapter(name, name, [ifaddr.IP(address, 24, name) for address in found])  # type: ignore[arg-type]


@pytest.fixture
def two_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters = [adapter("lo", "127.0.0.1", ("::1", 0, 0)), adapter("eth9", "10.0.0.2"), adapter("wlan9", "192.168.1.2")]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)


@pytest.mark.usefixtures("two_networks")
def test_the_default_route_s_comes_first_and_loopback_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_of_default_route", lambda: iter(["192.168.1.2"]))
    assert own_addresses() == ("192.168.1.2", "10.0.0.2")


@pytest.mark.usefixtures("two_networks")
def test_without_a_default_route_there_are_still_the_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_ELSEWHERE", ("127.0.0.1", 9))  # goes by loopback
    assert own_addresses() == ("10.0.0.2", "192.168.1.2")


def test_what_the_system_does_not_say_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(ifaddr, "get_adapters", fail)
    monkeypatch.setattr(socket.socket, "connect", fail)
    assert own_addresses() == ()
