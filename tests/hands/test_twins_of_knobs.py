"""Twins of controllers with knobs and faders, and of those unlike others, against bytes by hand."""

from __future__ import annotations

from support.twins import (
    BeatStep,
    LaunchControlXl,
    LaunchControlXl3,
    LinnStrument,
    Lpd8Mk2,
    Mackie,
    MiniLab3,
    NanoKontrol2,
    Push2,
    Twister,
    XTouchMini,
)
from support.twins.twin import DARK

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def b(text: str) -> bytes:
    return bytes.fromhex(text)


def test_lpd8_mk2_wants_eight_and_forgets() -> None:
    twin = Lpd8Mk2()
    own = twin.light(0, 0)
    head, pad = b("F0 47 7F 4C 06 00 30"), b("01 7F 00 00 00 40")
    twin.hear(head + pad * 7 + b("F7"))
    assert twin.light(0, 0) == own
    twin.hear(head + pad * 8 + b("F7"))
    assert twin.light(0, 0) == twin.light(3, 1) == (255, 0, 64)
    assert twin.press(0, 1) == [b("99 28 64")] and twin.release(0, 1) == [b("89 28 00")]
    assert twin.light(0, 1) == own and twin.light(1, 1) == (255, 0, 64)
    assert twin.drift() == [] and twin.light(1, 1) == own
    assert twin.turn(7, 12) == [b("B0 4D 0C")]


def test_nanokontrol2_obeys_in_external_and_in_native_mode() -> None:
    twin = NanoKontrol2()
    twin.hear(b("B0 40 7F"))
    assert twin.lights == {}
    (dump,) = twin.hear(b("F0 42 40 00 01 13 00 1F 10 00 F7"))
    head = b("F0 42 40 00 01 13 00 7F 7F 02 03 05 40")
    assert dump.startswith(head) and len(dump) == len(head) + 389
    wanted = bytearray(dump)
    wanted[len(head) + 3] = 1
    assert twin.hear(bytes(wanted)) == [b("F0 42 40 00 01 13 00 5F 23 00 F7")]
    assert twin.hear(bytes(wanted[:-9]) + b("F7")) == [b("F0 42 40 00 01 13 00 5F 24 00 F7")]
    twin.hear(b("B0 40 7F B0 29 7F B0 27 40"))
    assert set(twin.lights) == {(0, 0), ("cc", 0x29)}
    twin.reboot()
    assert twin.mode == "external"
    twin.hear(b("F0 42 40 00 01 13 00 00 00 01 F7 B0 40 7F BF 20 7F"))
    assert twin.mode == "native" and set(twin.lights) == {(0, 2)}
    twin.hear(b("F0 42 40 00 01 13 00 00 00 00 F7"))
    assert twin.mode == "external"
    assert twin.turn(7, 1) == [b("B0 17 01")] and twin.slide(0, 2) == [b("B0 00 02")]
    assert twin.press(1, 1) == [b("B0 31 7F")]


def test_launch_control_xl_has_templates_and_two_buffers() -> None:
    twin = LaunchControlXl()
    twin.hear(b("F0 00 20 29 02 11 78 08 00 0F 18 3C F7"))
    assert twin.lights == {}
    twin.hear(b("F0 00 20 29 02 11 77 08 F7"))
    assert twin.mode == "template 8" and twin.lights == {("knob", 0): RED, (0, 1): GREEN}
    assert twin.turn(0, 5) == [b("B8 0D 05")] and twin.press(0, 0) == [b("98 49 7F")]
    assert twin.press(7, 1) == [b("98 3C 7F")] and twin.slide(7, 1) == [b("B8 54 01")]
    twin.hear(b("B8 00 31 F0 00 20 29 02 11 78 08 00 30 F7"))
    assert twin.lights["knob", 0] == RED  # written to the hidden buffer
    twin.hear(b("B8 00 34"))
    assert twin.lights["knob", 0] == GREEN and twin.lights[0, 1] == GREEN
    twin.hear(b("F0 00 20 29 02 11 78 08 2C 3F 28 0F F7"), 1.0)  # arrows are red, the four buttons yellow
    twin.hear(b("B8 00 30"), 1.0)
    assert twin.lights["arrow", 0] == RED and twin.lights["side", 0] == (255, 255, 0)
    assert twin.drift(2) == [b("F0 00 20 29 02 11 77 02 F7")] and twin.lights == {}
    twin.hear(b("B8 00 00 F0 00 20 29 02 11 77 08 F7"))
    assert twin.lights == {}


