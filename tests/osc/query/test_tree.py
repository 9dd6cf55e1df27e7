"""The tree of OSCQuery against the table that it is made from."""

from __future__ import annotations

import math

import pytest

from weaver.model.osc_addresses import Space
from weaver.model.osc_space import ROWS, Row
from weaver.model.spheres import load_set
from weaver.osc.query.tree import ATTRIBUTES, BUTTON, UNITS, Node, Tree, as_json

SPACE = Space([sphere.name for sphere in load_set("auditorium").spheres])
VALUES = {"/sphere/1/health": (0.123456789,), "/stage": ("bells",), "/meter/left": (-math.inf,), "/mood/weights": ()}


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree(SPACE, VALUES.get)


def node(tree: Tree, path: str) -> Node:
    found = tree.find(path)
    assert found is not None
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern)
def test_every_address_of_the_table_is_a_leaf_that_says_what_its_row_does(tree: Tree, row: Row) -> None:
    addresses = [address for address, its in SPACE.nodes() if its is row]
    assert addresses
    for address in addresses:
        said = tree.told(node(tree, address))
        assert said["FULL_PATH"] == address and "CONTENTS" not in said
        assert said["ACCESS"] == row.is_shown + 2 * row.is_heard
        assert str(said["DESCRIPTION"]).startswith(row.help)
        if said.get("TYPE") == BUTTON:
            assert row.is_heard and not row.is_shown and not (row.values and row.values[0].high)
            continue
        tags = "".join(value.tag for value in row.values)
        assert said.get("TYPE", "") == tags
        assert said.get("EXTENDED_TYPE", []) == [value.name for value in row.values]
        for name in ("RANGE", "UNIT"):
            assert len(said.get(name, tags)) == len(tags)
        for value, limits, unit in zip(
            row.values, said.get("RANGE", [None] * 9), said.get("UNIT", [None] * 9), strict=False
        ):
            limits = limits or {}
            if value.tag == "s":
                assert limits.get("VALS", []) == list(value.words)
            else:
                assert (limits.get("MIN"), limits.get("MAX")) == (value.low, value.high)
            assert unit == UNITS.get(value.unit)


def test_what_only_is_pressed_is_a_button(tree: Tree) -> None:
    for address in ("/hush", "/panic", "/undo", "/tap", "/finale", "/show/begin", "/sync", "/ping"):
        assert tree.told(node(tree, address))["TYPE"] == BUTTON


def test_the_whole_tree_holds_every_address_once(tree: Tree) -> None:
    found: list[str] = []

    def walk(said: dict, path: str) -> None:
        assert said["FULL_PATH"] == (path or "/")
        if "CONTENTS" not in said:
            found.append(path)
        for name, inner in said.get("CONTENTS", {}).items():
            walk(inner, f"{path}/{name}")

    walk(tree.told(node(tree, "/")), "")
    assert sorted(found) == sorted(address for address, _ in SPACE.nodes())
    assert as_json(tree.told(node(tree, "/")))


def test_folders_say_what_they_are(tree: Tree) -> None:
    assert tree.told(node(tree, "/sphere/2"))["DESCRIPTION"] == SPACE.names[1]
    assert "spheres" in str(tree.told(node(tree, "/sphere/"))["DESCRIPTION"])
    assert tree.told(node(tree, "/mood"))["ACCESS"] == 0


def test_values_are_those_of_now_and_only_of_what_is_shown(tree: Tree) -> None:
    assert tree.told(node(tree, "/sphere/1/health"))["VALUE"] == [0.123457]
    assert tree.attribute(node(tree, "/stage"), "VALUE") == {"VALUE": ["bells"]}
    assert tree.attribute(node(tree, "/meter/left"), "VALUE") == {"VALUE": [None]}, "JSON has no infinity"
    assert tree.attribute(node(tree, "/meter/right"), "VALUE") == {}, "nobody knows yet"
    other = Tree(SPACE, lambda address: (0.5,))
    strike = node(other, "/sphere/1/strike")
    assert "VALUE" not in other.told(strike) and other.attribute(strike, "VALUE") == {}


def test_numbers_that_stand_for_words_say_which(tree: Tree) -> None:
    said = tree.told(node(tree, "/stakes"))
    assert said["RANGE"] == [{"MIN": 0, "MAX": 3}] and "3 virtuoso" in str(said["DESCRIPTION"])


def test_each_attribute_can_be_asked_for_by_itself(tree: Tree) -> None:
    whole = tree.told(node(tree, "/set/room_t60_s"))
    for name in ATTRIBUTES:
        assert tree.attribute(node(tree, "/set/room_t60_s"), name) == ({name: whole[name]} if name in whole else {})
    assert "health" in tree.attribute(node(tree, "/sphere/1"), "CONTENTS")["CONTENTS"]  # type: ignore[operator]


@pytest.mark.parametrize("path", ["/sphere/0", "/sphere/99/health", "/nothing", "sphere", "/sphere//1", "/tablet", ""])
def test_what_is_not_there_is_not_found(tree: Tree, path: str) -> None:
    assert tree.find(path) is None or path == ""


def test_events_are_told_apart(tree: Tree) -> None:
    assert tree.is_event("/sphere/1/played") and not tree.is_event("/sphere/1/health") and not tree.is_event("/x")


def test_the_largest_set_is_told_too() -> None:
    tree = Tree(Space([f"sphere {k}" for k in range(64)]), lambda address: (0.5,))
    assert len(as_json(tree.told(node(tree, "/")))) < 2_000_000
