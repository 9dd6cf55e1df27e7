"""The guides to DAWs: each line says how we know, and what they say of the instrument is so."""

from __future__ import annotations

import re
from argparse import Action
from pathlib import Path

import pytest

from weaver.midi.ports import CLOCK_OUT, MIDI_IN, MIDI_OUT, own_port
from weaver.model.midi_out import BEND_SEMITONES, CHANNEL_CONTROLS, FORMS, LANED_SPHERES, LANES
from weaver.options import build_parser

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "firmware-notes"
GUIDES = ("daw-ableton-live", "daw-bitwig", "daw-logic", "daw-reaper", "daw-ardour")
SECTIONS = ["Ports", "Record what you weave", "Play the spheres", "Latency", "MPE", "Clock", "Lanes", "Tuning"]
SECTIONS += ["Open a take", "Not tried yet"]
MARKS = re.compile(r"tried|unchecked|\[(manual|page)\]\(https://[^)\s]+\)")
MAKERS = {
    "daw-ableton-live": ("ableton.com",),
    "daw-bitwig": ("bitwig.com",),
    "daw-logic": ("apple.com",),
    "daw-reaper": ("reaper.fm", "cockos.com"),
    "daw-ardour": ("ardour.org",),
}
"""Whose pages may be called the manual."""


def text(name: str) -> str:
    return (NOTES / f"{name}.md").read_text(encoding="utf-8")


def rows(name: str) -> list[list[str]]:
    """Cells of the tables' lines, without heads and rules."""
    lines = [line for line in text(name).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if any(cell.strip("|- ") for cell in row)]


@pytest.mark.parametrize("name", GUIDES)
def test_each_line_says_how_we_know(name: str) -> None:
    assert [line[3:] for line in text(name).splitlines() if line.startswith("## ")] == SECTIONS
    for row in rows(name):
        assert len(row) == 2 and MARKS.fullmatch(row[1]), row
        if row[1].startswith("[manual]"):
            assert any(f"{maker}/" in row[1] for maker in MAKERS[name]), row
        if row[1] == "tried":
            assert name == "daw-ardour", "no other DAW was at hand"
    assert "(daw.md)" in text(name)


def test_the_guides_are_found() -> None:
    for page in (text("daw"), text("README"), (ROOT / "README.md").read_text(encoding="utf-8")):
        assert all(f"{name}.md)" in page for name in GUIDES)
    for name in ("daw", *GUIDES):
        links = [link for link in re.findall(r"\]\(([^)]+)\)", text(name)) if "://" not in link]
        assert all((NOTES / link).exists() for link in links)


def test_the_table_of_lanes_is_that_of_the_encoder() -> None:
    told = {row[0]: row[1:] for row in rows("daw") if row[0] in {lane.name for lane in LANES}}
    for lane in LANES:
        alone = f"CC {lane.control}"
        last = lane.control + LANED_SPHERES - 1
        assert told[lane.name][0].startswith(f"{alone} to {last}" if lane.of_sphere else alone)
        assert told[lane.name][1].startswith(alone)


def test_forms_controls_and_ports_are_ours() -> None:
    page = text("daw")
    heads = [row[0].split(" ")[0].strip("`") for row in rows("daw")]
    assert [head for head in heads if head in FORMS] == [*FORMS[1:], FORMS[0]], "what is default comes first"
    assert f"bend of {BEND_SEMITONES} semitones" in page
    assert all(f"CC {control}" in page for control in CHANNEL_CONTROLS.values())
    assert all(f"`{own_port(port)}`" in page for port in (MIDI_IN, MIDI_OUT, CLOCK_OUT))


def options(parser_name: str) -> set[str]:
    (commands,) = (action for action in build_parser()._actions if isinstance(action.choices, dict))
    actions: list[Action] = commands.choices[parser_name]._actions  # type: ignore[index, union-attr]
    return {option for action in actions for option in action.option_strings}


def test_options_that_are_told_exist() -> None:
    known = options("play") | options("export") | options("doctor")
    for name in ("daw", *GUIDES):
        told = set(re.findall(r"`(?:weaver [a-z ]*)?(--[a-z-]+)", text(name)))
        assert told <= known, name
