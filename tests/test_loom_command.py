"""`weaver loom`: what every control of a controller does, as text and as a picture; and the controllers there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.cli import main
from weaver.mapping.loom import DEEDS

BOX = """
format = 1
title = "A box"
description = "With pads and a knob."
evidence = "medium"
[lights]
driver = "novation-rgb"
[[pads]]
name = "grid"
columns = 8
rows = 8
first = 0
pressure = "poly"
loom = "grid"
led = "rgb"
[[pads]]
name = "bank"
columns = 4
rows = 2
first = 64
loom = "pads-4x2"
[[knobs]]
name = "knobs"
columns = 2
first = 20
do = ["lift", "wet_db"]
[[faders]]
name = "fader"
columns = 1
first = 7
do = ["level_db"]
[[buttons]]
name = "side"
columns = 1
rows = 3
first = 100
do = ["hush", "soothe"]
[[controls]]
cc = 21
channel = 1
gesture = "bend"
sphere = 3
[[controls]]
note = 65
do = "panic"
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "controllers").mkdir()
    (tmp_path / "controllers" / "box.toml").write_text(BOX)
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    return tmp_path


def test_text_shows_every_control(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["loom", "box"]) == 0
    said = capsys.readouterr().out
    assert "A box" in said and "evidence medium" in said and "spheres 1 to 8, page 1 of 1" in said
    lines = said.splitlines()
    names = next(line for line in lines if "Violet" in line)
    assert names.index("Violet") < names.index("Crimson") < names.index("Azure")
    top = lines[lines.index(names) + 2]
    assert top.count("soothe") == 8 and top.rstrip("│ ").endswith("cracks")
    rim = next(line for line in lines if "strike" in line and ".95" in line)
    assert lines.index(rim) > lines.index(top), "the bottom is below"
    assert "4x2 pads" in said and "1 fader" in said and "3 buttons, from the bottom up" in said
    assert "bend cents" in said and "cc 21, channel 1" in said and "-200 to 200 cents, Gold" in said
    assert any("lift" in line and "bend cents" in line for line in lines), "what a player has said comes first"
    assert any(line.startswith("bind") and DEEDS["bind"] in line for line in lines)
    assert any(line.startswith("level_db") and "whole instrument" in line for line in lines)
    assert "finale" not in said, "only what there is"


def test_pages(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["loom", "box", "--set", "grand", "--page", "2"]) == 0
    said = capsys.readouterr().out
    assert "spheres 9 to 16, page 2 of" in said
    assert main(["loom", "box", "--page", "2"]) == 2
    assert "a page from 1 to 1" in capsys.readouterr().err


def test_the_picture(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.image import imread

    whole, page = box / "whole.png", box / "page.png"
    assert main(["loom", "box", "-o", str(whole)]) == 0
    assert main(["loom", "box", "--set", "bowls", "-o", str(page)]) == 0
    assert str(page) in capsys.readouterr().out
    first, second = imread(whole), imread(page)
    assert first.shape == second.shape and first.shape[0] > 1000
    assert abs(first - second).max() > 0.5, "another set has other colours"
    assert first[:20, :, :3].max() < 0.1, "night round it"


def test_the_list_tells_what_is_broken_and_shows_the_rest(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["loom"]) == 0
    said = capsys.readouterr().out
    (line,) = [line for line in said.splitlines() if line.split()[:1] == ["box"]]
    assert "A box" in line and "medium" in line and "pads rgb" in line
    assert "mpe" in said and "keys" in said
    (box / "controllers" / "bad.toml").write_text("format = 1\ncolour = 3\n")
    assert main(["loom"]) == 2
    said = capsys.readouterr().out
    assert "broken" in said and "bad.toml" in said and "A box" in said


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nothing"], "keys"),
        (["box", "--page", "0"], "whole number"),
        (["box", "-o", "box.jpg"], ".png"),
        (["-o", "box.png"], "PROFILE"),
        (["box", "--set", "nothing"], "auditorium"),
    ],
)
def test_bad_input_is_2(box: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], word: str) -> None:
    assert main(["loom", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and word in said.err
