"""The MIDI implementation chart of a mode and a set, derived from what the decoder and the mode's tables say.

`rows` gives it line by line, for whoever renders it; `chart` as plain text. After the MIDI Association's form
(M1-101-UM, "MIDI Implementation Chart Template"), received messages only: `chart_out` has what is transmitted, which
goes by the form in which it leaves and not by a mode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from weaver.dsp.sizes import CHANNELS
from weaver.engine import control_numbers as standard
from weaver.engine.lanes import LAST_CHANNEL
from weaver.engine.status import NOTE_OFF, NOTE_ON
from weaver.engine.zones import MANAGER_RANGE, MEMBER_RANGE, MOST_MEMBERS
from weaver.mapping.bound_file import TAKEN
from weaver.mapping.modes import help_of, lower_halves, name_of, unit_of
from weaver.mapping.profile import Bound, Profile
from weaver.model.midi_out import CHANNEL_CONTROLS, LANED_SPHERES, LANES
from weaver.model.parameters import parameter_named
from weaver.model.spheres import NOTES, SphereSet

CONTROLS = 128
NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

CHANNEL_MODES: dict[int, tuple[str, str]] = {
    standard.ALL_SOUND_OFF: ("all sound off", "silences the channel's voices at once; on pads every sphere"),
    standard.RESET_CONTROLLERS: ("reset all controllers", "as RP-015 has it; vibrato depth too"),
    standard.ALL_NOTES_OFF: ("all notes off", "lets go of all the channel's notes, those the pedal holds too"),
    124: ("omni off", "as all notes off"),
    125: ("omni on", "as all notes off"),
    126: ("mono on", "as all notes off"),
    127: ("poly on", "as all notes off"),
}

_RPN = f"CC {standard.RPN_COARSE}/{standard.RPN_FINE}"
_DATA_USES = {
    standard.DATA_COARSE: "semitones of the bend range; the MPE configuration",
    standard.DATA_FINE: "cents of the bend range",
    standard.DATA_UP: "bend range, a semitone more",
    standard.DATA_DOWN: "bend range, a semitone less",
    standard.NRPN_FINE: "none is known: deselects",
    standard.NRPN_COARSE: "none is known: deselects",
    standard.RPN_FINE: "selects what data entry changes; 127 deselects",
    standard.RPN_COARSE: "selects what data entry changes; 127 deselects",
}

_HANDS = {
    "pan": "where the sphere is: -180 to 180 degrees, 64 ahead",
    "damp": "a hand on the sphere: 0 off, 127 flat",
    "soothe": "a gentle hand on the sphere: 0 off, 127 at rest",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a message, whether it is recognised, and what it does. `cc` is set for control changes."""

    section: str
    message: str
    recognised: bool
    remarks: str
    cc: int | None = None


def note_name(note: int) -> str:
    """C4 for 60, as most makers count octaves."""
    return f"{NOTE_NAMES[note % 12]}{note // 12 - 1}"


def rows(mode: Profile, spheres: SphereSet) -> list[Row]:
    """The whole chart, in the order it is read."""
    return [
        Row("Basic", "Channels", True, _channels(mode, spheres)),
        *_notes(mode, spheres),
        *_touch(mode),
        *_controls(mode, len(spheres.spheres)),
        *_channel_modes(),
        *_registered(mode),
        *_tunings(mode),
        *_system(),
    ]


def chart(mode: Profile, spheres: SphereSet) -> str:
    """The chart as plain text; controls that are not recognised share a line."""
    lines = [
        f"MIDI implementation chart: {mode.title} ({mode.name}), with {spheres.title} ({len(spheres.spheres)} spheres)",
        "o recognised, x not recognised",
    ]
    shown = [row for row in rows(mode, spheres) if row.recognised or row.cc is None or row.cc in CHANNEL_MODES]
    unused = [row.cc for row in rows(mode, spheres) if row.cc is not None and not row.recognised]
    for first, last in ((0, 63), (64, CONTROLS - 1)):
        ignored = _ranges(cc for cc in unused if first <= cc <= last)
        shown.append(Row("Ignored", f"CC {first}-{last}", False, f"{ignored}: counted, without effect"))
    return "\n".join([*lines, *chart_lines(shown)]) + "\n"


def chart_lines(shown: Sequence[Row]) -> Iterator[str]:
    """Rows by sections, their remarks below each other."""
    width = max(len(row.message) for row in shown)
    section = ""
    for row in shown:
        if row.section != section:
            section = row.section
            yield from ("", section)
        yield f"  {row.message:<{width}}  {'o' if row.recognised else 'x'}  {row.remarks}".rstrip()


