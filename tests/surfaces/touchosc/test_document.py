"""Documents for TouchOSC: read back by a library that has TouchOSC's own files for its tests."""

from __future__ import annotations

import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.needed import module

from weaver.model.configs import shipped_folder
from weaver.model.spheres import load_set
from weaver.surfaces.touchosc.document import Colour, Frame, Node, Osc, Part, Trigger, tosc, xml
from weaver.surfaces.touchosc.layout import layout
from weaver.surfaces.touchosc.sizes import DEVICES, ORIENTATIONS, Device, Orientation, size_of

BUTTON = Node(
    "BUTTON",
    "mend & <more>",
    Frame(10, 10.5, 120, 80),
    {"color": Colour(1.0, 0.25, 0.33333), "tag": "it's"},
    {"x": 1.0},
    (Osc("/sphere/1/damp", (Part("x", low=-1.0, high=0.00001), Part("2", is_constant=True)), (Trigger("x", "RISE"),)),),
)
ROOT = Node("GROUP", "root", Frame(0, 0, 600, 400), children=(BUTTON, BUTTON))


def test_another_reader_finds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.tosc"
    path.write_bytes(tosc(ROOT))
    document = module("py2tosc", "py2tosc").load(path)
    assert document.version == "6" and tuple(document.root.frame) == (0, 0, 600, 400)
    button = document.root.children[0]
    assert (button.get("name"), button.get("tag"), tuple(button.frame)) == (
        "mend & <more>",
        "it's",
        (10, 10.5, 120, 80),
    )
    assert tuple(button.color) == (1, 0.25, 0.3333, 1)
    assert {value.key: value.default for value in button.values} == {"x": 1.0, "touch": False}
    message = button.messages[0]
    assert (message.send, message.receive, message.feedback, message.connections) == (True, True, False, "1" * 10)
    assert [(trigger.var, str(trigger.condition)) for trigger in message.triggers] == [("x", "RISE")]
    assert [part.value for part in message.path] == ["/sphere/1/damp"]
    found = [(str(part.type), str(part.conversion), part.value, part.scale_min) for part in message.arguments]
    assert found == [("VALUE", "FLOAT", "x", -1.0), ("CONSTANT", "FLOAT", "2", 0.0)]
    assert document.root.children[0].id != document.root.children[1].id


@pytest.mark.parametrize(
    ("name", "device", "orientation"),
    [*(("auditorium", device, way) for device in DEVICES for way in ORIENTATIONS), ("grand", "phone", "portrait")],
)
def test_another_s_check_finds_nothing_wrong(
    tmp_path: Path, name: str, device: Device, orientation: Orientation
) -> None:
    path = tmp_path / "a.tosc"
    path.write_bytes(tosc(layout(load_set(name), size_of(device, orientation))))
    assert [str(issue) for issue in module("py2tosc", "py2tosc").load(path).validate()] == []


def test_every_kind_says_all_that_touchosc_says_of_it() -> None:
    """A new control of each kind has just these properties and values."""
    from py2tosc.defaults import default_values_for, defaults_for
    from py2tosc.enums import ControlType

    for kind in ("BOX", "BUTTON", "LABEL", "TEXT", "FADER", "XY", "RADIAL", "GROUP", "PAGER"):
        node = ElementTree.fromstring(xml(Node(kind, "one", Frame(0, 0, 10, 10))).split("?>", 1)[1])[0]
        written = {found.findtext("key"): found.get("type") for found in node.findall("./properties/property")}
        expected = set(defaults_for(ControlType(kind))) | {"name"} | ({"centered"} if kind == "FADER" else set())
        assert set(written) == expected, kind
        assert all(kind_of is not None for kind_of in written.values())
        values = [found.findtext("key") for found in node.findall("./values/value")]
        assert values == [key for key, _ in default_values_for(ControlType(kind))], kind


def test_a_message_without_triggers_is_only_received() -> None:
    text = xml(Node("LABEL", "one", Frame(0, 0, 1, 1), {}, {}, (Osc("/show/clock", (Part("text", "STRING"),)),)))
    assert "<send>0</send><receive>1</receive>" in text and "<triggers>" not in text


def test_the_same_tree_is_the_same_document() -> None:
    assert xml(ROOT) == xml(ROOT)
    assert zlib.decompress(tosc(ROOT)).decode() == xml(ROOT)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_ready_made_layouts_are_what_would_be_made_now(device: Device, orientation: Orientation) -> None:
    """`make layouts` makes them anew."""
    packed = (shipped_folder() / "touchosc" / f"{device}-{orientation}.tosc").read_bytes()
    assert zlib.decompress(packed).decode() == xml(layout(load_set("auditorium"), size_of(device, orientation)))


def test_there_are_no_others() -> None:
    made = {f"{device}-{orientation}.tosc" for device in DEVICES for orientation in ORIENTATIONS}
    assert {path.name for path in (shipped_folder() / "touchosc").iterdir()} == made
