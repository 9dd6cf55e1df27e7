"""What options of the network and of a DAW mean, and what does not go together."""

from __future__ import annotations

import pytest

from weaver.cli import main
from weaver.commands.wished import heard_through
from weaver.model.midi_out import PlayOut
from weaver.model.osc_space import RECEIVE_PORT, REPLY_PORT
from weaver.options import build_parser
from weaver.wishes import Wishes

EVERY_WAY = ("play", "perform", "learn", "monitor")


def wishes(*words: str) -> Wishes:
    return heard_through(build_parser().parse_args(words))


@pytest.mark.parametrize("command", EVERY_WAY)
def test_by_itself_only_this_machine_is_heard(command: str) -> None:
    heard = wishes(command)
    assert (heard.lan, heard.osc_port, heard.reply_port) == (False, RECEIVE_PORT, REPLY_PORT)
    assert (heard.allow, heard.discovery) == ((), True)
    assert heard.osc_port == Wishes().osc_port and heard.reply_port == Wishes().reply_port


@pytest.mark.parametrize("command", EVERY_WAY)
def test_every_way_to_play_can_be_heard_from_the_network(command: str) -> None:
    network = (
        "--lan",
        "--allow",
        "10.0.0.7",
        "--allow",
        "192.168.1.20/24",
        "--osc-port",
        "7000",
        "--reply-port",
        "7001",
    )
    heard = wishes(command, *network, "--no-discovery")
    assert (heard.lan, heard.osc_port, heard.reply_port) == (True, 7000, 7001)
    assert (heard.allow, heard.discovery) == (("10.0.0.7", "192.168.1.0/24"), False)
    assert wishes(command, "--no-osc").osc_port is None


@pytest.mark.parametrize("command", EVERY_WAY)
def test_by_itself_all_is_told_by_ports_of_our_own(command: str) -> None:
    beside = wishes(command)
    assert beside.play_out == PlayOut("mpe-lower", lanes=True, configures=True, echoes=False)
    assert (beside.midi_in, beside.midi_out, beside.clock_out) == ("auto", "auto", "auto")
    assert (beside.sync, beside.tempo_bpm, beside.link, beside.mts_esp) == ("auto", 120.0, False, True)
    assert wishes(command, "--midi-in", "none", "--midi-out", "none").midi_out == "none"


@pytest.mark.parametrize("command", EVERY_WAY)
def test_every_way_to_play_can_sit_in_a_daw(command: str) -> None:
    form = ("--play-out", "channels", "--no-lanes", "--no-configure", "--echo")
    ports = ("--midi-in", "Cable 1", "--midi-out", "Cable 2", "--clock-out", "Cable 3")
    time = ("--sync", "link", "--link", "--tempo", "90.5", "--no-mts-esp")
    beside = wishes(command, *form, *ports, *time)
    assert beside.play_out == PlayOut("channels", lanes=False, configures=False, echoes=True)
    assert (beside.midi_in, beside.midi_out, beside.clock_out) == ("Cable 1", "Cable 2", "Cable 3")
    assert (beside.sync, beside.tempo_bpm, beside.link, beside.mts_esp) == ("link", 90.5, True, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lan", "--allow", "the tablet"], "'the tablet' is not an address"),
        (["--lan", "--allow", "10.0.0.0/33"], "10.0.0.0/33"),
        (["--lan", "--allow", "::1"], "'::1'"),
        (["--osc-port", "0"], "'0' is not a port"),
        (["--osc-port", "65536"], "not a port"),
        (["--osc-port", "²"], "not a port"),
        (["--reply-port", "9000x"], "--reply-port"),
        (["--allow", "10.0.0.7"], "--allow: expected --lan"),
        (["--lan", "--no-osc"], "--lan: expected OSC"),
        (["--play-out", "mpe"], "'mpe-lower', 'mpe-upper', 'channels'"),
        (["--sync", "midi"], "'clock', 'jack', 'link'"),
        (["--sync", "link"], "--sync link: expected --link"),
        (["--tempo", "19.9"], "'19.9' is not a tempo from 20 to 400"),
        (["--tempo", "nan"], "not a tempo"),
        (["--tempo", "fast"], "not a tempo"),
        (["--midi-in", "Cable 1", "--clock-out", "cable 1"], "--midi-in: expected another port"),
    ],
)
@pytest.mark.parametrize("command", EVERY_WAY)
def test_nonsense_is_one_line_and_2(
    capsys: pytest.CaptureFixture[str], command: str, words: list[str], said: str
) -> None:
    goals = ["wet_db"] if command == "learn" else []
    assert main([command, *goals, "--audio", "silent", *words]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1
