"""A show as a file in configs/shows declares it: the way to the first note, what happens on it, and the end.

    format = 1
    title = "..."   description = "..."
    set = "auditorium"          the spheres it is played on, a NAME or a FILE beside this one
    stakes = "performance"      one of `model.law.STAKES`
    seed = 1                    of all chance
    prelude = "2:00"            the chronometer, to the first note
    silence = "0:10"            how long a silence before the first note is rewarded in full
    most = "10:00"              the longest performance
    finale = "0:08"             how long all rings out at the end
    audience_db, heart_bpm      as the parameters of those names
    [[incidents]]
    at = "1:30"                 on the chronometer; or after = "0:30", from the first note on
    sphere = "Azure"            by its name
    to = "fractured"            a state that it is brought into, or a damage from 0 to 1
    over = "0:20"               how long that takes
    unless_healed = true        it does not come if the sphere was hurt by this show and is whole again
    shatter = true              the first note breaks the sphere if it is failing then
    say = "..."                 what the player is told

Damage that an incident does is what the sphere lacks of `to` when it begins; what is healed meanwhile stays healed.
Another prelude than the file's moves the incidents on the chronometer in proportion. A show is read whole or not
at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from weaver.model.configs import find_config, lasting_name, list_configs
from weaver.model.errors import ConfigError
from weaver.model.law import STAKES, STATES
from weaver.model.parameters import parameter_named
from weaver.model.spheres import MAX_DESCRIPTION_CHARS, MAX_TITLE_CHARS, SphereSet, load_set
from weaver.model.toml_table import Table, read_toml
from weaver.model.voices import MAX_FILE_CHARS

PHASES = ("none", "prelude", "silence", "performance", "finale", "reckoned")
"""The phases of a show; `life.stage` numbers them in this order."""
HURTS = STATES[1:4]
"""The states that an incident may bring a sphere into."""
MAX_INCIDENTS = 32
MAX_SAY_CHARS = 80
MAX_SEED = 2**63 - 1
PRELUDE_S = (1.0, 3600.0)
SILENCE_S = (0.5, 600.0)
MOST_S = (1.0, 4 * 3600.0)
FINALE_S = (0.0, 120.0)
OVER_S = (0.0, 3600.0)
DEFAULT_SILENCE_S, DEFAULT_MOST_S, DEFAULT_FINALE_S, DEFAULT_OVER_S = 10.0, 600.0, 8.0, 10.0


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happens to a sphere. `time_s` is left on the chronometer, or with `is_after` has gone by since
    the first note; `to` is one of `HURTS` or a damage."""

    time_s: float
    is_after: bool
    sphere: int
    to: str | float
    over_s: float
    is_spared_when_healed: bool
    is_shattering: bool
    say: str


@dataclass(frozen=True)
class Show:
    """A show and the spheres it is about. `name` is the file's; times are in seconds.

    `source` is the name or the file by which it can be loaded again.
    """

    name: str
    title: str
    description: str
    spheres: SphereSet
    stakes: str
    seed: int
    prelude_s: float
    silence_s: float
    most_s: float
    finale_s: float
    audience_db: float
    heart_bpm: float
    incidents: tuple[Incident, ...]
    source: str = ""


def load_show(name_or_path: str | Path) -> Show:
    """Read a show and its set by name or file. Raises ConfigError for the first thing wrong in either."""
    path = find_config("shows", name_or_path)
    table = read_toml(path)
    audience, heart = parameter_named("audience_db"), parameter_named("heart_bpm")
    title = table.text("title", MAX_TITLE_CHARS)
    description = table.text("description", MAX_DESCRIPTION_CHARS, default="", lines=True)
    spheres = _read_set(table, path.parent)
    prelude_s = table.duration_s("prelude", *PRELUDE_S)
    most_s = table.duration_s("most", *MOST_S, DEFAULT_MOST_S)
    show = Show(
        name=path.stem,
        title=title,
        description=description,
        spheres=spheres,
        stakes=table.choice("stakes", STAKES, default="performance"),
        seed=table.integer("seed", 0, MAX_SEED, default=1),
        prelude_s=prelude_s,
        silence_s=table.duration_s("silence", *SILENCE_S, DEFAULT_SILENCE_S),
        most_s=most_s,
        finale_s=table.duration_s("finale", *FINALE_S, DEFAULT_FINALE_S),
        audience_db=table.number("audience_db", audience.low, audience.high, audience.default),
        heart_bpm=table.number("heart_bpm", heart.low, heart.high, heart.default),
        incidents=tuple(
            _read_incident(entry, spheres, prelude_s, most_s) for entry in table.tables("incidents", 0, MAX_INCIDENTS)
        ),
        source=lasting_name(name_or_path),
    )
    table.finish()
    return show


def show_for(spheres: SphereSet) -> Show | None:
    """The show that is written for a set: the one of its name, or else the first; None if there is none. Files that
    cannot be read are passed over."""
    names = list_configs("shows")
    for name in sorted(names, key=lambda name: (name != spheres.name, name)):
        try:
            show = load_show(name)
        except ConfigError:
            continue
        if show.spheres == spheres:
            return show
    return None


def _read_set(table: Table, folder: Path) -> SphereSet:
    """The set that the show is played on; a FILE is looked up from the show's folder."""
    name = table.text("set", MAX_FILE_CHARS, default="auditorium")
    try:
        path = find_config("sets", name, folder)
    except ConfigError as error:
        raise table.error("set", error.expected) from error
    return load_set(name if lasting_name(name) == name else path)  # a NAME is found again wherever we move to


def _read_incident(table: Table, spheres: SphereSet, prelude_s: float, most_s: float) -> Incident:
    time_s, is_after = _read_time(table, prelude_s, most_s)
    sphere = _read_sphere(table, spheres)
    name = spheres.spheres[sphere].name
    incident = Incident(
        time_s=time_s,
        is_after=is_after,
        sphere=sphere,
        to=table.choice_or_number("to", HURTS, 0, 1),
        over_s=table.duration_s("over", *OVER_S, DEFAULT_OVER_S),
        is_spared_when_healed=table.truth("unless_healed", default=False),
        is_shattering=table.truth("shatter", default=False),
        say=table.text("say", MAX_SAY_CHARS, default=f"something happens to {name}"),
    )
    if incident.is_shattering and is_after:
        raise table.error("shatter", "false where there is after: what breaks at the first note was hurt before it")
    table.finish()
    return incident


def _read_time(table: Table, prelude_s: float, most_s: float) -> tuple[float, bool]:
    """The incident's time in seconds, and whether it is counted from the first note."""
    given = [key for key in ("at", "after") if key in table]
    if len(given) != 1:
        raise table.error("", "either at or after", "both" if given else "neither")
    if given == ["after"]:
        return table.duration_s("after", 0.0, most_s), True
    return table.duration_s("at", 0.0, prelude_s), False


def _read_sphere(table: Table, spheres: SphereSet) -> int:
    """The index of the sphere that is named, in whatever case."""
    names = [sphere.name for sphere in spheres.spheres]
    wanted = table.text("sphere", MAX_TITLE_CHARS).casefold()
    for index, name in enumerate(names):
        if name.casefold() == wanted:
            return index
    raise table.error("sphere", f"a sphere of the set {spheres.name}: {', '.join(names)}")
