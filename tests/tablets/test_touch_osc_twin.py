"""The twin of TouchOSC, tried on small pages against a plain socket."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from support.eventually import eventually
from support.osc_peers.peer import LOOPBACK, free_port
from support.touch_osc import Habits, Tablet
from support.touch_osc_page import node, osc, page

from weaver.model.osc_packet import decode_packet, encode, encode_bundle

FRAME = (10, 10, 100, 200)
BUTTON = node("BUTTON", "press", FRAME, [osc("/a", "x")])
FADER = node("FADER", "fader", FRAME, [osc("/a", "x", scale="-10 10")], orientation=0)
XY = node("XY", "xy", FRAME, [osc("/a", "x", "y", "touch", on="x y touch")])


class Host:
    """A plain socket in the instrument's place."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.settimeout(10)
        self.senders: list[tuple[str, int]] = []

    def hear(self, count: int) -> list[tuple[str, tuple[Any, ...]]]:
        """The next messages, one from each packet."""
        heard = []
        for _ in range(count):
            packet, sender = self.socket.recvfrom(1000)
            self.senders.append(sender)
            ((message,),) = (together.messages for together in decode_packet(packet))
            heard.append((message.address, tuple(round(value, 3) for value in message.arguments)))
        return heard

    def is_quiet(self) -> bool:
        self.socket.settimeout(0.1)
        with pytest.raises(TimeoutError):
            self.socket.recv(1000)
        self.socket.settimeout(10)
        return True


Open = Callable[..., Tablet]


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.socket.close()


@pytest.fixture
def load(host: Host) -> Iterator[Open]:
    with ExitStack() as stack:

        def load(*children: str, script: str = "", **more: Any) -> Tablet:
            layout = page(*children, script=script)
            return stack.enter_context(Tablet(layout, host.socket.getsockname(), free_port(), **more))

        yield load


def test_a_button_sends_floats_down_and_up(host: Host, load: Open) -> None:
    tablet = load(BUTTON)
    finger = tablet.finger_down(tablet.control("press"))
    assert host.hear(1) == [("/a", (1.0,))]
    finger.up()
    assert host.hear(1) == [("/a", (0.0,))]


@pytest.mark.parametrize(("kind", "sent"), [(0, [1, 0, 1, 0]), (1, [1, 0]), (2, [1, 0])])
def test_buttons_toggle_on_press_or_release(kind: int, sent: list[float], host: Host, load: Open) -> None:
    tablet = load(node("BUTTON", "press", FRAME, [osc("/a", "x")], buttonType=kind))
    for _ in range(2):
        tablet.tap(tablet.control("press"))
    assert [values[0] for _, values in host.hear(len(sent))] == sent


def test_a_fader_is_scaled_both_ways_and_does_not_send_what_it_is_told(host: Host, load: Open) -> None:
    tablet = load(FADER)
    fader = tablet.control("fader")
    finger = tablet.finger_down(fader, 0.2, 0.75)
    assert host.hear(1) == [("/a", (5.0,))]
    host.socket.sendto(encode("/a", -5.0), (LOOPBACK, tablet.port))
    assert eventually(lambda: fader.values["x"] == 0.25)
    assert tablet.fights == [("fader", "x", 0.75, 0.25)]
    assert host.is_quiet()
    finger.up()
    host.socket.sendto(encode_bundle([encode("/a", 0), encode("/b", 1)]), (LOOPBACK, tablet.port))
    assert eventually(lambda: fader.values["x"] == 0.5)
    assert len(tablet.fights) == 1 and tablet.last("/b") == [1]


@pytest.mark.parametrize(
    ("habits", "sent"),
    [
        (Habits(), [(0, 0, 1), (0.25, 0, 1), (0.25, 0.75, 1), (0.25, 0.75, 0)]),
        (Habits(each_axis=False, touch_first=False), [(0.25, 0.75, 1), (0.25, 0.75, 0)]),
    ],
)
def test_an_xy_sends_by_its_habits(habits: Habits, sent: list[tuple[float, ...]], host: Host, load: Open) -> None:
    tablet = load(XY, habits=habits)
    tablet.tap(tablet.control("xy"), 0.25, 0.75)
    assert host.hear(len(sent)) == [("/a", values) for values in sent]


def test_fingers_take_the_next_of_a_heap_and_what_lies_above_hides(host: Host, load: Open) -> None:
    heap = [node("XY", str(n), FRAME, [osc(f"/finger/{n}", "touch", on="touch")]) for n in (1, 2)]
    tablet = load(*heap, node("LABEL", "words", FRAME, interactive=False), node("BOX", "lid", (300, 0, 50, 50)))
    first, second = (tablet.finger_down(tablet.control("1")) for _ in range(2))
    assert {first.control.name, second.control.name} == {"1", "2"}
    with pytest.raises(AssertionError, match="nothing to touch"):
        tablet.finger_down(tablet.control("1"))
    first.up()
    assert tablet.finger_down(tablet.control("2")).control is first.control
    covered = load(BUTTON, node("BUTTON", "lid", FRAME))
    with pytest.raises(AssertionError, match="lid> lies above"):
        covered.tap(covered.control("press"))


def test_a_radio_counts_its_steps(host: Host, load: Open) -> None:
    tablet = load(node("RADIO", "radio", FRAME, [osc("/a", "x")], steps=4, orientation=1))
    tablet.tap(tablet.control("radio"), 0.6, 0.5)
    assert host.hear(1) == [("/a", (2.0,))]
    host.socket.sendto(encode("/a", 3), (LOOPBACK, tablet.port))
    assert eventually(lambda: tablet.control("radio").values["x"] == 3)