def test_launch_control_xl_is_slow() -> None:
    twin = LaunchControlXl()
    full = b"".join(bytes((light, 0x0F)) for light in range(48))
    for _ in range(2):
        twin.hear(b("F0 00 20 29 02 11 78 00") + full + b("F7"), 0.0)
    assert len(twin.lights) == 48 and twin.refused["too fast"] == 1
    green = b("F0 00 20 29 02 11 78 00") + bytes(0x3C if at % 2 else code for at, code in enumerate(full)) + b("F7")
    twin.hear(green, 0.02)
    assert twin.lights["knob", 0] == RED and twin.refused["too fast"] == 2
    twin.hear(green, 0.1)
    assert twin.lights["knob", 0] == GREEN


def test_launch_control_xl_3_in_daw_mode() -> None:
    twin = LaunchControlXl3()
    assert twin.turn(0, 5) == []
    assert twin.hear(b("9F 0C 7F")) == [b("F0 00 20 29 02 15 02 7F F7")]
    assert twin.mode == "custom" and twin.turn(0, 5) == []
    assert twin.hear(b("B6 1E 01")) == [b("B6 1E 01")]
    twin.hear(b("F0 00 20 29 02 15 01 53 0D 7F 00 00 F7 F0 00 20 29 02 15 01 53 2D 00 00 7F F7 B2 25 15"))
    assert twin.lights == {("knob", 0): RED, (0, 0): BLUE, (0, 1): GREEN} and twin.moving == {(0, 1)}
    assert twin.turn(0, 5) == [b("BF 0D 05")] and twin.slide(7, 1) == [b("BF 0C 01")]
    assert twin.press(0, 0) == [b("B0 2D 7F")]
    twin.hear(b("B6 45 7F"))
    assert twin.turn(0, -1) == [b("BF 4D 3F")] and twin.turn(23, 5) == [b("BF 24 05")]
    assert twin.drift() == [b("B6 1E 06")] and twin.mode == "custom" and twin.lights == {}
    twin.hear(b("F0 00 20 29 02 15 02 00 F7"))
    assert twin.mode == "standalone" and twin.lights == {}


def test_xtouch_mini_in_both_modes() -> None:
    twin = XTouchMini()
    twin.hear(b("B0 09 0D B0 0A 1B 90 00 01 90 0F 02"))
    assert twin.lights["ring", 0] == twin.lights["ring", 1] == (255, 255, 255)
    assert twin.lights[0, 1] == twin.lights[7, 0] and twin.moving == {(7, 0)}
    assert twin.press(0, 1) == [b("9A 08 7F")] and twin.turn(0, 64) == [b("BA 01 40")]
    (answer,) = twin.hear(b("F0 40 41 42 51 00 00 00 00 00 00 00 00 F7"))
    assert answer[:5] == b("F0 40 41 42 51") and answer[7] == 0 and len(answer) == 14
    twin.hear(b("B0 7F 01"))
    assert twin.mode == "mackie" and twin.lights == {}
    twin.hear(b("B0 30 0B B0 31 2B B0 32 10 90 59 7F 90 5F 01 90 28 40"))
    assert twin.lights["ring", 0] == twin.lights["ring", 1] == (255, 255, 255) and ("ring", 2) not in twin.lights
    assert twin.lights[0, 1] == twin.lights[7, 0] and (2, 1) not in twin.lights
    assert twin.turn(0, 1) == [b("B0 10 01")] and twin.turn(0, -1) == [b("B0 10 41")]
    assert twin.push(0) == [b("90 20 7F")]
    twin.hear(b("F0 40 41 42 59 00 00 00 00 00 00 00 00 00 F7"))
    assert twin.mode == "standard"


