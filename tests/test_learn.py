"""`weaver learn` as a process, with a controller that nobody knows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.eventually import eventually
from support.jack import JackServer
from support.twins.plain import Box
from support.twins.plug import plugged

from weaver.commands.learn import parse_goal
from weaver.model.errors import ConfigError

TURN_S = 0.03
GIVE_UP_S = 60.0


def test_goals_are_taught_one_after_the_other_and_then_it_ends(jackd: JackServer, tmp_path: Path) -> None:
    environment = {**os.environ, "WEAVER_CONFIGS": str(tmp_path)}
    command = [sys.executable, "-m", "weaver", "learn", "wet_db", "strike:3", "--audio", "jack", "--no-take"]
    with plugged(Box()) as (box,):
        player = subprocess.Popen(
            [*command, "--no-terminal", "--name", "mine"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            file = tmp_path / "controllers" / "mine.toml"

            def is_taught(word: str) -> bool:
                return file.exists() and word in file.read_text()

            def turned() -> bool:
                for value in range(40, 48):
                    box.turn(1, value)
                    time.sleep(TURN_S)
                time.sleep(0.5)
                return is_taught("wet_db")

            def pressed() -> bool:
                box.press(2, 1)
                time.sleep(0.6)
                return is_taught("strike")

            assert eventually(turned, GIVE_UP_S) and eventually(pressed, GIVE_UP_S)
            said = player.communicate(timeout=GIVE_UP_S)[0]
        finally:
            player.kill()
            player.wait()
    assert player.returncode == 0
    assert "move a control for wet_db" in said and "move a control for strike" in said
    assert "CC 21 on channel 1: wet_db; kept in mine.toml" in said
    assert "NOTE 42 on channel 10: strike sphere 3" in said


@pytest.mark.parametrize(("text", "goal"), [("wet_db", ("wet_db", None)), ("lift:3", ("lift", 2))])
def test_goals_on_the_command_line(text: str, goal: tuple[str, int | None]) -> None:
    assert parse_goal(text) == goal


@pytest.mark.parametrize("text", ["lift:", "lift:0", "lift:x", "lift:-1"])
def test_what_is_no_goal(text: str) -> None:
    with pytest.raises(ConfigError, match="GOAL"):
        parse_goal(text)
