"""What a player teaches: which control shall do what, written to a file of the player's own as it is taught.

The file is a profile like any other, on the base of the one the controller had. What else stands in it, comments too,
stays as it is; nothing is written that could not be read again.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from weaver.mapping.deeds import GESTURE_PRESSES, PAGES, SPHERE_PRESSES, STAKES, SWITCHES, TURNS
from weaver.mapping.ear import FINE, Moved
from weaver.mapping.loom import DEEDS
from weaver.mapping.profile import Profile
from weaver.mapping.profile_file import MAX_TITLE_CHARS, load_profile
from weaver.model.configs import user_folder
from weaver.model.errors import ConfigError
from weaver.model.parameters import PARAMETERS, parameter_named
from weaver.model.text_file import decode_utf8, read_bytes
from weaver.model.toml_table import FORMAT, MAX_BYTES

_CHANGING = re.compile(r"\\\[\d+\\\]|\d+:\d+$")
"""Client numbers in a port's name, after escaping: another one each time."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a control can be taught to do: a parameter to turn, or a deed; `of_sphere`, to one sphere or to all."""

    word: str
    help: str
    is_pressed: bool
    of_sphere: bool
    is_parameter: bool = False


def goals() -> tuple[Goal, ...]:
    """All there are: what is done to spheres, what is turned on them, what is done at once, and the parameters."""
    return (
        *(Goal(word, DEEDS[word], True, True) for word in SPHERE_PRESSES),
        *(Goal(word, DEEDS[word], False, True) for word in TURNS),
        *(Goal(word, DEEDS[word], True, False) for word in (*GESTURE_PRESSES, STAKES, *PAGES)),
        *(Goal(row.name, row.help, row.name in SWITCHES, False, True) for row in PARAMETERS if row.name != STAKES),
    )


@dataclass(frozen=True, slots=True)
class Taught:
    """A control, what it does now, and what it did by the same file before; "" if nothing."""

    control: str
    does: str
    did: str


