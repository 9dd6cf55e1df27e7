"""Layouts: what they send is heard, what is told is drawn, and it lies where fingers find it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from weaver.model.osc_addresses import Space
from weaver.model.osc_space import BY_PATTERN, FINGERS, ROWS, Row
from weaver.model.spheres import SphereSet, load_set
from weaver.surfaces.touchosc.controls import STACK, TOUCH
from weaver.surfaces.touchosc.document import Frame, Node, Osc, xml
from weaver.surfaces.touchosc.layout import NOT_DRAWN, PAGES, SILENT, layout
from weaver.surfaces.touchosc.messages import drawn, presses, row, turns
from weaver.surfaces.touchosc.sizes import DEVICES, ORIENTATIONS, Device, Orientation, size_of

SETS = ("auditorium", "glasses", "grand")
"""Of 8, 16 and 64 spheres."""
OVERLAID = (STACK, SILENT, "crack")
"""Tags of groups in which controls lie over each other."""


def spheres_of(name: str, count: int | None = None) -> SphereSet:
    found = load_set(name)
    return found if count is None else replace(found, spheres=found.spheres[:count])


@pytest.fixture(scope="module", params=[(d, o, s) for d in DEVICES for o in ORIENTATIONS for s in SETS], ids="-".join)
def made(request: pytest.FixtureRequest) -> tuple[Node, SphereSet]:
    device, orientation, name = request.param
    spheres = load_set(name)
    return layout(spheres, size_of(device, orientation)), spheres


def messages(root: Node) -> Iterator[tuple[Node, Osc]]:
    for node in root.walk():
        for message in node.messages:
            yield node, message


def rows_of(spheres: SphereSet) -> dict[str, Row]:
    """Every address with numbers, and its row."""
    return dict(Space([sphere.name for sphere in spheres.spheres]).nodes())


def test_all_that_is_sent_is_heard(made: tuple[Node, SphereSet]) -> None:
    root, spheres = made
    space = Space([sphere.name for sphere in spheres.spheres])
    sent = [(node, message) for node, message in messages(root) if message.triggers]
    for node, message in sent:
        target = space.resolve(message.address)
        assert target is not None and target.address == message.address, message.address
        values = target.row.values
        assert len(message.arguments) <= len(values)
        for part, value in zip(message.arguments, values, strict=False):
            reach = (float(part.value),) if part.is_constant else (part.low, part.high)
            assert all((value.low or 0.0) <= number for number in reach), message.address
            assert value.high is None or all(number <= value.high for number in reach), message.address
        assert node.get("interactive")
    assert len(sent) > 100


def test_all_that_is_told_is_drawn_or_has_a_reason_not_to_be(made: tuple[Node, SphereSet]) -> None:
    root, spheres = made
    received = {message.address for _, message in messages(root) if message.is_received}
    scripted = {node.name for node in root.walk() if node.tag and node.name.startswith("/")}
    told = {address: found for address, found in rows_of(spheres).items() if found.is_shown}
    assert (received | scripted) <= set(told)
    missing = {found.pattern for address, found in told.items() if address not in received | scripted}
    if len(spheres.spheres) > 8:  # threads between neighbours only
        missing.discard("/weave/{sphere}/{other}")
    assert missing == set(NOT_DRAWN)


def test_nothing_is_bound_to_what_the_script_keeps(made: tuple[Node, SphereSet]) -> None:
    """What comes to a control with a tag goes no further, unless the tag begins with "+"."""
    root, _ = made
    bound = {message.address for _, message in messages(root) if message.is_received}
    scripted = {node.name: node.tag for node in root.walk() if node.tag and node.name.startswith("/")}
    assert {name for name, tag in scripted.items() if tag.startswith("+")} == bound & set(scripted)


def test_neighbours_are_bound_in_a_large_set_and_all_pairs_in_a_small_one() -> None:
    def bound(name: str) -> set[str]:
        root = layout(load_set(name), size_of("tablet", "landscape"))
        return {message.address for _, message in messages(root) if message.address.startswith("/weave/")}

    assert bound("auditorium") == {f"/weave/{one}/{other}" for one, other in combinations(range(1, 9), 2)}
    assert bound("grand") == {f"/weave/{one}/{one + 1}" for one in range(1, 64)}


def test_reasons_are_given_for_rows_that_there_are() -> None:
    assert all(BY_PATTERN[pattern].is_shown and reason for pattern, reason in NOT_DRAWN.items())
    assert len(NOT_DRAWN) < 0.25 * sum(found.is_shown for found in ROWS)


def test_each_sphere_has_its_fingers_over_each_other(made: tuple[Node, SphereSet]) -> None:
    root, spheres = made
    pads: dict[str, Frame] = {}
    for node, message in messages(root):
        if "/finger/" in message.address:
            pads[message.address] = node.frame
            assert [part.value for part in message.arguments] == ["x", "y", "touch"]
            assert [trigger.value for trigger in message.triggers] == ["x", "y", "touch"]
            assert node.get("grabFocus") and not node.get("background") and not message.is_received
    assert len(pads) == FINGERS * len(spheres.spheres)
    for number in range(1, len(spheres.spheres) + 1):
        assert len({pads[f"/sphere/{number}/finger/{finger}"] for finger in range(1, FINGERS + 1)}) == 1


def test_a_hand_that_is_taken_off_sends_nought(made: tuple[Node, SphereSet]) -> None:
    root, _ = made
    hands = [(node, message) for node, message in messages(root) if message.address.endswith(("/damp", "/soothe"))]
    for node, message in hands:
        assert node.get("buttonType") == 0 and node.get("release")
        assert message.triggers[0].condition == "ANY"
        assert (message.arguments[0].low, message.arguments[0].high) == (0, 1)


def test_what_is_held_has_a_script_and_says_what_hears_that_it_is_let_go(made: tuple[Node, SphereSet]) -> None:
    root, spheres = made
    space = Space([sphere.name for sphere in spheres.spheres])
    held = {node.tag: message.address for node, message in messages(root) if "script" in node.properties}
    holds = [found for found in rows_of(spheres) if found.endswith(("/damp", "/soothe")) or "/finger/" in found]
    assert sorted(held.values()) == sorted(holds)
    for lets_go, address in held.items():
        target = space.resolve(lets_go)
        assert target is not None and target.address == address and target.is_touch == ("/finger/" in address)


def test_fingers_find_all_that_is_touched(made: tuple[Node, SphereSet]) -> None:
    root, _ = made
    touched = [node for node in root.walk() if node.kind in ("BUTTON", "FADER", "XY") and node.get("interactive")]
    small = {node.name: node.frame for node in touched if min(node.frame.w, node.frame.h) < TOUCH}
    assert small == {} and len(touched) > 30


def test_everything_is_inside_its_parent(made: tuple[Node, SphereSet]) -> None:
    for parent in made[0].walk():
        for child in parent.children:
            x, y, w, h = child.frame
            assert w > 0 and h > 0, (parent.name, child.name, child.frame)
            within = x >= 0 and y >= 0 and x + w <= parent.frame.w and y + h <= parent.frame.h
            assert within, (parent.name, child.name, child.frame, parent.frame)


def test_only_what_is_meant_to_lies_over_something_else(made: tuple[Node, SphereSet]) -> None:
    for parent in made[0].walk():
        if parent.kind != "PAGER" and parent.tag not in OVERLAID:
            for one, other in combinations(parent.children, 2):
                assert not overlap(one.frame, other.frame), (parent.name, one.name, other.name)


def test_what_is_looked_at_takes_no_touch(made: tuple[Node, SphereSet]) -> None:
    """A box that took touches would keep them from what lies below."""
    for node in made[0].walk():
        if node.kind in ("BOX", "LABEL", "TEXT", "GROUP", "RADIAL"):
            assert not node.get("interactive"), node.name


def test_labels_are_high_enough_for_their_text(made: tuple[Node, SphereSet]) -> None:
    for node in made[0].walk():
        if node.kind == "LABEL":
            assert node.frame.h >= node.number("textSize"), (node.name, node.frame)


def test_captions_fit(made: tuple[Node, SphereSet]) -> None:
    """By the width that letters have on the whole; what is told later is about as long as what stands there first."""
    for node in made[0].walk():
        if node.kind == "LABEL":
            wide = 0.53 * node.number("textSize") * len(str(node.value("text")))
            assert wide <= node.frame.w * 1.05, (node.name, node.value("text"), node.frame)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 9, 11, 13, 15])
def test_any_number_of_spheres_has_a_page(device: Device, orientation: Orientation, count: int) -> None:
    spheres = spheres_of("glasses", count)
    made = layout(spheres, size_of(device, orientation)), spheres
    test_everything_is_inside_its_parent(made)
    test_only_what_is_meant_to_lies_over_something_else(made)
    test_fingers_find_all_that_is_touched(made)
    pager = made[0].children[0]
    assert [page.name for page in pager.children] == list(PAGES)
    discs = [node for node in pager.children[0].walk() if node.name == "disc"]
    assert len(discs) == count


def test_discs_are_as_large_as_the_set_has_them() -> None:
    spheres = load_set("auditorium")
    root = layout(spheres, size_of("tablet", "landscape"))
    wide = [node.frame.w for node in root.walk() if node.name == "disc"]
    assert wide == sorted(wide, reverse=True) and wide[-1] > 0.6 * wide[0]


def test_panic_stands_apart() -> None:
    root = layout(load_set("auditorium"), size_of("phone", "portrait"))
    places = {node.name: at for node, at in placed(root) if node.kind == "BUTTON"}
    panic = places.pop("panic")
    nearest = min(
        distance(panic, frame) for name, frame in places.items() if name in ("begin", "finale", "undo", "hush")
    )
    assert nearest >= 12


def test_no_id_comes_twice() -> None:
    text = xml(layout(load_set("auditorium"), size_of("phone", "landscape")))
    ids = [part.split("'", 1)[0] for part in text.split("<node ID='")[1:]]
    assert Counter(ids).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("make", "pattern"),
    [
        (turns, "/sphere/{sphere}/light"),
        (presses, "/alive"),
        (drawn, "/sphere/{sphere}/strike"),
        (row, "/no/such"),
    ],
)
def test_an_address_that_cannot_be_is_refused(make: object, pattern: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=pattern.split("/")[-1]):
        make(pattern)


def overlap(one: Frame, other: Frame) -> bool:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    return across > 0 and min(one.y + one.h, other.y + other.h) - max(one.y, other.y) > 0


def placed(node: Node, x: float = 0, y: float = 0) -> Iterator[tuple[Node, Frame]]:
    """Every control and where it lies on the canvas."""
    at = Frame(x + node.frame.x, y + node.frame.y, node.frame.w, node.frame.h)
    yield node, at
    for child in node.children:
        yield from placed(child, at.x, at.y)


def distance(one: Frame, other: Frame) -> float:
    across = max(other.x - one.x - one.w, one.x - other.x - other.w, 0)
    return max(across, other.y - one.y - one.h, one.y - other.y - other.h, 0)
