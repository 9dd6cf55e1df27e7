"""Controllers are known by the names that their ports have on Linux (ALSA, rtmidi, a2jmidid, JACK, PipeWire), macOS and
Windows."""

from __future__ import annotations

import pytest

from weaver.mapping.profile import Profile

PLAYED, LEFT, UNKNOWN = "played", "left alone", "unknown"


def recognised(profiles: dict[str, Profile], names: tuple[str, ...], direction: str) -> tuple[str, str]:
    """Which profile a port of these names has, and whether it is played; UNKNOWN for none. More than one is wrong."""
    found: list[tuple[str, str]] = []
    for name, profile in profiles.items():
        patterns = profile.ports.input if direction == "in" else profile.ports.output
        if any(pattern.search(text) for pattern in profile.ports.ignore for text in names):
            found.append((name, LEFT))
        elif any(pattern.search(text) for pattern in patterns for text in names):
            found.append((name, PLAYED))
    assert len(found) <= 1, f"{names}: {found}"
    return found[0] if found else ("", UNKNOWN)


PORTS = """
in   launchpad-x          played  Launchpad X MIDI 2
in   launchpad-x          played  Launchpad X:Launchpad X LPX MIDI In 20:1
in   launchpad-x          played  Launchpad X LPX MIDI Out
out  launchpad-x          played  Launchpad X LPX MIDI In
in   launchpad-x          played  MIDIIN2 (LPX MIDI)
in   launchpad-x          played  MIDIIN2 (2- LPX MIDI)
out  launchpad-x          played  MIDIOUT2 (LPX MIDI)
in   launchpad-x          played  a2j:Launchpad X [20] (capture): Launchpad X MIDI 2
out  launchpad-x          played  a2j:Launchpad X [20] (playback): Launchpad X MIDI 2
in   launchpad-x          played  system:midi_capture_4 | alsa_pcm:Launchpad-X/midi_capture_2
in   launchpad-x          played  Midi-Bridge:Launchpad X 20:1 (capture)
in   launchpad-x          played  Midi-Bridge:Launchpad X 2:(capture_1) Launchpad X LPX MIDI In
in   launchpad-x          left    Launchpad X MIDI 1
in   launchpad-x          left    Launchpad X:Launchpad X LPX DAW In 20:0
in   launchpad-x          left    Launchpad X LPX DAW Out
in   launchpad-x          left    LPX MIDI
in   launchpad-x          left    2- LPX MIDI
in   launchpad-x          left    system:midi_capture_3 | alsa_pcm:Launchpad-X/midi_capture_1
in   launchpad-mini-mk3   played  Launchpad Mini MK3 MIDI 2
in   launchpad-mini-mk3   played  Launchpad Mini MK3:Launchpad Mini MK3 LPMiniMK3 MI 24:1
in   launchpad-mini-mk3   played  Launchpad Mini MK3 LPMiniMK3 MIDI Out
in   launchpad-mini-mk3   played  MIDIIN2 (LPMiniMK3 MIDI)
out  launchpad-mini-mk3   played  MIDIOUT2 (3- LPMiniMK3 MIDI)
in   launchpad-mini-mk3   left    Launchpad Mini MK3 MIDI 1
in   launchpad-mini-mk3   left    Launchpad Mini MK3:Launchpad Mini MK3 LPMiniMK3 DA 24:0
in   launchpad-mini-mk3   left    LPMiniMK3 MIDI
in   launchpad-pro-mk3    played  Launchpad Pro MK3 MIDI 1
in   launchpad-pro-mk3    played  Launchpad Pro MK3:Launchpad Pro MK3 LPProMK3 MIDI 24:0
in   launchpad-pro-mk3    played  Launchpad Pro MK3 LPProMK3 MIDI
in   launchpad-pro-mk3    played  LPProMK3 MIDI
in   launchpad-pro-mk3    played  2- LPProMK3 MIDI
in   launchpad-pro-mk3    left    Launchpad Pro MK3 MIDI 3
in   launchpad-pro-mk3    left    Launchpad Pro MK3:Launchpad Pro MK3 LPProMK3 DIN 24:1
in   launchpad-pro-mk3    left    Launchpad Pro MK3 LPProMK3 DAW
in   launchpad-pro-mk3    left    MIDIIN3 (LPProMK3 MIDI)
in   launchpad-mk2        played  Launchpad MK2
in   launchpad-mk2        played  Launchpad MK2 MIDI 1
in   launchpad-mk2        played  a2j:Launchpad MK2 [20] (capture): Launchpad MK2 MIDI 1
in   launch-control-xl    played  Launch Control XL
in   launch-control-xl    played  Launch Control XL MIDI 1
in   launch-control-xl    played  Launch Control XL:Launch Control XL Launch Contro 24:0
in   launch-control-xl-3  played  LCXL3 1 DAW Out
out  launch-control-xl-3  played  LCXL3 1 DAW In
in   launch-control-xl-3  played  LCXL3 1:LCXL3 1 LCXL3 1 DAW Out 24:1
in   launch-control-xl-3  played  LCXL3 1 MIDI 2
in   launch-control-xl-3  played  MIDIIN2 (LCXL3 1 MIDI)
out  launch-control-xl-3  played  MIDIOUT2 (LCXL3 1 MIDI)
in   launch-control-xl-3  left    LCXL3 1 MIDI
in   launch-control-xl-3  left    LCXL3 1 MIDI 1
in   launch-control-xl-3  left    LCXL3 1 LCXL3 1 MIDI Out
in   apc-mini-mk2         played  APC mini mk2 Control
in   apc-mini-mk2         played  APC Mini mk2 Control
in   apc-mini-mk2         played  APC mini mk2:APC mini mk2 Control 28:0
in   apc-mini-mk2         played  a2j:APC mini mk2 [28] (capture): APC mini mk2 Control
in   apc-mini-mk2         played  Midi-Bridge:APC mini mk2 3:(capture_0) APC mini mk2 Control
in   apc-mini-mk2         played  system:midi_capture_1 | alsa_pcm:APC-mini-mk2/midi_capture_1
in   apc-mini-mk2         played  APC mini mk2
in   apc-mini-mk2         played  2- APC mini mk2
in   apc-mini-mk2         played  apc mini mk2 1
in   apc-mini-mk2         left    APC mini mk2 Notes
in   apc-mini-mk2         left    APC mini mk2:APC mini mk2 Notes 28:1
in   apc-mini-mk2         left    MIDIIN2 (APC mini mk2)
out  apc-mini-mk2         left    MIDIOUT2 (2- APC mini mk2)
in   apc-mini             played  APC MINI
in   apc-mini             played  2- APC MINI
in   apc-mini             played  APC MINI:APC MINI MIDI 1 24:0
in   apc-mini             played  APC MINI MIDI 1
in   apc40-mk2            played  APC40 mkII
in   apc40-mk2            played  APC40 mkII MIDI 1
in   mpd218               played  MPD218
in   mpd218               played  MPD218 Port A
in   mpk-mini-3           played  MPK mini 3
in   mpk-mini-3           played  MPK mini 3:MPK mini 3 MIDI 1 28:0
in   lpd8-mk2             played  LPD8 mk2
in   lpd8-mk2             played  LPD8 MK2 MIDI 1
in   nanokontrol2         played  nanoKONTROL2
in   nanokontrol2         played  nanoKONTROL2 MIDI 1
in   nanokontrol2         played  nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTR 24:0
in   nanokontrol2         played  nanoKONTROL2 SLIDER/KNOB
out  nanokontrol2         played  nanoKONTROL2 CTRL
out  nanokontrol2         played  nanoKONTROL2 MIDI 1
out  nanokontrol2         played  nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTR 24:0
in   x-touch-mini         played  X-TOUCH MINI
in   x-touch-mini         played  X-TOUCH MINI:X-TOUCH MINI MIDI 1 24:0
in   x-touch              played  X-Touch
in   x-touch              played  X-Touch MIDI 1
in   midi-fighter-twister played  Midi Fighter Twister
in   midi-fighter-twister played  Midi Fighter Twister 2
in   midi-fighter-twister played  Midi Fighter Twister:Midi Fighter Twister MIDI 1 20:0
in   push-2               played  Ableton Push 2 Live Port
in   push-2               played  Ableton Push 2
in   push-2               played  Ableton Push 2 MIDI 1
in   push-2               played  Ableton Push 2:Ableton Push 2 nn 24:0
in   push-2               left    Ableton Push 2 User Port
in   push-2               left    MIDIIN2 (Ableton Push 2)
in   push-2               left    Ableton Push 2 MIDI 2
in   beatstep             played  Arturia BeatStep
in   beatstep             played  Arturia BeatStep:Arturia BeatStep MIDI 1 24:0
in   minilab-3            played  Minilab3
in   minilab-3            played  Minilab3 MIDI
in   minilab-3            played  2- Minilab3 MIDI
in   minilab-3            played  Arturia MiniLab 3 MIDI
in   minilab-3            played  Minilab3:Minilab3 Minilab3 MIDI 20:0
in   minilab-3            left    Minilab3:Minilab3 Minilab3 DIN THRU 20:1
in   minilab-3            left    Minilab3:Minilab3 Minilab3 MCU/HUI 20:2
in   minilab-3            left    Minilab3 Minilab3 ALV
in   linnstrument         played  LinnStrument MIDI
in   linnstrument         played  LinnStrument MIDI:LinnStrument MIDI MIDI 1 20:0
in   monome-grid          played  monome grid 16x8 m1000045
in   monome-grid          played  monome 128
in   monome-64            played  monome grid 8x8 m1000064 | monome 64 | m1000064
in   monome-64            played  monome 64
in   monome-64            played  monome grid 8x8 m1000065 | monome grid | m1000065
in   monome-grid          played  monome grid 16x16 m1000256 | monome grid | m1000256
in   sphere-controller    played  Sphere Controller
in   sphere-controller    played  Sphere Controller:Sphere Controller MIDI 1 24:0
in   -                    unknown Midi Through Port-0
in   -                    unknown Midi Through:Midi Through Port-0 14:0
in   -                    unknown a2j:Midi Through [14] (capture): Midi Through Port-0
in   -                    unknown VirMIDI 1-0
in   -                    unknown IAC Driver Bus 1
in   -                    unknown loopMIDI Port
in   -                    unknown Microsoft GS Wavetable Synth
in   -                    unknown system:midi_capture_1
in   -                    unknown weaver:midi_in
in   -                    unknown Launchpad S
in   -                    unknown Launchpad Mini
in   -                    unknown Launchpad Pro
in   -                    unknown Launchpad Pro MK3 Bootloader
in   -                    unknown Launch Control
in   -                    unknown APC Key 25 mk2
in   -                    unknown APC40
in   -                    unknown LPD8
in   -                    unknown MPD226
in   -                    unknown MPK Mini Mk II
in   -                    unknown nanoPAD2 PAD
out  -                    unknown nanoKONTROL2 SLIDER/KNOB
in   -                    unknown nanoKONTROL2 CTRL
in   -                    unknown X-Touch Compact
in   -                    unknown X-TOUCH ONE
in   x-touch              left    X-Touch-Ext
in   -                    unknown Midi Fighter 3D
in   -                    unknown Ableton Push
in   -                    unknown Ableton Push 3 Live Port
in   -                    unknown Arturia BeatStep Pro
in   -                    unknown Arturia MiniLab mkII
in   -                    unknown monome arc 4 m0000012
"""
"""Direction, profile, what is done with the port, and the names it goes by."""


@pytest.mark.parametrize("line", PORTS.strip().splitlines(), ids=lambda line: line[34:])
def test_a_port_is_known_by_its_name(profiles: dict[str, Profile], line: str) -> None:
    direction, name, kind, names = line.split(None, 3)
    expected = {"played": (name, PLAYED), "left": (name, LEFT), "unknown": ("", UNKNOWN)}[kind]
    assert recognised(profiles, tuple(names.split(" | ")), direction) == expected


def test_each_is_recognised_by_some_name(profiles: dict[str, Profile]) -> None:
    assert {line.split()[1] for line in PORTS.strip().splitlines()} - {"-"} == set(profiles)
