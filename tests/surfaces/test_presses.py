"""What keys mean."""

from __future__ import annotations

import pytest

from weaver.surfaces.keys import DOWN, LEFT, RIGHT, UP
from weaver.surfaces.presses import ACTIONS, HARD, SOFT, SOOTHING, STRIKING, Press, press_of


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
        ("1", Press("soothe", 0)),
        ("8", Press("soothe", 7)),
        ("9", None),
        ("0", Press("let_go")),
        ("=", Press("tap")),
        ("-", Press("undo")),
        (".", Press("finale")),
        ("*", Press("resync")),
        ("+", Press("learn")),
        ("<", Press("page_before")),
        (">", Press("page_after")),
        ("@", Press("allow")),
        ("&", Press("remember")),
        ("^", Press("revoke")),
        ("?", Press("network")),
        ("\n", Press("roll")),
        ("\r", Press("roll")),
        ("(", Press("slower")),
        (")", Press("faster")),
        ("#", Press("tempo")),
        (":", Press("quantise")),
        (UP, None),
        ("q", None),
        ("", None),
    ],
)
def test_other_keys(key: str, press: Press | None) -> None:
    assert press_of(key, 8) == press


def test_a_lesson_has_keys_of_its_own() -> None:
    assert [press_of(key, 8, learning=True) for key in (UP, DOWN, LEFT, RIGHT, "-")] == [
        Press("goal_before"),
        Press("goal_after"),
        Press("sphere_before"),
        Press("sphere_after"),
        Press("unlearn"),
    ]
    assert press_of("a", 8, learning=True) == Press("strike", 0, SOFT)  # one plays meanwhile


def test_digits_follow_the_letters_to_the_next_spheres() -> None:
    assert press_of("1", 64, first=26) == Press("soothe", 26)
    assert press_of("9", 64, first=52) == Press("soothe", 60)
    assert press_of("9", 60, first=52) is None


def test_no_key_means_two_things() -> None:
    keys = [*STRIKING, *STRIKING.upper(), *SOOTHING, *ACTIONS, "\t"]
    assert len(keys) == len(set(keys))
