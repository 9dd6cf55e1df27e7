"""The doctor's part about networks."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from weaver.commands.firewalls import APPLE, firewall_lines, ufw_lines
from weaver.commands.network_report import (
    UNKNOWN,
    address_lines,
    has_multicast,
    holder,
    is_free,
    network_lines,
    peers_line,
    port_lines,
)


@pytest.fixture(params=["UDP", "TCP"])
def taken(request: pytest.FixtureRequest) -> tuple[str, int]:
    """A port that is ours."""
    kind = str(request.param)
    ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "UDP" else socket.SOCK_STREAM)
    request.addfinalizer(ours.close)
    ours.bind(("127.0.0.1", 0))
    if kind == "TCP":
        ours.listen()
    return kind, int(ours.getsockname()[1])


def prints(answers: dict[str, str]) -> Callable[[Sequence[str]], str]:
    return lambda command: answers.get(" ".join(command), "")


def test_a_port_that_somebody_has_is_not_free(taken: tuple[str, int]) -> None:
    kind, port = taken
    assert not is_free(kind, port) and is_free("TCP" if kind == "UDP" else "UDP", port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a port")
def test_who_has_a_port_is_named(taken: tuple[str, int]) -> None:
    who = holder(*taken)
    assert who.endswith(f"({os.getpid()})") and "python" in who


def test_who_cannot_be_named_is_said_so(tmp_path: Path) -> None:
    assert holder("UDP", 8000, tmp_path) == UNKNOWN
    (tmp_path / "net").mkdir()
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    row = "   0: 0100007F:1F40 00000000:0000 {} 00000000:00000000 00:00000000 00000000     0        0 4711 1\n"
    (tmp_path / "net" / "tcp").write_text(head + row.format("01"))
    (tmp_path / "7" / "fd").mkdir(parents=True)
    (tmp_path / "7" / "cmdline").write_bytes(b"/usr/bin/python3\0-m\0weaver\0play\0")
    (tmp_path / "7" / "fd" / "3").symlink_to("socket:[4711]")
    assert holder("TCP", 8000, tmp_path) == UNKNOWN, "that one is connected, and listens nowhere"
    (tmp_path / "net" / "tcp").write_text(head + row.format("0A"))
    assert holder("TCP", 8000, tmp_path) == "python3 weaver (7)"
    assert holder("TCP", 8001, tmp_path) == UNKNOWN


def test_taken_ports_come_with_advice_unless_they_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    report = "weaver.commands.network_report."
    monkeypatch.setattr(report + "is_free", lambda kind, port: (kind, port) == ("TCP", 8000))
    monkeypatch.setattr(report + "holder", lambda kind, port: "touchosc (3)" if kind == "UDP" else "python weaver (9)")
    lines = port_lines()
    assert [line.text for line in lines] == [
        "UDP 8000, where OSC is heard: taken by touchosc (3)",
        "TCP 8000, where OSC is heard: free",
        "TCP 8010, for OSCQuery and the tablet's browser: taken by python weaver (9)",
        "UDP 9000, where tablets listen: on this machine touchosc (3) does",
    ]
    assert [bool(line.advice) for line in lines] == [True, False, False, False]


def test_addresses_are_told_or_that_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import ifaddr

    def adapter(name: str, *addresses: object) -> ifaddr.Adapter:
        ips = [ifaddr.IP(address, 16, name) for address in addresses]  # type: ignore[arg-type]
        return ifaddr.Adapter(name, name, ips)

    loopback = adapter("lo", "127.0.0.1", ("::1", 0, 0))
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [loopback, adapter("wlan9", "192.168.1.2", "169.254.3.4")])
    lines = address_lines()
    assert socket.gethostname() in lines[0].text and len(lines) == 3
    assert "wlan9: 192.168.1.2/16" in lines[1].text and "cable" in lines[2].text and "cable" not in lines[1].text
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [loopback])
    assert "no tablet can come" in address_lines()[-1].text and address_lines()[-1].advice
    monkeypatch.setitem(sys.modules, "ifaddr", None)
    assert address_lines()[-1].advice == "pip install ifaddr"


def test_an_interface_without_multicast_is_told(tmp_path: Path) -> None:
    for name, flags in (("wlan9", "0x1003\n"), ("tun9", "0x51\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "flags").write_text(flags)
    assert has_multicast("wlan9", tmp_path) and not has_multicast("tun9", tmp_path)
    assert has_multicast("unheard of", tmp_path)


def test_ufw_is_seen_when_it_is_on(tmp_path: Path) -> None:
    conf, defaults = tmp_path / "ufw.conf", tmp_path / "ufw"
    assert ufw_lines(conf, defaults) == []
    conf.write_text("# ENABLED=yes\nENABLED=no\n")
    assert ufw_lines(conf, defaults) == []
    conf.write_text("# on at boot\nENABLED=yes\nLOGLEVEL=low\n")
    (line,) = ufw_lines(conf, defaults)
    assert "sudo ufw allow 8000 && sudo ufw allow 8010/tcp && sudo ufw allow 5353/udp" in line.advice
    defaults.write_text('DEFAULT_INPUT_POLICY="ACCEPT"\n')
    assert not ufw_lines(conf, defaults)[0].advice


@pytest.mark.parametrize(
    ("platform", "answers", "words"),
    [
        ("linux", {"systemctl is-active firewalld": "active\n"}, ("firewalld", "--add-port=8000/udp", "8010/tcp")),
        ("linux", {"systemctl is-active nftables": "active\n"}, ("nftables", "udp dport '{ 8000, 5353 }'", "8010")),
        ("darwin", {f"{APPLE} --getglobalstate": "Firewall is enabled. (State = 1)"}, ("Mac", "--unblockapp")),
    ],
)
def test_firewalls_come_with_the_command_that_opens_them(
    platform: str, answers: dict[str, str], words: tuple[str, ...]
) -> None:
    line = firewall_lines(platform, prints(answers))[-1]
    for word in words:
        assert word in f"{line.text} {line.advice}"


def test_where_none_is_at_work_nothing_is_advised() -> None:
    off = prints({f"{APPLE} --getglobalstate": "Firewall is disabled. (State = 0)"})
    assert [line.advice for line in firewall_lines("darwin", off)] == [""]
    assert [line.advice for line in firewall_lines("darwin", prints({}))] == [""]


def test_a_broken_file_of_who_is_remembered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    assert ": 0 " in peers_line().text and not peers_line().advice
    (tmp_path / "peers.toml").write_text("format = 3\n")
    assert "peers.toml" in peers_line().text and peers_line().advice


def test_all_of_it_can_be_told_here() -> None:
    text = "\n".join(line.text for line in network_lines())
    for word in ("this machine is", "UDP 8000", "TCP 8000", "TCP 8010", "remembered"):
        assert word in text
