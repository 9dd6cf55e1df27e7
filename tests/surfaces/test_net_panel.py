"""The page that tells how a tablet gets here, and its code."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import segno
from rich.console import Console
from support.pictures import NETWORK, PICTURE, SCENE, text_of

from weaver.surfaces.net_panel import net_panel
from weaver.surfaces.picture import NetworkView, SphereView
from weaver.surfaces.qr import DARK, LIGHT, qr_lines
from weaver.surfaces.terminal import TerminalPage

URL = "http://192.168.1.2:8010/"
EIGHT = tuple(SphereView(f"Glass {n + 1}", "#ffffff", 440.0, 0.5, False) for n in range(8))


def modules(rows: list[str]) -> list[list[bool]]:
    """Which halves of the cells are dark."""
    return [[cell not in lit for cell in row] for row in rows for lit in ("▀█", "▄█")]


@pytest.mark.parametrize(("height", "border"), [(40, 2), (13, 2), (12, 1)])
def test_a_code_is_of_its_address(height: int, border: int) -> None:
    rows = [line.plain for line in qr_lines(URL, 60, height)]
    expected = segno.make("HTTP://192.168.1.2:8010", error="l", micro=False).matrix
    size = len(expected)
    assert len(rows) <= height and {len(row) for row in rows} == {size + 2 * border}
    found = modules(rows)
    assert [row[border : border + size] for row in found[border : border + size]] == [
        list(map(bool, r)) for r in expected
    ]
    around = found[:border] + found[border + size : size + 2 * border]
    assert not any(any(row) for row in around), "what is around a code is light"


def test_a_code_is_light_on_dark_whatever_the_terminals_colours() -> None:
    assert {str(line.style) for line in qr_lines(URL, 60, 30)} == {f"{LIGHT} on {DARK}"}


def test_only_what_means_the_same_is_put_in_capitals() -> None:
    file = "http://192.168.1.2:8010/Layouts?a=b"
    rows = [line.plain for line in qr_lines(file, 60, 40)]
    expected = segno.make(file, error="l", micro=False).matrix
    assert modules(rows)[2][2 : 2 + len(expected)] == list(map(bool, expected[0]))


def test_without_room_there_is_no_code_and_that_is_said() -> None:
    assert qr_lines(URL, 60, 11) == [] and qr_lines(URL, 22, 40) == []
    small = [row.plain for row in net_panel(NETWORK, 56, 14)]
    assert not any("█" in row for row in small) and any("A larger window has a code" in row for row in small)
    large = [row.plain for row in net_panel(NETWORK, 76, 15)]
    assert large[0].startswith("███") and any("Scan the code" in row for row in large)


def test_it_tells_addresses_ports_and_keys() -> None:
    text = "\n".join(row.plain for row in net_panel(replace(NETWORK, strangers=("10.0.0.7",)), 106, 20))
    for part in (
        URL,
        "host 192.168.1.2",
        "send port 8000, receive port 9000",
        "Here: 192.168.1.20:9000",
        "Asking: 10.0.0.7",
    ):
        assert part in text
    assert "@ lets" in text and "& remembers" in text and "^ sends" in text
    lost = "\n".join(row.plain for row in net_panel(replace(NETWORK, lost={"too long": 3}), 106, 20))
    assert "Not taken: 3 too long" in lost and "Not taken" not in text


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (None, "--no-osc"),
        (replace(NETWORK, addresses=(), note="8000 to 8009 are taken"), "8000 to 8009 are taken"),
        (replace(NETWORK, is_open=False, addresses=("127.0.0.1:8000",)), "Start with --lan"),
    ],
)
def test_where_no_tablet_can_come_there_is_no_code(network: NetworkView | None, said: str) -> None:
    text = "\n".join(row.plain for row in net_panel(network, 106, 20))
    assert said in text and "█" not in text and "▀" not in text


@pytest.mark.parametrize(("width", "height"), [(30, 4), (40, 12), (60, 20), (80, 24), (160, 50)])
def test_it_keeps_to_its_room_and_says_how_to_leave(width: int, height: int) -> None:
    rows = [row.plain for row in net_panel(replace(NETWORK, strangers=("10.0.0.7",)), width, height)]
    assert len(rows) <= height and all(len(row) <= width for row in rows)
    assert "back to the spheres" in " ".join(rows)


def test_a_key_shows_it_in_the_spheres_place_and_hides_it_again() -> None:
    file = io.StringIO()

    def seen() -> str:
        file.seek(0)
        file.truncate()
        shown.show(replace(SCENE, network=NETWORK))
        return file.getvalue()

    with TerminalPage(Console(width=80, height=24, file=file, force_terminal=True)) as shown:
        assert "Azure" in seen()
        assert shown.press("?") is None
        text = seen()
        assert "Azure" not in text and "Scan the code" in text and "▄▄▄▄▄" in text
        press = shown.press("a")
        assert press is not None and press.action == "strike"
        assert shown.press("?") is None
        assert "Azure" in seen()


@pytest.mark.parametrize("strangers", [(), ("10.0.0.7", "10.0.0.8")])
@pytest.mark.parametrize("peers", [0, 1, 4])
@pytest.mark.parametrize("picture", [PICTURE, SCENE])
def test_eight_spheres_fit_a_small_terminal_whoever_is_here(
    picture: object, peers: int, strangers: tuple[str, ...]
) -> None:
    network = replace(NETWORK, peers=NETWORK.peers * peers, strangers=strangers)
    note = "another instance of weaver has Novation Launchpad X; pads[1]: expected controls that no other sends like"
    for scene in (replace(picture, note=note), picture):  # type: ignore[type-var]
        full = replace(scene, spheres=EIGHT, network=network)  # type: ignore[type-var]
        text = text_of(full, 80, 24)  # type: ignore[arg-type]
        assert len(text.splitlines()) <= 24 and all(len(line) == 80 for line in text.splitlines())
        assert all(sphere.name in text for sphere in EIGHT) and "192.168.1.2:8000" in text
        assert ("wants to play" in text) == bool(strangers)
        panel = text_of(full, 80, 24, shows_network=True)  # type: ignore[arg-type]
        assert len(panel.splitlines()) <= 24 and "back to the spheres" in panel
