"""The terminal page as text, and what its keys mean."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from support.pictures import PICTURE

from weaver.surfaces.picture import Picture, SphereView
from weaver.surfaces.terminal import HARD, SOFT, STRIKING, Press, TerminalPage, page, pitch_name, press_of


def text_of(picture: Picture, width: int = 110, height: int = 30, first: int = 0) -> str:
    console = Console(width=width, height=height, record=True, file=io.StringIO(), force_terminal=True)
    console.print(page(picture, width, height, first))
    return console.export_text()


def line_with(text: str, word: str) -> str:
    return next(line for line in text.splitlines() if word in line)


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


def test_trouble_is_said() -> None:
    text = text_of(replace(PICTURE, is_running=False, note="the server has gone", underflows=3, reduction=0.5))
    assert "○ jack" in text and "the server has gone" in text
    assert "3 underflows" in text and "limiter -6.0" in text


@pytest.mark.parametrize(("width", "height"), [(80, 24), (110, 30), (160, 50)])
def test_sixty_four_spheres_fit(width: int, height: int) -> None:
    text = text_of(many(64), width, height)
    assert len(text.splitlines()) <= height
    assert all(len(line) <= width for line in text.splitlines())
    assert text.count("●") >= 64 and "A4" in text and "…64 " in text.replace("Glass 64", "…64")


def test_a_window_that_is_too_small_says_so() -> None:
    assert "more; a larger window" in text_of(many(64), 40, 12)


@pytest.mark.parametrize(
    ("pitch_hz", "shown"),
    [
        (440.0, ("A4", 0)),
        (261.6256, ("C4", 0)),
        (32.7032, ("C1", 0)),
        (327.032, ("E4", -14)),
        (8.1758, ("C-1", 0)),
        (0.0, ("–", 0)),
    ],
)
def test_pitch_names(pitch_hz: float, shown: tuple[str, int]) -> None:
    assert pitch_name(pitch_hz) == shown


def test_letters_strike_and_capitals_strike_harder() -> None:
    assert [press_of(key, 64) for key in "asdfghjk"] == [Press("strike", n, SOFT) for n in range(8)]
    assert press_of("Q", 64) == Press("strike", 8, HARD)
    assert press_of("a", 64, first=26) == Press("strike", 26, SOFT)
    assert len(set(STRIKING)) == 26


@pytest.mark.parametrize(
    ("key", "press"),
    [
        (" ", Press("hush")),
        ("!", Press("panic")),
        ("\x1b", Press("panic")),
        ("\x7f", Press("panic")),
        ("7", None),
        ("q", None),
        ("", None),
    ],
)
def test_other_keys(key: str, press: Press | None) -> None:
    assert press_of(key, 8) == press


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