class Lesson:
    """Teaches one controller. `anonymous` says that `profile` stands for no file: then the port's name knows it."""

    def __init__(self, profile: Profile, port_name: str, anonymous: bool = False, name: str = "") -> None:
        """`name` is that of the file to write, without its ending; if not given, the profile's or the port's."""
        self._profile, self._port_name, self._anonymous = profile, port_name, anonymous
        stem = name or (slug(port_name) if anonymous else profile.name)
        self.path = user_folder() / "controllers" / f"{stem}.toml"
        self._before: list[tuple[str | None, str]] = []

    def teach(self, goal: Goal, sphere: int | None, moved: Moved) -> Taught:
        """Give a control its meaning, and save that. `sphere` counts from 0; None is all.

        Raises ConfigError for what this control cannot do, and for a file that cannot be read or written.
        """
        moved = self._known(moved)
        entry = _entry(goal, sphere, moved)
        text = self._read()
        document = self._parse(text)
        controls = document.setdefault("controls", tomlkit.aot())
        if not isinstance(controls, AoT):
            raise ConfigError(f"{self.path}: controls", "tables [[controls]]", "something else")
        place = next((at for at, other in enumerate(controls) if _is_same(other, moved)), None)
        did = "" if place is None else words_of(controls[place])
        if place is None:
            controls.append(entry)
        else:
            _become(controls[place], entry)
        new = tomlkit.dumps(document)
        self._write(new)
        self._before.append((text, new))
        return Taught(control_words(moved), words_of(entry), did)

    def undo(self) -> bool:
        """Take back what was taught last; False if nothing was. Raises ConfigError if the file was changed since."""
        if not self._before:
            return False
        before, written = self._before[-1]
        if self._read() != written:
            raise ConfigError(str(self.path), "the file as it was left", "another: nothing is undone")
        if before is None:
            self.path.unlink()
        else:
            self._write(before)
        self._before.pop()
        return True

    def _known(self, moved: Moved) -> Moved:
        """A control of the profile is as that says, whatever it sounds like."""
        for group in self._profile.groups:
            for control in group.controls:
                if (control.message, control.channel, control.number) == (moved.message, moved.channel, moved.number):
                    return replace(moved, encoding=group.encoding)
        return moved

    def _read(self) -> str | None:
        return decode_utf8(read_bytes(self.path, MAX_BYTES), self.path) if self.path.exists() else None

    def _parse(self, text: str | None) -> tomlkit.TOMLDocument:
        """The file as it is, or a new one that begins as it must."""
        if text is not None:
            try:
                return tomlkit.parse(text)
            except TOMLKitError as error:
                raise ConfigError(str(self.path), "valid TOML", str(error)) from error
        document = tomlkit.document()
        document.add(tomlkit.comment("What `weaver learn` was taught; yours to edit."))
        document["format"] = FORMAT
        if self._anonymous:
            document["title"] = device_words(self._port_name)[:MAX_TITLE_CHARS]
            document["evidence"] = "low"
            document["notes"] = "mode"
            document["ports"] = {"input": [pattern_of(self._port_name)]}
        else:
            document["base"] = self._profile.name
        return document

    def _write(self, text: str) -> None:
        """Only what can be read again takes the file's place, and does so at once."""
        beside = self.path.with_name(f".{self.path.name}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            load_profile(beside)
            os.replace(beside, self.path)
        except OSError as error:
            raise ConfigError(str(self.path), "a file that can be written", error.strerror or str(error)) from error
        finally:
            beside.unlink(missing_ok=True)


def device_words(port_name: str) -> str:
    """What a port is of, without the client or bridge that offers it, or the numbers that it has today."""
    return re.sub(r"\[\d+\]|\(capture\)|\d+:\d+$", " ", port_name).rpartition(":")[2].strip() or port_name


def slug(text: str) -> str:
    """A name for a file, from a port's."""
    kept = device_words(text)
    return re.sub(r"[^a-z0-9]+", "-", kept.lower()).strip("-")[:40] or "controller"


def pattern_of(port_name: str) -> str:
    """A regular expression for this port and no other, whatever client number it has the next time."""
    return "^" + _CHANGING.sub(lambda found: r"\[\d+\]" if "[" in found[0] else r"\d+:\d+", re.escape(port_name)) + "$"


def control_words(moved: Moved) -> str:
    """A control as a player knows it."""
    what = "pitch bend" if moved.message == "bend" else f"{moved.message.upper()} {moved.number}"
    how = "" if moved.encoding == "absolute" or moved.message == "bend" else f", {moved.encoding}"
    return f"{what} on channel {moved.channel + 1}{how}"


def words_of(entry: Table) -> str:
    """What an entry of [[controls]] does, in few words."""
    word = next((str(entry[key]) for key in ("parameter", "do", "gesture") if key in entry), "nothing")
    if "sphere" in entry:
        return f"{word} sphere {entry['sphere']}"
    return f"{word} all" if word in (*SPHERE_PRESSES, *TURNS) else word


def _entry(goal: Goal, sphere: int | None, moved: Moved) -> Table:
    is_switch = goal.is_parameter and goal.is_pressed
    if moved.message == "note" and not goal.is_pressed:
        raise ConfigError(goal.word, "a knob or a fader, for it is turned", "a pad or a key")
    if moved.message == "bend" and goal.is_pressed and not is_switch:
        raise ConfigError(goal.word, "a pad, a key or a button, for it is pressed", "a wheel or a fader")
    if goal.word == "bind" and sphere is None:
        raise ConfigError(goal.word, "one sphere, to be tied to another", "all")
    entry = tomlkit.table()
    entry[moved.message] = True if moved.message == "bend" else moved.number
    entry["channel"] = moved.channel + 1
    if moved.message == "cc" and moved.encoding != "absolute" and not goal.is_pressed:
        entry["encoding"] = moved.encoding
    if goal.is_parameter:
        entry["parameter"] = parameter_named(goal.word).name
    else:
        entry["do"] = goal.word
    if not goal.is_pressed and moved.encoding in ("absolute", "absolute-14"):
        entry["takeover"] = "pickup"
    if goal.of_sphere and sphere is not None:
        entry["sphere"] = sphere + 1
    return entry


def _become(old: Table, new: Table) -> None:
    """Change an entry in its place: what is written round it stays."""
    for key in [key for key in old if key not in new]:
        del old[key]
    old.update(new)


def _is_same(entry: Table, moved: Moved) -> bool:
    """Whether an entry is for this control."""
    if moved.message not in entry or entry.get("channel", moved.channel + 1) != moved.channel + 1:
        return False
    if moved.message == "bend":
        return True
    numbers = {entry[moved.message], entry[moved.message] + FINE if entry.get("encoding") == "absolute-14" else None}
    return moved.number in numbers