def test_mackie_has_motors_that_yield_to_fingers() -> None:
    twin = Mackie(needs_handshake=True)
    twin.hear(b("E0 00 40"))
    assert twin.faders[0] == 0
    (answer,) = twin.hear(b("F0 00 00 66 14 00 F7"))
    assert answer[:6] == b("F0 00 00 66 14 01")
    twin.hear(b("E0 00 40"))
    assert twin.faders[0] == 0x2000 and twin.touch(0) == [b("90 68 7F")]
    twin.hear(b("E0 00 00"))
    assert twin.faders[0] == 0x2000 and twin.refused["fader while touched"] == 1
    assert twin.touch(0, False) == [b("90 68 00")] and twin.slide(0, 127) == [b("E0 7F 7F")]
    twin.hear(b("F0 00 00 66 14 12 38 41 7A F7 F0 00 00 66 14 72 01 04 00 00 00 00 00 00 F7 D0 1D D0 2E"))
    assert twin.display.splitlines()[1].startswith("Az ") and twin.strips[:3] == [RED, BLUE, DARK]
    assert twin.meters[1] == 13 and twin.overloads[2]
    twin.hear(b("B0 30 2B 90 18 7F 90 00 01 90 01 40"))
    assert twin.lights[0, 0] == GREEN and twin.moving == {(0, 3)} and ("ring", 0) in twin.lights
    assert (1, 3) not in twin.lights
    assert twin.press(0, 0) == [b("90 18 7F")] and twin.turn(0, -2) == [b("B0 10 42")]
    twin.hear(b("F0 00 00 66 14 12 6F 41 42 F7"))
    assert twin.refused["command"]


def test_twister_is_deaf_to_an_encoder_that_is_being_turned() -> None:
    twin = Twister()
    twin.hear(b("B0 00 40 B1 00 55 B1 01 2B B1 02 01 B1 03 7F"))
    assert twin.ring[0] == 64 and [twin.light(at, 3) for at in range(4)] == [RED, GREEN, BLUE, RED]
    twin.hear(b("F8"), 1.0)
    assert twin.turn(0, 70) == [b("B0 00 46")]
    twin.hear(b("B0 00 10"), 1.05)
    assert twin.ring[0] == 70 and twin.refused["moving"] == 1
    twin.hear(b("B0 00 10"), 1.2)
    assert twin.ring[0] == 16
    twin.hear(b("B1 01 00 B2 02 11"))
    assert twin.light(1, 3) == twin.inactive and twin.light(2, 3) == DARK
    assert twin.press(0, 3) == [b("B1 00 7F")]


def test_twister_native_mode_has_rgb_and_a_small_buffer() -> None:
    twin = Twister()
    twin.hear(b("F0 00 01 79 06 01 01 00 7F 00 00 F7"))
    assert twin.light(0, 3) == twin.inactive
    twin.hear(b("F0 00 01 79 06 00 01 F7 F0 00 01 79 06 01 01 05 00 7F 00 F7"))
    assert twin.mode == "native" and twin.light(1, 2) == GREEN
    assert twin.turn(5, -1) == [b("B0 05 3F")]
    twin.hear(b("F0 00 01 79 06 01 01 00 7F 00 00") + bytes(120) + b("F7"))
    assert twin.light(0, 3) == DARK
    twin.reboot()
    assert twin.mode == "standard"


