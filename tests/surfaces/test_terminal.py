"""The terminal page as text, and what its keys mean."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from support.pictures import PICTURE, SCENE, line_with, text_of

from weaver.surfaces.picture import OutView, Picture, SphereView
from weaver.surfaces.presses import SOFT, Press
from weaver.surfaces.sky import SKY_ROWS
from weaver.surfaces.terminal import TerminalPage


def many(count: int) -> Picture:
    return replace(
        PICTURE, spheres=tuple(SphereView(f"Glass {n + 1}", "#ffffff", 440.0, 0.5, False) for n in range(count))
    )


def test_the_page_says_how_the_instrument_is() -> None:
    text = text_of(PICTURE)
    for word in (
        "The Grand Auditorium",
        "jack",
        "system",
        "48000 Hz / 64",
        "2.7 ms",
        "load 3%",
        "0 underflows",
        "pads",
    ):
        assert word in text
    assert " -6.0 dB" in line_with(text, "L ")


def test_each_sphere_has_its_key_name_pitch_and_light() -> None:
    text = text_of(PICTURE)
    violet, gold, azure = (line_with(text, name) for name in ("Violet", "Gold", "Azure"))
    assert violet.split()[1:4] == ["1", "a", "●"] and "C3" in violet and "130.8 Hz" in violet
    assert gold.split()[1:4] == ["2", "s", "◉"] and "E4" in gold and "-14 ¢" in gold
    assert violet.count("█") // 2 == gold.count("█") > 10
    assert "█" not in azure and azure.count("·") == violet.count("█")


def test_ports_show_who_is_there_and_who_has_gone() -> None:
    line = line_with(text_of(PICTURE), "Launchpad")
    assert "● Launchpad 7" in line
    assert "✕ Faderfox (gone)" in line


def test_the_ports_by_which_we_leave_stand_beside_those_that_are_heard() -> None:
    outs = (OutView("weaver:midi_out", True, "mpe-lower", 340, 0.1), OutView("weaver:clock_out", True))
    [line] = [line for line in text_of(replace(PICTURE, outs=outs)).splitlines() if "Launchpad" in line]
    assert "▸ weaver:midi_out mpe-lower 340" in line and line.index("Launchpad") < line.index("weaver:midi_out")
    assert "▹ weaver:clock_out " in line
    missing = text_of(replace(PICTURE, outs=(OutView("Cable 1", False, "channels"),)))
    assert "✕ Cable 1 (not there: 'weaver doctor')" in missing


def test_trouble_is_said() -> None:
    text = text_of(replace(PICTURE, is_running=False, note="the server has gone", underflows=3, reduction=0.5))
    assert "○ jack" in text and "the server has gone" in text
    assert "3 underflows" in text and "limiter -6.0" in text


def test_a_note_too_long_for_the_state_follows_it_and_costs_no_sphere() -> None:
    note = "another instance of weaver has Novation Launchpad X; pads[1]: expected controls that no other sends like"
    text = text_of(replace(PICTURE, note=note), 80, 24)
    assert note in " ".join(line.strip("│ ") for line in text.splitlines())
    assert all(sphere.name in text for sphere in PICTURE.spheres)
    assert len(text.splitlines()) <= 24
    text = text_of(replace(PICTURE, note=f"{note}; {note}; {note}"), 80, 24)
    assert "Novation Launchpad X" in text and "…" in text and len(text.splitlines()) <= 24


@pytest.mark.parametrize(("width", "height"), [(80, 24), (110, 30), (160, 50)])
def test_sixty_four_spheres_fit(width: int, height: int) -> None:
    text = text_of(many(64), width, height)
    assert len(text.splitlines()) <= height
    assert all(len(line) <= width for line in text.splitlines())
    assert text.count("●") >= 64 and "A4" in text and "…64 " in text.replace("Glass 64", "…64")


@pytest.mark.parametrize(("width", "height"), [(40, 14), (60, 24), (80, 24), (110, 30), (160, 50)])
@pytest.mark.parametrize("count", [3, 8, 26, 64])
def test_the_sky_costs_no_sphere_that_is_shown_without_it(width: int, height: int, count: int) -> None:
    spheres = many(count).spheres
    bare = text_of(replace(PICTURE, spheres=spheres), width, height)
    full = text_of(replace(SCENE, spheres=spheres), width, height)
    assert len(full.splitlines()) <= height
    assert all(len(line) == width for line in full.splitlines())
    assert ("more; a larger" in full) == ("more; a larger" in bare)
    assert ("0:20.0" in full) == ("more; a larger" not in bare)


def test_without_an_audience_and_a_show_there_is_no_sky() -> None:
    assert "♥" not in text_of(PICTURE) and "· stakes" not in text_of(PICTURE)
    assert len(text_of(SCENE).splitlines()) - len(text_of(PICTURE).splitlines()) == SKY_ROWS


def test_a_show_and_its_stakes_are_named() -> None:
    text = text_of(SCENE)
    assert "Sonic Weaver · The Grand Auditorium of Worlds" in text
    assert "pads · stakes performance" in text


def test_a_window_that_is_too_small_says_so() -> None:
    assert "more; a larger window" in text_of(many(64), 40, 12)


def test_tab_gives_the_letters_to_the_next_spheres() -> None:
    shown = TerminalPage(Console(width=110, height=40, file=io.StringIO(), force_terminal=True))
    with shown:
        shown.show(many(30))
        assert shown.press("\t") is None
        assert shown.press("a") == Press("strike", 26, SOFT)
        assert shown.press("h") is None
        assert shown.press("\t") is None
        assert shown.press("a") == Press("strike", 0, SOFT)


def test_the_terminal_is_given_back() -> None:
    file = io.StringIO()
    with TerminalPage(Console(width=110, height=40, file=file, force_terminal=True)) as shown:
        shown.show(PICTURE)
        assert "\x1b[?1049h" in file.getvalue() and "Azure" in file.getvalue()
    assert file.getvalue().rstrip().endswith(("\x1b[?1049l", "\x1b[?25h"))
    assert "\x1b[?1049l" in file.getvalue() and "\x1b[?25h" in file.getvalue()


def test_the_stardust_flows_from_frame_to_frame() -> None:
    file = io.StringIO()
    with TerminalPage(Console(width=110, height=30, file=file, force_terminal=True)) as shown:
        frames = []
        for _ in range(2):
            file.seek(0)
            file.truncate()
            shown.show(SCENE)
            frames.append(file.getvalue())
    assert "0:20.0" in frames[0] and "0:20.0" in frames[1]
    assert frames[0] != frames[1]