def _channels(mode: Profile, spheres: SphereSet) -> str:
    if mode.notes == "channels":
        return f"1-{min(len(spheres.spheres), CHANNELS)} of each port: a sphere each"
    if mode.notes == "mpe":
        return f"1-16 of each port; starts as an MPE lower zone: 1 manages {MOST_MEMBERS} members, 2-16"
    return "1-16 of each port, " + ("all alike" if mode.notes == "pads" else "each with its own notes and wheel")


def _notes(mode: Profile, spheres: SphereSet) -> Iterator[Row]:
    section, release = "Notes", parameter_named("release_s")
    if mode.notes == "pads":
        first, last = spheres.base_note, spheres.base_note + len(spheres.spheres) - 1
        yield Row(
            section, "Note numbers", True, f"{first}-{last} ({note_name(first)}-{note_name(last)}): one sphere each"
        )
        for note, sphere in enumerate(spheres.spheres, start=first):
            yield Row(section, f"  {note} {note_name(note)}", True, f"{sphere.name}, {sphere.f0_hz:.2f} Hz")
        others = _ranges(note for note in range(NOTES) if not first <= note <= last)
        yield Row(section, "Other notes", False, f"{others}: counted, without effect")
        off = "lifts the finger; the sphere rings on"
    elif mode.notes == "channels":
        yield Row(section, "Note numbers", True, f"0-{NOTES - 1}: any key strikes the channel's sphere")
        for channel, sphere in enumerate(spheres.spheres[:CHANNELS], start=1):
            yield Row(section, f"  channel {channel}", True, f"{sphere.name}, {sphere.f0_hz:.2f} Hz")
        off = "lifts the finger; the sphere rings on"
    else:
        yield Row(
            section, "Note numbers", True, f"0-{NOTES - 1}: the pitch the tuning gives; unmapped notes are counted"
        )
        yield Row(
            section, "Voices", True, f"1-{len(spheres.spheres)}: the nearest fitting free sphere, else the quietest"
        )
        off = f"dies away in release_s, {spheres.keys_release_s:g} s ({release.low:g} to {release.high:g} s)"
    curve = parameter_named("velocity_curve")
    speed = f"1-127: speed of the mallet, to the power {curve.default:g}, and its hardness"
    yield Row(section, f"Note-on velocity ({NOTE_ON:X}n)", True, f"{speed}; 0 is note-off")
    yield Row(section, f"Note-off ({NOTE_OFF:X}n)", True, f"{off}; its velocity is ignored")


def _touch(mode: Profile) -> Iterator[Row]:
    section = "Touch"
    rubs = "0-127: rubs the held spheres, until they sing; the firmest finger counts"
    yield Row(section, "Channel pressure", True, rubs)
    yield Row(section, "Poly key pressure", True, "0-127: rubs the sphere of one held key")
    default = parameter_named("bend_range_semitones").default
    ranges = f"14 bits, {default:g} semitones up and down until RPN 0"
    if mode.notes == "mpe":
        ranges = f"14 bits, members {MEMBER_RANGE:g} and managers {MANAGER_RANGE:g} semitones until RPN 0; both add up"
    if mode.notes == "channels":
        ranges = f"14 bits, {MEMBER_RANGE:g} semitones up and down until RPN 0"
    who = {
        "pads": "every sphere",
        "keys": "the channel's notes",
        "mpe": "the channel's note, or the zone's",
        "channels": "the channel's sphere",
    }
    yield Row(section, "Pitch bend", True, f"{ranges}: {who[mode.notes]}")
    yield Row(
        section, "Program change", True, "0-127: chooses a set of spheres, without a click; bank select is ignored"
    )


def _numbers(mode: Profile, count: int) -> dict[int, tuple[str, str]]:
    """Controls of `model.midi_out`: name, and what it does, for so many spheres."""
    found: dict[int, tuple[str, str]] = {}
    if mode.notes == "channels":
        found |= {cc: (name, _HANDS[name]) for name, cc in CHANNEL_CONTROLS.items() if name in _HANDS}
    for lane in LANES if mode.notes in ("mpe", "channels") else ():
        spans = f"{lane.low:g} to {lane.high:g}: {lane.help}"
        if mode.notes == "mpe" and lane.of_sphere:
            for s in range(min(count, LANED_SPHERES)):
                found[lane.control + s] = (f"{lane.name} {s + 1}", f"{spans}, sphere {s + 1}")
        elif lane.of_sphere or mode.notes == "mpe":
            found[lane.control] = (lane.name, spans)
        else:
            found[lane.control] = (lane.name, f"{spans}; on channel {LAST_CHANNEL + 1}")
    return found


