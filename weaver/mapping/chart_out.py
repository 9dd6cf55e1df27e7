"""The other half of the implementation chart: what is transmitted, for a form in which what is woven leaves."""

from __future__ import annotations

from collections.abc import Iterator

from weaver.dsp.sizes import CHANNELS
from weaver.engine.control_numbers import RPN_BEND_RANGE, RPN_MPE
from weaver.engine.lanes import LAST_CHANNEL
from weaver.engine.out_notes import RELEASED
from weaver.engine.status import NOTE_OFF, NOTE_ON
from weaver.engine.zones import LOWER, MANAGER_RANGE, MOST_MEMBERS, UPPER
from weaver.mapping.chart import Row, chart_lines
from weaver.model.midi_out import BEND_SEMITONES, CHANNEL_CONTROLS, LANED_SPHERES, LANES, TIMBRE_DB, Form
from weaver.model.spheres import NOTES, SphereSet

_OF_HANDS = {"pan": "where the sphere stands", "damp": "a hand that damps it", "soothe": "a hand that soothes it"}


def rows_out(form: Form, spheres: SphereSet) -> list[Row]:
    """What is transmitted, in the order it is read."""
    if form == "off":
        return [Row("Transmitted", "Notes and controls", False, "--play-out off"), *_clock()]
    count = len(spheres.spheres)
    return [*_notes(form, count), *_controls(form, count), *_registered(form), *_clock()]


def chart_out(form: Form, spheres: SphereSet) -> str:
    """The same as plain text."""
    lines = [f"Transmitted as {form} (--play-out), with {spheres.title} ({len(spheres.spheres)} spheres)"]
    return "\n".join([*lines, "o transmitted, x not transmitted", *chart_lines(rows_out(form, spheres))]) + "\n"


def is_zone(form: Form) -> bool:
    """Whether it is MPE."""
    return form in ("mpe-lower", "mpe-upper")


def _channels(form: Form, count: int) -> str:
    if not is_zone(form):
        return f"1-{min(count, CHANNELS)}: a sphere each"
    members = min(count, MOST_MEMBERS)
    manager, first = (LOWER + 1, LOWER + 2) if form == "mpe-lower" else (UPPER + 1, UPPER)
    last = first + members - 1 if form == "mpe-lower" else first - members + 1
    whose = "a sphere each" if count <= MOST_MEMBERS else "the one least recently released"
    return f"{manager} manages members {first}-{last}: {whose}"


def _notes(form: Form, count: int) -> Iterator[Row]:
    section = "Notes, by midi_out"
    key = "the key nearest to the sphere's pitch, and the bend says the rest"
    if not is_zone(form):
        key = "the key of the sphere as the set has it"
    yield Row(section, "Channels", True, _channels(form, count))
    yield Row(section, "Note numbers", True, f"0-{NOTES - 1}: {key}")
    yield Row(section, f"Note-on velocity ({NOTE_ON:X}n)", True, "1-127: such that it comes back as it was struck")
    off = f"0-127: of a key that is let go, or of the hand that damps; else {RELEASED}"
    yield Row(section, f"Note-off velocity ({NOTE_OFF:X}n)", True, off)
    yield Row(section, "Channel pressure", True, "0-127: the finger that rubs")
    yield Row(section, "Poly key pressure", False, "channel pressure says it")
    yield Row(section, "Pitch bend", True, f"14 bits, {BEND_SEMITONES} semitones up and down")
    yield Row(section, "Program change", False, "")
    yield Row(section, "System exclusive", False, "")


def _controls(form: Form, count: int) -> Iterator[Row]:
    """Timbre, what hands do that is no note, and the lanes."""
    section = "Controls, by midi_out"
    timbre = f"{-TIMBRE_DB:g} to {TIMBRE_DB:g} dB/octave, on the note's channel"
    yield _control(section, CHANNEL_CONTROLS["timbre"], "timbre", timbre)
    for name, number in CHANNEL_CONTROLS.items():
        if not is_zone(form) and name in _OF_HANDS:
            yield _control(section, number, name, f"{_OF_HANDS[name]}, on its channel")
    for lane in LANES:
        span = f"{lane.low:g} to {lane.high:g}: {lane.help}"
        if not is_zone(form):
            where = "on its channel" if lane.of_sphere else f"on channel {LAST_CHANNEL + 1}"
            yield _control(section, lane.control, lane.name, f"{span}, {where}; unless --no-lanes")
            continue
        for s in range(min(count, LANED_SPHERES) if lane.of_sphere else 1):
            name = f"{lane.name} {s + 1}" if lane.of_sphere else lane.name
            yield _control(section, lane.control + s, name, f"{span}, on the manager; unless --no-lanes")


def _control(section: str, number: int, name: str, remarks: str) -> Row:
    return Row(section, f"CC {number} {name}", True, remarks, number)


def _registered(form: Form) -> Iterator[Row]:
    """What is said when it begins, each byte at least a millisecond after the one before."""
    section = "Registered parameters, when it begins; unless --no-configure"
    zone = is_zone(form)
    whose = f"on members, {MANAGER_RANGE:g} on the manager" if zone else "on each channel"
    yield Row(section, f"RPN {RPN_BEND_RANGE} bend range", True, f"{BEND_SEMITONES} semitones {whose}")
    zones = "the zone's members, on the manager; 0 at the end" if zone else ""
    yield Row(section, f"RPN {RPN_MPE} MPE configuration", zone, zones)


def _clock() -> Iterator[Row]:
    section = "Time, by clock_out"
    yield Row(section, "Clock (F8)", True, "24 a quarter note, at their frames, whether the song rolls or not")
    yield Row(section, "Song position (F2)", True, "in sixteenths, before Continue")
    yield Row(section, "Start (FA)", True, "from the song's beginning")
    yield Row(section, "Continue (FB)", True, "from anywhere else; a song that is moved is stopped and continued")
    yield Row(section, "Stop (FC)", True, "")
    yield Row(section, "MIDI time code, active sensing", False, "")
