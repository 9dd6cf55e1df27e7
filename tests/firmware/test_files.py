"""The sphere controller's files: how they run on the board, and that they agree with its pages and the protocol."""

from __future__ import annotations

import pytest
from support.circuitpython import FIRMWARE, LIGHTS, Wiring, load
from support.sphere_player import TURN_US

from weaver.model import surface_protocol as protocol


def test_ctrl_c_says_goodbye_and_goes_dark() -> None:
    wiring = Wiring()
    code = load(wiring)
    turns = 0

    def now_us() -> int:
        nonlocal turns
        turns += 1
        if turns > 1_000:
            raise KeyboardInterrupt
        return turns * TURN_US

    code.now_us = now_us
    with pytest.raises(KeyboardInterrupt):
        code.main()
    assert bytes(wiring.from_device).endswith(protocol.encode(protocol.DeviceGoodbye()))
    assert wiring.written > 10 and not any(wiring.lights)


def test_its_clock_runs_in_microseconds() -> None:
    code = load(Wiring())
    earlier = code.now_us()
    later = code.now_us()
    assert 0 <= later - earlier < 1_000_000 or later < earlier  # it wraps every nine minutes
    assert 0 <= later <= code.spheres.CLOCK_MASK


def test_usb_says_the_name_profiles_look_for() -> None:
    wiring = Wiring()
    load(wiring, "boot.py")
    assert wiring.name == "Sphere Controller"


def test_the_firmware_and_the_protocol_agree() -> None:
    spheres = load(Wiring()).spheres
    numbers = {(kind.sender, kind.name): kind.number for kind in protocol.MESSAGES}
    assert numbers == {
        ("host", "ask"): spheres.ASK,
        ("host", "welcome"): spheres.WELCOME,
        ("host", "picture"): spheres.PICTURE,
        ("host", "alive"): spheres.HOST_ALIVE,
        ("host", "goodbye"): spheres.HOST_GOODBYE,
        ("device", "hello"): spheres.HELLO,
        ("device", "alive"): spheres.DEVICE_ALIVE,
        ("device", "goodbye"): spheres.DEVICE_GOODBYE,
    }
    assert spheres.IDENTITY_REPLY == protocol.IDENTITY_REPLY
    assert (spheres.FIRST_NOTE, spheres.FIRST_BUTTON_CC) == (protocol.FIRST_NOTE, protocol.FIRST_BUTTON_CC)
    assert (spheres.VERSION, spheres.MAX_MESSAGE_BYTES) == (protocol.VERSION, protocol.MAX_MESSAGE_BYTES)
    assert spheres.ALIVE_US == protocol.ALIVE_EVERY_S * 1e6 and spheres.LOST_US == protocol.LOST_AFTER_S * 1e6


def test_the_page_says_what_the_files_say() -> None:
    page = (FIRMWARE / "README.md").read_text(encoding="utf-8")
    spheres = load(Wiring()).spheres
    for pin in (*Wiring.SELECT, Wiring.COMMON, Wiring.LIGHT, *Wiring.BUTTONS):
        assert f"| {pin} |" in page
    full_ma = LIGHTS * (spheres.DARK_MA + 3 * spheres.CHANNEL_MA)
    for figure in (full_ma, spheres.LIMIT_MA, LIGHTS * spheres.DARK_MA):
        assert f"{figure:,} mA" in page
    for name in ("RANGE_COUNTS", "LIMIT_MA", "FASTEST_COUNTS_PER_MS", "MARGIN_COUNTS"):
        assert name in page