def _controls(mode: Profile, count: int) -> Iterator[Row]:
    """Control changes 0 to 119, recognised or not."""
    if mode.notes == "mpe":
        yield Row("Controls", "On members", True, "timbre and registered parameters only; all others on the manager")
    own, lower = {control.number: control for control in mode.controls}, lower_halves(mode)
    numbers = _numbers(mode, count)
    for cc in range(standard.ALL_SOUND_OFF):
        if cc in TAKEN:
            yield Row("Controls", f"CC {cc} {TAKEN[cc]}", True, _DATA_USES[cc], cc)
        elif cc in own:
            yield Row("Controls", f"CC {cc} {name_of(own[cc])}", True, f"{help_of(own[cc])}{_range_of(own[cc])}", cc)
        elif cc in numbers:
            yield Row("Controls", f"CC {cc} {numbers[cc][0]}", True, numbers[cc][1], cc)
        elif cc in lower:
            upper = lower[cc]
            yield Row("Controls", f"CC {cc} {name_of(upper)}, lower half", True, f"with CC {upper.number}, 14 bits", cc)
        else:
            yield Row("Controls", f"CC {cc}", False, "", cc)


def _range_of(control: Bound) -> str:
    if not control.parameter and control.use != "timbre":
        return ""
    curve = ", exponential" if control.curve == "exponential" else ""
    return f": {control.low:g} to {control.high:g} {unit_of(control)}".rstrip() + curve


def _channel_modes() -> Iterator[Row]:
    for cc in range(standard.ALL_SOUND_OFF, CONTROLS):
        name, remarks = CHANNEL_MODES.get(cc, ("local control", "there is no keyboard here"))
        yield Row("Channel mode messages", f"CC {cc} {name}", cc in CHANNEL_MODES, remarks, cc)


def _registered(mode: Profile) -> Iterator[Row]:
    section = f"Registered parameters ({_RPN})"
    whose = "; on a member for its whole zone" if mode.notes == "mpe" else ""
    widest = f"0 to {standard.WIDEST_BEND:g} semitones, cents by CC {standard.DATA_FINE}"
    yield Row(section, f"RPN {standard.RPN_BEND_RANGE} bend range", True, widest + whose)
    mpe = mode.notes == "mpe"
    zones = (
        f"on channel 1 or 16: a zone of 0 to {MOST_MEMBERS} members; the other gives way" if mpe else "in mpe mode only"
    )
    yield Row(section, f"RPN {standard.RPN_MPE} MPE configuration", mpe, zones)
    yield Row(section, "RPN 127 127 null", True, "data entry is ignored")
    yield Row(section, "Other RPN, all NRPN", False, "data entry is ignored, and counted")


def _tunings(mode: Profile) -> Iterator[Row]:
    """MIDI Tuning Standard, by second sub-ID."""
    section = "Tuning by SysEx (7E or 7F, any device, then 08)"
    heard = "what sounds glides there" if mode.notes in ("keys", "mpe") else "spheres keep their own pitch here"
    octaves = "from equal temperament, real-time or not; any channel of a mask means all of them"
    yield Row(section, "02, 07 single notes", True, f"real-time or not, with a bank or without: {heard}")
    yield Row(
        section, "01, 04 bulk dump", True, "all notes; any program, bank and checksum mean the one tuning there is"
    )
    yield Row(section, "08, 09 scale/octave", True, octaves)
    yield Row(section, "05, 06 octave dump", True, "the same, with a program's name")
    yield Row(section, "00, 03 dump request", False, "not answered")


def _system() -> Iterator[Row]:
    section = "Time"
    yield Row(section, "Clock (F8)", True, "24 a quarter note; of several ports the first is followed")
    yield Row(section, "Song position (F2)", True, "in sixteenths, while the song stands")
    yield Row(section, "Start (FA)", True, "with the next tick, from the song's beginning")
    yield Row(section, "Continue (FB)", True, "with the next tick, from where the song stands")
    yield Row(section, "Stop (FC)", True, "the song stands; with stop_releases all that a DAW holds is let go")
    section = "System"
    for name in ("Other exclusive", "Other common", "Active sensing", "System reset"):
        yield Row(section, name, False, "passes without effect")


def _ranges(numbers: Iterable[int]) -> str:
    """0-3, 5, 7-9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{low}-{high}" if high > low else f"{low}" for low, high in runs) or "none"
