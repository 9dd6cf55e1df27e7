"""Pictures of layouts."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from weaver.model.spheres import load_set
from weaver.surfaces.touchosc.drawing import svg
from weaver.surfaces.touchosc.layout import PAGES, layout
from weaver.surfaces.touchosc.sizes import size_of
from weaver.surfaces.touchosc.sphere import Look

SVG = "{http://www.w3.org/2000/svg}"
SPHERES = load_set("auditorium")


def texts(page: int, looks: dict[int, Look] | None = None) -> list[str]:
    tree = ElementTree.fromstring(svg(layout(SPHERES, size_of("phone", "landscape"), looks), page))
    assert tree.get("viewBox") == "0 0 844 390"
    return [found.text or "" for found in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("page", "word"), [(0, "soothe"), (1, "Nova"), (2, "slope"), (3, "room t60"), (4, "panic"), (5, "to connect")]
)
def test_each_page_is_drawn_under_all_tabs(page: int, word: str) -> None:
    found = texts(page)
    assert word in found and [tab for tab in PAGES if tab not in found] == []


def test_how_a_sphere_looks_is_drawn() -> None:
    def cracks(looks: dict[int, Look]) -> int:
        return svg(layout(SPHERES, size_of("phone", "landscape"), looks)).count("#d8d43a")

    assert "failing" not in texts(0) and "failing" in texts(0, {0: Look(0.2, 0.2, (1.0,), "failing")})
    assert cracks({0: Look(cracks=(1.0, 2.0))}) > cracks({0: Look(cracks=(1.0,))}) > cracks({})


def test_fingers_are_not_drawn() -> None:
    root = layout(SPHERES, size_of("phone", "landscape"))
    fingers = [node for node in root.walk() if node.name.startswith("finger")]
    assert fingers and all(svg(node).count("<") == 2 for node in fingers)
