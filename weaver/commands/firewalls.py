"""Which firewall may keep a tablet out, as far as it can be read without being root, and the command that opens it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from weaver.commands.surroundings import Line
from weaver.model.osc_space import QUERY_PORT, RECEIVE_PORT

MDNS_PORT = 5353
"""By which the instrument is found without typing an address (RFC 6762)."""
UFW_CONF, UFW_DEFAULTS = Path("/etc/ufw/ufw.conf"), Path("/etc/default/ufw")
APPLE = "/usr/libexec/ApplicationFirewall/socketfilterfw"
WINDOWS_KEY = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
WINDOWS_PROFILES = {"StandardProfile": "private", "PublicProfile": "public"}
PATIENCE_S = 2.0
IF_KEPT_OUT = "if a tablet is not heard: "

Ask = Callable[[Sequence[str]], str]
"""What a command prints; "" if there is no such command, or it takes too long."""


def ask(command: Sequence[str]) -> str:
    """Run a command that changes nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def firewall_lines(platform: str = sys.platform, ask: Ask = ask) -> list[Line]:
    """Each firewall that is at work here; one line that says so if none is seen."""
    if platform == "darwin":
        found = _apple(ask)
    elif platform == "win32":
        found = _windows()
    else:
        found = [*ufw_lines(), *_firewalld(ask), *_nftables(ask)]
    return found or [Line("no firewall is seen at work")]


def ufw_lines(conf: Path = UFW_CONF, defaults: Path = UFW_DEFAULTS) -> list[Line]:
    """Whether ufw is on: that much of it everybody may read."""
    if not re.search(r"^\s*ENABLED\s*=\s*[\"']?yes", _text(conf), re.M | re.I):
        return []
    policy = re.search(r"^\s*DEFAULT_INPUT_POLICY\s*=\s*[\"']?(\w+)", _text(defaults), re.M)
    if policy is not None and policy[1].upper() == "ACCEPT":
        return [Line("ufw is on, and lets in what no rule forbids")]
    opens = f"sudo ufw allow {RECEIVE_PORT} && sudo ufw allow {QUERY_PORT}/tcp && sudo ufw allow {MDNS_PORT}/udp"
    return [Line("ufw is on (its rules are for root to read)", IF_KEPT_OUT + opens)]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _firewalld(ask: Ask) -> list[Line]:
    if ask(("systemctl", "is-active", "firewalld")).strip() != "active":
        return []
    opens = (
        f"sudo firewall-cmd --add-port={RECEIVE_PORT}/udp --add-port={RECEIVE_PORT}/tcp --add-port={QUERY_PORT}/tcp "
        f"--add-port={MDNS_PORT}/udp && sudo firewall-cmd --runtime-to-permanent"
    )
    return [Line("firewalld is on", IF_KEPT_OUT + opens)]


def _nftables(ask: Ask) -> list[Line]:
    """The service that loads /etc/nftables.conf, whose table and chain are called as its examples have them."""
    if ask(("systemctl", "is-active", "nftables")).strip() != "active":
        return []
    rule = "sudo nft insert rule inet filter input"
    opens = (
        f"{rule} udp dport '{{ {RECEIVE_PORT}, {MDNS_PORT} }}' accept && "
        f"{rule} tcp dport '{{ {RECEIVE_PORT}, {QUERY_PORT} }}' accept"
    )
    return [Line("nftables is on (its rules are for root to read)", IF_KEPT_OUT + opens)]


def _apple(ask: Ask) -> list[Line]:
    """It goes by programs, not by ports."""
    state = re.search(r"State = (\d)", ask((APPLE, "--getglobalstate")))
    if state is None or state[1] == "0":
        return []
    opens = f"sudo {APPLE} --add '{sys.executable}' && sudo {APPLE} --unblockapp '{sys.executable}'"
    return [Line("the Mac's firewall is on, and goes by programs", IF_KEPT_OUT + opens)]


def _windows() -> list[Line]:
    profiles = [name for key, name in WINDOWS_PROFILES.items() if _is_on_in_windows(key)]
    if not profiles:
        return []
    rule = 'netsh advfirewall firewall add rule name="Sonic Weaver" dir=in action=allow profile=private'
    opens = (
        f"as administrator: {rule} protocol=UDP localport={RECEIVE_PORT},{MDNS_PORT} and "
        f"{rule} protocol=TCP localport={RECEIVE_PORT},{QUERY_PORT}; the Wi-Fi must be a private network"
    )
    return [Line(f"the Windows firewall is on for {' and '.join(profiles)} networks", IF_KEPT_OUT + opens)]


def _is_on_in_windows(profile: str) -> bool:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, f"{WINDOWS_KEY}\\{profile}") as key:  # type: ignore[attr-defined,unused-ignore]
            return bool(winreg.QueryValueEx(key, "EnableFirewall")[0])  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
