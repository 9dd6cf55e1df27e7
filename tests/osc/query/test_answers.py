"""What is answered over HTTP, without a network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from support.querying import LAYOUTS, XHTML, Instrument

from weaver.model.osc_addresses import Space
from weaver.osc.query.answers import BURST_BYTES, BYTES_PER_S, About, Answers, Asked, is_of_this_machine


class Desk:
    """Answers, and the clock they go by."""

    def __init__(self) -> None:
        self.instrument, self.now_s, self.lost = Instrument(), 0.0, Counter[str]()
        addresses = ("192.168.1.20", "10.0.0.5")
        about = About(lambda: "Sonic <Weaver>", 8001, 8012, 9001, True, lambda: addresses)
        self.layouts: dict[str, Callable[[], bytes]] = self.instrument.layouts()
        self.answers = Answers(
            lambda: self.instrument.space,
            lambda address: self.instrument.values.get(address),
            self.layouts,
            about,
            self.lost,
            lambda: self.now_s,
        )

    def ask(self, target: str, host: str = "192.168.1.30", **headers: str) -> Any:
        return self.answers.answer(Asked(target, host, "192.168.1.20", **headers))

    def json(self, target: str) -> Any:
        answer = self.ask(target)
        assert answer.status == 200 and answer.kind.startswith("application/json")
        return json.loads(answer.body)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("target", ["/?HOST_INFO", "/sphere/1?HOST_INFO", "?HOST_INFO", "/nothing?HOST_INFO"])
def test_host_info_says_by_which_address_and_ports(desk: Desk, target: str) -> None:
    said = desk.json(target)
    assert said["EXTENSIONS"].pop("LISTEN") is True and all(said.pop("EXTENSIONS").values())
    assert said == {
        "NAME": "Sonic <Weaver>",
        "OSC_IP": "192.168.1.20",
        "OSC_PORT": 8001,
        "OSC_TRANSPORT": "UDP",
        "WS_IP": "192.168.1.20",
        "WS_PORT": 8012,
    }


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 200),
        ("", 200),
        ("/sphere/1/", 200),
        ("/sphere/1/health?VALUE", 200),
        ("/sphere/%31/health?RANGE", 200),
        ("/sphere/1/health?RANGE&TYPE", 200),
        ("http://192.168.1.20:8012/sphere?CONTENTS", 200),
        ("/sphere/1/health#part", 200),
        ("/sphere/1?RANGE", 200),
        ("/sphere/1/strike?VALUE", 204),
        ("/sphere?VALUE", 204),
        ("/sphere/1/health?NONSENSE", 400),
        ("/sphere/1/health?VALUE&nonsense", 400),
        ("/sphere/1/health?value", 400),
        ("/%ff", 400),
        ("http://[", 400),
        ("/sphere/9", 404),
        ("/nothing?NONSENSE", 404),
        ("/../../etc/passwd", 404),
        ("/tablet/../secret", 404),
        ("/tablet/", 404),
        ("/favicon.ico", 404),
    ],
)
def test_codes_of_the_proposal(desk: Desk, target: str, status: int) -> None:
    assert desk.ask(target).status == status
    assert not desk.lost


def test_an_attribute_comes_by_itself(desk: Desk) -> None:
    desk.instrument.values["/sphere/1/health"] = (0.5,)
    assert desk.json("/sphere/1/health?VALUE") == {"VALUE": [0.5]}
    assert desk.json("/sphere/1/health?VALUE&TYPE") == {"VALUE": [0.5], "TYPE": "f"}
    assert desk.json("/sphere/2/health?VALUE") == {}
    assert desk.json("/sphere?TYPE") == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_one_may_only_ask(desk: Desk, method: str) -> None:
    assert desk.ask("/", method=method).status == 405


def test_browsers_are_shown_the_page_and_nobody_else(desk: Desk) -> None:
    answer = desk.ask("/", accept=XHTML)
    assert (answer.status, answer.headers["Location"]) == (302, "/tablet")
    for accept in ("*/*", "application/json, text/plain, */*", "", "text/html, image/gif, *; q=.2, */*; q=.2"):
        assert desk.ask("/", accept=accept).kind.startswith("application/json")
    assert desk.ask("/sphere", accept=XHTML).kind.startswith("application/json")
    assert desk.ask("/?CONTENTS", accept=XHTML).kind.startswith("application/json")


def test_the_page_says_what_to_type(desk: Desk) -> None:
    answer = desk.ask("/tablet", accept=XHTML)
    page = answer.body.decode()
    assert answer.status == 200 and answer.kind.startswith("text/html")
    for text in ("192.168.1.20", "8001", "9001", "10.0.0.5", "Sonic &lt;Weaver&gt;", *LAYOUTS):
        assert text in page
    assert "<Weaver>" not in page and "<script" not in page and "--lan" not in page


def test_the_page_may_run_nothing_and_load_nothing(desk: Desk) -> None:
    answer = desk.ask("/tablet")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    assert b" style=" not in answer.body and b"http" not in answer.body.replace(b"http-equiv", b"")


def test_layouts_are_made_once_for_a_set_and_come_as_files(desk: Desk) -> None:
    name, content = next(iter(LAYOUTS.items()))
    for _ in range(3):
        answer = desk.ask(f"/tablet/{name}")
        assert (answer.status, answer.body) == (200, content)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert desk.instrument.made == [name]
    desk.instrument.space = Space(("One",))
    assert desk.ask(f"/tablet/{name}").body == content
    assert desk.instrument.made == [name, name]


def test_what_cannot_be_made_is_counted_and_others_are_answered(desk: Desk) -> None:
    def fail() -> bytes:
        raise OSError("no room")

    desk.layouts["bad.tosc"] = fail
    assert desk.ask("/tablet/bad.tosc").status == 500
    assert desk.lost == {"not answered": 1}
    assert desk.ask("/").status == 200


def test_another_set_is_another_tree(desk: Desk) -> None:
    assert list(desk.json("/sphere")["CONTENTS"]) == ["1", "2", "3"]
    assert not desk.answers.renew()
    desk.instrument.space = Space(("One", "Two"))
    assert list(desk.json("/sphere")["CONTENTS"]) == ["1", "2"]
    assert desk.ask("/sphere/3").status == 404


def test_a_host_may_not_fetch_without_end(desk: Desk) -> None:
    asked = 0
    while desk.ask("/").status == 200:
        asked += 1
        assert asked * len(desk.ask("/mood", "10.1.1.1").body) < BURST_BYTES
    assert asked > 100 and desk.lost == {"asks too much": 1}
    assert desk.ask("/", "192.168.1.31").status == 200, "nobody else is kept waiting"
    desk.now_s += BURST_BYTES / BYTES_PER_S
    assert desk.ask("/").status == 200


def test_hosts_that_asked_are_forgotten_in_the_end(desk: Desk) -> None:
    for number in range(2000):
        desk.ask("/nothing", f"10.0.{number // 250}.{number % 250}")
    assert len(desk.answers._spent) <= 256


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("http://localhost:3000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:8080", True),
        ("http://192.168.1.20:8012", False),
        ("https://localhost.example.org", False),
        ("https://127.0.0.1.example.org", False),
        ("null", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_pages_of_this_machine_may_read_and_others_may_not(desk: Desk, origin: str, is_ours: bool) -> None:
    assert is_of_this_machine(origin) is is_ours
    assert desk.ask("/hush", origin=origin).headers.get("Access-Control-Allow-Origin") == (origin if is_ours else None)