def test_pages_are_turned(load: Open) -> None:
    pages = [
        node("GROUP", f"page {n}", (0, 40, 600, 360), children=[node("BUTTON", f"b{n}", FRAME)], interactive=False)
        for n in (1, 2)
    ]
    tablet = load(node("PAGER", "pager", (0, 0, 600, 400), children=pages, tabbar=True))
    with pytest.raises(AssertionError):
        tablet.tap(tablet.control("b2"))
    tablet.open(tablet.control("b2"))
    tablet.tap(tablet.control("b2"))
    assert not tablet.control("b1").is_on_page


def test_triggers_may_wait_for_a_rise_or_a_fall(host: Host, load: Open) -> None:
    both = [osc("/up", "x", on="x:RISE"), osc("/down", "x", on="x:FALL")]
    tablet = load(node("BUTTON", "press", FRAME, both))
    tablet.tap(tablet.control("press"))
    assert host.hear(2) == [("/up", (1.0,)), ("/down", (0.0,))]


def test_labels_show_what_they_are_told(host: Host, load: Open) -> None:
    tablet = load(node("LABEL", "words", FRAME, [osc("/name", "text:STRING", on="", send=0)]))
    host.socket.sendto(encode("/name", "Azure"), (LOOPBACK, tablet.port))
    assert eventually(lambda: tablet.control("words").values["text"] == "Azure")
    host.socket.sendto(encode("/name", 0.5), (LOOPBACK, tablet.port))
    assert eventually(lambda: tablet.control("words").values["text"] == "0.5")


SCRIPT = """
local frames = 0
function init()
  self.children.words.values.text = 'begun'
  sendOSC('/hello', 9000)
  sendOSC({'/typed', {{tag = 'i', value = 3}, {tag = 's', value = 'x'}, {tag = 'T', value = true}}})
end
function update()
  frames = frames + 1
  if frames == 3 then sendOSC('/frames', frames, {true, false}) end
end
function onReceiveOSC(message, connections)
  if message[1] ~= '/health' then return false end
  local health = message[2][1].value
  local words = self:findByName('words', true)
  words.color = Color(1 - health, health, 0, 1)
  words.visible = health > 0.5
  words:notify('health', #self.children)
  return connections[1]
end
"""


def test_scripts_run_in_lua(host: Host, load: Open) -> None:
    notified = "function onReceiveNotify(key, value) self.values.text = key .. value end"
    label = node("LABEL", "words", FRAME, [osc("/health", "text:STRING", on="", send=0)], script=notified)
    tablet = load(label, BUTTON, script=SCRIPT)
    assert host.hear(1) == [("/hello", (9000.0,))]
    ((typed,),) = (together.messages for together in decode_packet(host.socket.recv(1000)))
    assert typed.arguments == (3, "x", True)
    assert host.hear(1) == [("/frames", (3.0,))]
    words = tablet.control("words")
    assert words.values["text"] == "begun"
    host.socket.sendto(encode("/health", 0.25), (LOOPBACK, tablet.port))
    assert eventually(lambda: words.properties["color"] == (0.75, 0.25, 0, 1))
    assert (words.properties["visible"], words.values["text"]) == (False, "health2")
    assert tablet.scripts.errors == []


@pytest.mark.parametrize(
    "wrong",
    ["pcall(print)", "self.nowhere = 1", "self.values.x = 1", "local function", "os.time()", "print(self.textt)"],
)
def test_what_the_app_does_not_have_is_an_error(wrong: str, load: Open) -> None:
    tablet = load(script=f"function init()\n{wrong}\nend")
    assert eventually(lambda: tablet.scripts.errors)


def test_values_that_scripts_set_are_sent(host: Host, load: Open) -> None:
    tablet = load(
        BUTTON,
        node(
            "FADER",
            "f",
            (300, 0, 50, 50),
            script="function onValueChanged(k) if k == 'x' then self.parent.children.press.values.x = 1 end end",
        ),
    )
    tablet.tap(tablet.control("f"))
    assert host.hear(1) == [("/a", (1.0,))]


def test_off_the_wifi_nothing_goes_and_at_another_address_it_does(host: Host, load: Open) -> None:
    tablet = load(BUTTON)
    tablet.is_on_wifi = False
    tablet.tap(tablet.control("press"))
    host.socket.sendto(encode("/a", 0.5), (LOOPBACK, tablet.port))
    assert host.is_quiet() and not tablet.heard and len(tablet.said) == 2
    tablet.is_on_wifi = True
    tablet.move_to("127.0.0.9")
    tablet.tap(tablet.control("press"))
    assert len(host.hear(2)) == 2
    assert {sender[0] for sender in host.senders} == {"127.0.0.9"}
    host.socket.sendto(encode("/b", 0.5), ("127.0.0.9", tablet.port))
    assert eventually(lambda: tablet.last("/b") == [0.5])


def test_it_can_send_from_the_port_it_listens_at(host: Host, load: Open) -> None:
    tablet = load(BUTTON, habits=Habits(from_its_port=True))
    tablet.tap(tablet.control("press"))
    host.hear(2)
    assert {sender[1] for sender in host.senders} == {tablet.port}


def test_strange_layouts_are_refused() -> None:
    for wrong in (
        page(node("KNOB", "x", FRAME)),
        page(node("BUTTON", "x", FRAME, children=[BUTTON])),
        page(BUTTON, BUTTON),
        page(node("BUTTON", "x", FRAME, ["<osc></osc>"])),
    ):
        with pytest.raises(ValueError):
            Tablet(wrong, (LOOPBACK, 9), free_port())