def test_beatstep_clears_a_pad_that_is_let_go_and_takes_a_message_a_millisecond() -> None:
    twin = BeatStep()
    twin.hear(b("F0 00 20 6B 7F 42 02 00 10 70 01 F7 F0 00 20 6B 7F 42 02 00 10 7F 10 F7"))
    assert twin.lights == {(0, 1): RED, (7, 0): BLUE}
    assert twin.press(0, 1) == [b("99 2C 64")] and twin.release(0, 1) == [b("89 2C 00")]
    assert twin.lights == {(7, 0): BLUE}
    for _ in range(20):
        twin.hear(b("F0 00 20 6B 7F 42 02 00 10 70 11 F7"), 1.0)
    assert twin.refused["too fast"] == 4
    twin.hear(b("F0 00 20 6B 7F 42 02 00 10 70 05 F7"), 2.0)
    assert twin.light(0, 1) == (255, 0, 255)


def test_minilab_3_shows_lights_once_it_is_met() -> None:
    twin = MiniLab3()
    twin.hear(b("F0 00 20 6B 7F 42 02 02 16 34 7F 00 00 F7"))
    assert twin.lights == {}
    twin.hear(b("F0 00 20 6B 7F 42 02 02 40 6A 21 F7 F0 00 20 6B 7F 42 02 02 16 34 7F 00 00 F7"))
    assert twin.lights == {(0, 0): RED}
    twin.hear(b("F0 00 20 6B 7F 42 04 02 16 00") + b("00 7F 00") * 8 + b("F7"))
    assert all(twin.light(column, 0) == GREEN for column in range(8))
    assert twin.press(1, 0) == [b("99 25 64")] and twin.turn(0, 4) == [b("B0 56 04")]
    twin.hear(b("F0 00 20 6B 7F 42 02 02 40 6A 20 F7"))
    assert twin.mode == "arturia" and twin.lights == {}


def test_push_2_has_a_palette_two_ports_and_a_run_id() -> None:
    twin = Push2()
    twin.hear(b("90 24 7D B0 55 7E"))
    assert twin.lights == {(0, 0): BLUE, ("cc", 0x55): GREEN}
    twin.hear(b("F0 00 21 1D 01 01 03 7D 7F 01 00 00 40 00 00 00 F7"))
    assert twin.light(0, 0) == BLUE
    twin.hear(b("F0 00 21 1D 01 01 05 F7"))
    assert twin.light(0, 0) == (255, 0, 64)
    assert twin.hear(b("F0 00 21 1D 01 01 04 7D F7")) == [b("F0 00 21 1D 01 01 04 7D 7F 01 00 00 40 00 00 00 F7")]
    first = twin.hear(b("F0 00 21 1D 01 01 1A F7"))
    twin.reboot()
    assert twin.hear(b("F0 00 21 1D 01 01 1A F7")) != first and twin.lights == {}
    assert [(said.port, said) for said in twin.press(7, 7)] == [(0, b("90 63 64"))]  # type: ignore[attr-defined]
    twin.hear(b("F0 00 21 1D 01 01 0A 01 F7 90 24 7D"))
    assert twin.lights == {} and [said.port for said in twin.press(0, 0)] == [1]  # type: ignore[attr-defined]
    twin.hear(b("90 24 7F"), port=1)
    assert twin.light(0, 0) == RED


def test_linnstrument_cells_and_user_firmware_mode() -> None:
    twin = LinnStrument()
    twin.hear(b("B0 14 01 B0 15 00 B0 16 01 B0 15 07 B0 16 05"))
    assert twin.lights == {(0, 0): RED, (0, 7): BLUE}
    twin.hear(b("B0 63 01 B0 62 75 B0 06 00 B0 26 01"))
    assert twin.mode == "user firmware" and twin.lights == {}
    assert twin.press(3, 2, 90) == [b("92 04 5A")] and twin.lean(3, 2, 7) == [b("A2 04 07")]
    assert twin.drift() == [b("B8 63 01"), b("B8 62 75"), b("B8 06 00"), b("B8 26 00")]
    assert twin.mode == "normal"
    twin.hear(b("B0 14 1A B0 15 00 B0 16 01"))
    assert twin.lights == {} and twin.refused["cell"]
