"""`weaver osc`, and the table of the README that comes from it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from weaver.cli import main
from weaver.commands import osc
from weaver.model.osc_addresses import Space
from weaver.model.osc_space import ROWS
from weaver.model.spheres import load_set
from weaver.options import build_parser
from weaver.surfaces.osc_reference import NARROWEST, chapters, markdown, reference

README = Path(__file__).resolve().parents[1] / "README.md"


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["osc", *words]) == 0
    return capsys.readouterr().out


def test_every_row_is_in_one_chapter() -> None:
    rows = [row for chapter in chapters() for row in chapter.rows]
    assert len(rows) == len(ROWS) and set(rows) == set(ROWS)


def test_all_there_is_to_know_of_an_address_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys)
    assert "8 Azure" in text and "\x1b" not in text
    for row in ROWS:
        if row.does != "turn":
            head, _, body = text.partition(f"\n{row.pattern}")[2].partition("\n")
            assert [value.name for value in row.values] == head.rstrip(" *>").split()
            assert row.help in " ".join(body.split())
            assert head.endswith(">") == (row.is_heard and row.is_shown) and ("*" in head) == row.takes_all
    wet = text.partition("\n/set/wet_db")[2].splitlines()[:3]
    assert wet[1].strip() == "level of the room" and wet[2].strip() == "value: -60 to 6 dB, default -14"
    assert "stakes: 0 off | 1 gentle | 2 performance | 3 virtuoso; by number or by name" in text
    assert "/turn/{parameter} turn" in text and text.count("room_size_m") == 2


def test_another_set_has_its_own_spheres(capsys: pytest.CaptureFixture[str]) -> None:
    names = [sphere.name for sphere in load_set("bowls").spheres]
    assert f"{len(names)} {names[-1]}" in printed(capsys, "--set", "bowls")
    assert main(["osc", "--set", "nowhere"]) == 2
    assert "auditorium" in capsys.readouterr().err


def test_every_single_address_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--set", "bowls", "--all").splitlines()
    nodes = list(Space([sphere.name for sphere in load_set("bowls").spheres]).nodes())
    assert [line[3:].split()[0] for line in lines] == [address for address, _ in nodes]
    assert "<  /sphere/1/strike velocity hardness position" in lines and "<> /stakes stakes" in lines
    assert " > /sphere/2/crack/8 length" in lines


@pytest.mark.parametrize("width", [20, 50, 80, 200])
def test_it_wraps_to_the_terminal(width: int) -> None:
    for line in reference("A set", ["One", "Two"], width):
        assert len(line) <= max(width, NARROWEST)
    console = Console(width=60, file=io.StringIO(), force_terminal=True, highlight=False, markup=False)
    assert osc.run(build_parser().parse_args(["osc"]), console) == 0
    assert max(map(len, console.file.getvalue().splitlines())) <= 60  # type: ignore[attr-defined]


def test_the_table_of_the_readme_is_this_one(capsys: pytest.CaptureFixture[str]) -> None:
    table = printed(capsys, "--markdown")
    assert table == markdown()
    (found,) = re.findall(r"<!-- weaver osc --markdown -->\n(.*?)<!-- -->\n", README.read_text(encoding="utf-8"), re.S)
    assert found == table


def test_the_table_leaves_no_address_out() -> None:
    told: set[str] = set()
    last = ""
    for line in markdown().splitlines()[2:]:
        address, rest = (cell.strip() for cell in line.strip("|").split("|"))
        if address.endswith("…"):
            last = last if rest == "the same" else rest
            start = address.strip("`…")
            told |= {start + entry.split()[0].strip("*") for entry in last.split(" · ")}
        elif address.startswith("`"):
            told.add(address.strip("`"))
    assert told == {row.pattern for row in ROWS}
