"""Reads controllers' profiles; `weaver.mapping.profile` and `.talk` say what stands in their files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from weaver.dsp.sizes import ACTIONS
from weaver.mapping.bound_file import after, read_bounds
from weaver.mapping.byte_text import parse_header, parse_message, parse_pattern
from weaver.mapping.group_file import MAX_NAME_CHARS, read_groups
from weaver.mapping.profile import (
    DRIVERS,
    EVIDENCES,
    NOTES,
    Evidence,
    Group,
    Lights,
    Notes,
    Ports,
    Profile,
)
from weaver.mapping.talk import Bytes, Positions, Repaint, Report, Rewrite, Talk
from weaver.model.configs import config_files, find_config, shipped_config, shipped_folder
from weaver.model.errors import ConfigError
from weaver.model.toml_table import Table, read_toml
from weaver.model.wires import LONGEST_BYTES

MODE_NOTES: tuple[Notes, ...] = ("pads", "keys", "mpe", "channels")
"""What makes a profile a mode."""
MAX_TITLE_CHARS = 60
MAX_DESCRIPTION_CHARS = 2000
MAX_NOTE_CHARS = 200
MOST_TEXTS, MOST_MESSAGES = 32, 128
MOST_OPTION = 1 << 20
MOST_DATA = 0x7F
ALIVE_S = (0.05, 60.0)
MOST_SILENT_S = 600.0


def load_profile(name_or_path: str | Path) -> Profile:
    """Read a profile by name or file. Raises ConfigError for the first thing wrong in it, or in its base."""
    return _load(find_config("controllers", name_or_path), ())


def load_profiles() -> tuple[list[Profile], list[ConfigError]]:
    """All there are, the player's own first, then ours; and what is wrong with those that could not be read.

    One of ours whose place is taken by the player's own is there if that is broken.
    """
    profiles: dict[str, Profile] = {}
    errors: list[ConfigError] = []
    for path in config_files("controllers"):
        if path.stem in profiles:
            continue
        try:
            profiles[path.stem] = _load(path, ())
        except ConfigError as error:
            errors.append(error)
    return list(profiles.values()), errors


def _load(path: Path, above: tuple[Path, ...]) -> Profile:
    table = read_toml(path)
    base = _base(table, path, above)
    profile = _read(table, path, base)
    table.finish()
    if (count := sum(len(group.controls) for group in profile.groups) + len(profile.controls)) > ACTIONS:
        raise ConfigError(str(path), f"at most {ACTIONS} controls in all", f"{count}")
    return profile


def _base(table: Table, path: Path, above: tuple[Path, ...]) -> Profile | None:
    """What a file builds on: for one that has the name of one of ours, that is the one that is meant."""
    if "base" not in table:
        return None
    name = table.text("base", MAX_NAME_CHARS)
    ours = shipped_config("controllers", name)
    found = ours if name == path.stem and ours is not None and ours != path else find_config("controllers", name)
    if found.resolve() in {file.resolve() for file in (path, *above)}:
        raise table.error("base", "another profile, that does not build on this one")
    return _load(found, (path, *above))


def _read(table: Table, path: Path, base: Profile | None) -> Profile:
    notes = cast(Notes, table.choice("notes", NOTES, default="none" if base is None else base.notes))
    is_mode = notes in MODE_NOTES
    evidence = "high" if is_mode else base.evidence if base else None
    profile = Profile(
        path.stem,
        table.text("title", MAX_TITLE_CHARS, default=base.title if base else None),
        table.text("description", MAX_DESCRIPTION_CHARS, default=base.description if base else "", lines=True),
        cast(Evidence, table.choice("evidence", EVIDENCES, default=evidence)),
        table.texts("sources", 0, MOST_TEXTS, default=base.sources if base else ()),
        notes,
        is_own=not path.resolve().is_relative_to(shipped_folder().resolve()),
        path=path,
    )
    own = read_bounds(table, is_mode)
    profile = replace(profile, controls=after(own, base.controls) if base else own)
    if is_mode:  # which is no device
        return profile
    groups = read_groups(table, base.groups if base else ())
    return replace(
        profile,
        ports=_read_ports(table.table("ports"), base.ports if base else Ports()),
        talk=_read_talk(table.table("talk"), base.talk if base else Talk(), groups),
        lights=_read_lights(table.table("lights"), base.lights if base else None) if _has_lights(table, base) else None,
        groups=groups,
    )


def _read_ports(table: Table, base: Ports) -> Ports:
    inputs = _patterns(table, "input", base.input)
    usual_output = inputs if "input" in table or not base.output else base.output
    ports = Ports(
        inputs,
        _patterns(table, "output", usual_output),
        _patterns(table, "ignore", base.ignore),
        _parsed(table, "identity", parse_pattern) if "identity" in table else base.identity,
    )
    table.finish()
    return ports


def _patterns(table: Table, key: str, default: tuple[re.Pattern[str], ...]) -> tuple[re.Pattern[str], ...]:
    """Regular expressions, for any case."""
    if key not in table:
        return default
    patterns = []
    for place, text in enumerate(table.texts(key, 0, MOST_TEXTS)):
        try:
            patterns.append(re.compile(text, re.IGNORECASE))
        except re.error as error:
            where = f"{table.where(key)}[{place}]"
            raise ConfigError(where, "a regular expression", f"{text!r}: {error}") from error
    return tuple(patterns)


def _read_talk(table: Table, base: Talk, groups: tuple[Group, ...]) -> Talk:
    reports = tuple(_read_report(entry) for entry in table.tables("reports", 0, MOST_TEXTS))
    positions = base.positions
    if "positions" in table:
        inner = table.table("positions")
        names = tuple(group.name for group in groups)
        positions = Positions(_parsed(inner, "match", parse_pattern), inner.choice("group", names))
        inner.finish()
    repaints = tuple(_read_repaint(entry) for entry in table.tables("repaints", 0, MOST_TEXTS))
    rewrites = tuple(_read_rewrite(entry) for entry in table.tables("rewrites", 0, MOST_TEXTS))
    talk = Talk(
        _messages(table, "enter", base.enter),
        _messages(table, "leave", base.leave),
        _messages(table, "wake", base.wake),
        table.number("pause_ms", 0.0, 1000.0, default=base.pause_s * 1000.0) / 1000.0,
        reports if "reports" in table else base.reports,
        positions,
        _messages(table, "ask", base.ask),
        _messages(table, "alive", base.alive),
        table.number("alive_s", *ALIVE_S, default=base.alive_s),
        table.number("silent_s", 0.0, MOST_SILENT_S, default=base.silent_s),
        repaints if "repaints" in table else base.repaints,
        rewrites if "rewrites" in table else base.rewrites,
    )
    table.finish()
    return talk


def _messages(table: Table, key: str, default: tuple[bytes, ...]) -> tuple[bytes, ...]:
    if key not in table:
        return default
    texts = table.texts(key, 0, MOST_MESSAGES)
    return tuple(parse_message(text, f"{table.where(key)}[{place}]") for place, text in enumerate(texts))


def _read_report(table: Table) -> Report:
    report = Report(
        _parsed(table, "match", parse_pattern),
        _parsed(table, "unless", parse_pattern) if "unless" in table else None,
        table.text("note", MAX_NOTE_CHARS),
    )
    table.finish()
    return report


def _read_repaint(table: Table) -> Repaint:
    place = table.integer("place", 0, LONGEST_BYTES) if "place" in table else None
    repaint = Repaint(_parsed(table, "match", parse_pattern), place)
    table.finish()
    return repaint


def _read_rewrite(table: Table) -> Rewrite:
    rewrite = Rewrite(
        parse_message(table.text("ask", MAX_DESCRIPTION_CHARS), table.where("ask")),
        _parsed(table, "match", parse_pattern),
        table.integer("place", 0, LONGEST_BYTES),
        table.integer("value", 0, MOST_DATA),
    )
    table.finish()
    return rewrite


def _has_lights(table: Table, base: Profile | None) -> bool:
    return "lights" in table or (base is not None and base.lights is not None)


def _read_lights(table: Table, base: Lights | None) -> Lights:
    usual = base or Lights("")
    lights = Lights(
        table.choice("driver", DRIVERS, default=usual.driver or None),
        _parsed(table, "header", parse_header) if "header" in table else usual.header,
        table.number("rate_hz", 1.0, 120.0, default=usual.rate_hz),
        table.integer("per_message", 1, 256, default=usual.per_message),
        table.integer("per_picture", 0, 1024, default=usual.per_picture),
        table.number("pause_ms", 0.0, 1000.0, default=usual.pause_s * 1000.0) / 1000.0,
        table.integer("heal", 0, 256, default=usual.heal),
        table.truth("overrides", default=usual.overrides),
        tuple(sorted((dict(usual.options) | table.named_integers("options", -MOST_OPTION, MOST_OPTION)).items())),
    )
    table.finish()
    return lights


def _parsed(table: Table, key: str, parse: Callable[[str, str], Bytes]) -> Bytes:
    return parse(table.text(key, MAX_DESCRIPTION_CHARS), table.where(key))
