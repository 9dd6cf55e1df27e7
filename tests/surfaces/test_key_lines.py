"""The keys at the foot of the page."""

from __future__ import annotations

from dataclasses import replace

from support.pictures import NETWORK, TABLET

from weaver.surfaces.key_lines import TALL, key_lines
from weaver.surfaces.picture import HandView, NetworkView


def hand(pages: int) -> HandView:
    return HandView(1, "pads", "Pads", "high", True, "ready", 0, pages, 0, None)


def told(
    spheres: int = 8,
    hands: tuple[HandView, ...] = (),
    network: NetworkView | None = None,
    width: int = 106,
    height: int = TALL,
) -> list[str]:
    return [line.plain for line in key_lines(spheres, hands, network, width, height)]


def test_all_keys_are_told_where_there_is_room() -> None:
    lines = told()
    assert len(lines) == 2 and all(len(line) <= 106 for line in lines)
    told_keys = ("a s d f g h j k strike", "space hush", "! panic", "Ctrl-C ends", "+ learn", "/ stakes")
    for key in (*told_keys, "Enter roll", "( ) tempo", "# as tapped", ": quantise"):
        assert key in " ".join(lines)


def test_a_low_page_has_one_line_with_what_is_needed_most() -> None:
    (line,) = told(height=TALL - 1)
    assert line.startswith("a s d f g h j k strike") and line.index("panic") < line.index("finale")


def test_a_wide_page_has_one_line() -> None:
    assert len(told(width=320)) == 1


def test_what_is_of_no_use_is_not_told() -> None:
    assert "lights" not in " ".join(told()) and "pages" not in " ".join(told(hands=(hand(1),)))
    assert "* lights anew" in " ".join(told(hands=(hand(1),)))
    assert "< > pages" in " ".join(told(hands=(hand(1), hand(3))))
    assert "Tab" not in " ".join(told()) and "Tab next 26" in " ".join(told(spheres=64))


def test_keys_of_tablets_are_told_where_there_may_be_any() -> None:
    alone = replace(NETWORK, is_open=False, peers=())
    assert "tablets" not in " ".join(told(network=alone))
    assert "? tablets" in " ".join(told(network=replace(alone, is_open=True)))
    assert "& remember" not in " ".join(told(network=replace(alone, is_open=True)))
    line = " ".join(told(network=replace(alone, peers=(TABLET,))))
    assert "? tablets" in line and "& remember" in line and "^ send away" in line
