"""The Harmonious Spheres as a set file in configs/sets declares them.

    format = 1
    title = "..."                       root_hz = 65.4       # what ratios are of
    base_note = 48                      # the MIDI note that strikes the first sphere in pads mode
    [room]      t60_s, size_m, brightness, wet_db
    [defaults]  material, shape, modes, t60_scale, hum_db, level_db: for spheres that do not say
    [[spheres]] name, colour, f0_hz or ratio, size, azimuth_deg, distance_m, and what [defaults] may have
    [[series]]  many alike spheres in one table: name (they are numbered), count, f0_hz or ratio of the first,
                step_cents or scale = ["9/8", ... "2/1"] (its last is the period), colours (blended from the
                first to the last), size, azimuth_deg and distance_m as [first, last], and what [defaults] may
                have

Spheres come first in their order, then those of each series. A set is read whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weaver.model.configs import find_config, lasting_name
from weaver.model.gestures import gesture_named
from weaver.model.materials import MAX_HZ, Mode
from weaver.model.parameters import parameter_named
from weaver.model.toml_table import Table, read_toml
from weaver.model.units import cents_to_ratio
from weaver.model.voices import SetReader, Voice, check_pitch, parse_ratio

MAX_SPHERES = 64
SIZE_LIMITS = (0.0, 1.0)
MAX_NAME_CHARS = 24
MAX_TITLE_CHARS = 60
MAX_DESCRIPTION_CHARS = 2000
MAX_STEP_CENTS = 2400.0
NOTES = 128  # of MIDI 1.0

AZIMUTH, DISTANCE = gesture_named("place").arguments


@dataclass(frozen=True)
class Sphere(Voice):
    """One sphere. `size` is its radius relative to the largest; azimuth 0 is ahead, positive to the right."""

    name: str
    colour: str  # "#rrggbb"
    f0_hz: float
    size: float
    azimuth_deg: float
    distance_m: float

    def spectrum(self, max_hz: float = MAX_HZ) -> list[Mode]:
        """Its modes below `max_hz`, at most `modes` of them, in order of frequency."""
        return self.material.modes(self.f0_hz, self.modes, self.shape, self.t60_scale, max_hz)


@dataclass(frozen=True)
class Room:
    """The auditorium round the spheres; units and ranges as the parameters room_t60_s, room_size_m..."""

    t60_s: float
    size_m: float
    brightness: float
    wet_db: float


@dataclass(frozen=True)
class SphereSet:
    """A set: 1 to 64 spheres and their room. `name` is the file's; `base_note` strikes the first sphere.

    `source` is the name or the file by which it can be loaded again.
    """

    name: str
    title: str
    description: str
    spheres: tuple[Sphere, ...]
    base_note: int
    keys_release_s: float
    room: Room
    source: str = ""


def load_set(name_or_path: str | Path) -> SphereSet:
    """Read a set by name or file. Raises ConfigError for the first thing wrong in it or in its materials."""
    path = find_config("sets", name_or_path)
    table = read_toml(path)
    title = table.text("title", MAX_TITLE_CHARS)
    description = table.text("description", MAX_DESCRIPTION_CHARS, default="", lines=True)
    release = parameter_named("release_s")
    keys_release_s = table.number("keys_release_s", release.low, release.high, release.default)
    room = _read_room(table.table("room"))
    spheres = _read_spheres(table, SetReader(table, path.parent))
    base_note = table.integer("base_note", 0, NOTES - len(spheres), default=min(48, NOTES - len(spheres)))
    table.finish()
    source = lasting_name(name_or_path)
    return SphereSet(path.stem, title, description, spheres, base_note, keys_release_s, room, source)


def _read_spheres(table: Table, reader: SetReader) -> tuple[Sphere, ...]:
    defaults = table.table("defaults")
    default = reader.voice(defaults, None)
    defaults.finish()
    spheres: list[Sphere] = []
    names: dict[str, str] = {}
    for entry in table.tables("spheres", 0, MAX_SPHERES):
        _add([_read_sphere(entry, reader, default)], entry, spheres, names)
    for entry in table.tables("series", 0, MAX_SPHERES):
        _add(_read_series(entry, reader, default), entry, spheres, names)
    if not spheres:
        raise table.error("spheres", f"1 to {MAX_SPHERES} spheres, as [[spheres]] or [[series]]", "none")
    return tuple(spheres)


def _add(more: list[Sphere], table: Table, spheres: list[Sphere], names: dict[str, str]) -> None:
    """Append, if there is room and no name comes twice."""
    for sphere in more:
        key = sphere.name.casefold()
        if key in names:
            raise table.error("name", "a name no other sphere has", f"{sphere.name!r}, as in {names[key]}")
        names[key] = table.path
        spheres.append(sphere)
    if len(spheres) > MAX_SPHERES:
        raise table.error("", f"at most {MAX_SPHERES} spheres in a set", f"{len(spheres)} up to here")


def _read_sphere(table: Table, reader: SetReader, default: Voice) -> Sphere:
    sphere = Sphere(
        name=table.text("name", MAX_NAME_CHARS),
        colour=table.colour("colour"),
        f0_hz=reader.pitch_hz(table),
        size=table.number("size", *SIZE_LIMITS, default=0.5),
        azimuth_deg=table.number("azimuth_deg", AZIMUTH.low, AZIMUTH.high, default=0.0),
        distance_m=table.number("distance_m", DISTANCE.low, DISTANCE.high, default=DISTANCE.default),
        **vars(reader.voice(table, default)),
    )
    table.finish()
    return sphere


def _read_series(table: Table, reader: SetReader, default: Voice) -> list[Sphere]:
    name = table.text("name", MAX_NAME_CHARS - len(f" {MAX_SPHERES}"))
    count = table.integer("count", 2, MAX_SPHERES)
    first_hz = reader.pitch_hz(table)
    step_key, intervals = _read_intervals(table, count)
    colours = table.colours("colours", 1, MAX_SPHERES)
    sizes = table.numbers("size", *SIZE_LIMITS, 2, 2, default=(0.5, 0.5))
    azimuths = table.numbers("azimuth_deg", AZIMUTH.low, AZIMUTH.high, 2, 2, default=(0.0, 0.0))
    distances = table.numbers("distance_m", DISTANCE.low, DISTANCE.high, 2, 2, default=[DISTANCE.default] * 2)
    voice = reader.voice(table, default)
    table.finish()
    return [
        Sphere(
            name=f"{name} {index + 1}",
            colour=blend(colours, index / (count - 1)),
            f0_hz=check_pitch(first_hz * interval, table, step_key),
            size=_between(sizes[0], sizes[1], index / (count - 1)),
            azimuth_deg=_between(azimuths[0], azimuths[1], index / (count - 1)),
            distance_m=_between(distances[0], distances[1], index / (count - 1)),
            **vars(voice),
        )
        for index, interval in enumerate(intervals)
    ]


def _read_intervals(table: Table, count: int) -> tuple[str, list[float]]:
    """Ratios of a series' pitches to its first, and the key that gave them."""
    given = [key for key in ("step_cents", "scale") if key in table]
    if len(given) != 1:
        raise table.error("", "either step_cents or scale", "both" if given else "neither")
    if given == ["step_cents"]:
        step_cents = table.number("step_cents", -MAX_STEP_CENTS, MAX_STEP_CENTS)
        return "step_cents", [cents_to_ratio(step_cents * index) for index in range(count)]
    degrees = [
        parse_ratio(text, f"{table.where('scale')}[{index}]")
        for index, text in enumerate(table.texts("scale", 1, MAX_SPHERES))
    ]
    period, steps = degrees[-1], [1.0, *degrees[:-1]]
    return "scale", [steps[index % len(steps)] * period ** (index // len(steps)) for index in range(count)]


def blend(colours: Sequence[str], along: float) -> str:
    """The colour at 0..1 of the way through evenly spaced colours, "#rrggbb"."""
    place = along * (len(colours) - 1)
    low = min(int(place), max(len(colours) - 2, 0))
    start, end = colours[low], colours[min(low + 1, len(colours) - 1)]
    mixed = (round(_between(int(start[at : at + 2], 16), int(end[at : at + 2], 16), place - low)) for at in (1, 3, 5))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def _between(start: float, end: float, along: float) -> float:
    return start + (end - start) * along


def _read_room(table: Table) -> Room:
    def knob(key: str, name: str) -> float:
        row = parameter_named(name)
        return table.number(key, row.low, row.high, row.default)

    room = Room(
        t60_s=knob("t60_s", "room_t60_s"),
        size_m=knob("size_m", "room_size_m"),
        brightness=knob("brightness", "room_brightness"),
        wet_db=knob("wet_db", "wet_db"),
    )
    table.finish()
    return room
