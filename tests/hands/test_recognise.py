"""Which ports are which controller's, by the names that systems give them."""

from __future__ import annotations

import re

import pytest

from weaver.hands.recognise import Found, Named, Recogniser, parse_named
from weaver.mapping.profile import Ports, Profile
from weaver.model.errors import ConfigError


def profile(
    name: str,
    inputs: str,
    outputs: str = "",
    ignore: str = "",
    identity: tuple[int, ...] | None = None,
    own: bool = False,
) -> Profile:
    def patterns(text: str) -> tuple[re.Pattern[str], ...]:
        return (re.compile(text, re.IGNORECASE),) if text else ()

    return Profile(
        name=name,
        title=name,
        description="",
        evidence="high",
        sources=(),
        notes="none",
        ports=Ports(patterns(inputs), patterns(outputs), patterns(ignore), identity),
        is_own=own,
    )


LAUNCHPAD = profile(
    "launchpad-x", r"launchpad x.*midi|midi(in|out)2 \((\d+- )?lpx midi\)", ignore=r"launchpad x.*daw|^lpx midi$"
)
APC = profile("apc", r"apc mini(?! mk2)")
APC_2 = profile("apc-2", r"apc mini mk2.*(control|midi 1\b)", ignore=r"apc mini mk2.*(notes|midi 2\b)")
ALL = (APC, APC_2, LAUNCHPAD)


def ports(*names: str | tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        (name if isinstance(name, str) else name[0]): ((name,) if isinstance(name, str) else name) for name in names
    }


def found(
    recogniser: Recogniser, inputs: dict[str, tuple[str, ...]], outputs: dict[str, tuple[str, ...]]
) -> list[tuple[str, str | None, str]]:
    return [(seat.input_name, seat.output_name, seat.candidates[0].name) for seat in recogniser.find(inputs, outputs)]


def test_inputs_and_outputs_are_found_by_any_of_their_names_whatever_their_order() -> None:
    inputs = ports(
        "Midi Through", ("system:midi_capture_3", "a2j:APC mini mk2 MIDI 1"), "LPX MIDI", "MIDIIN2 (LPX MIDI)"
    )
    outputs = ports("MIDIOUT2 (LPX MIDI)", ("system:midi_playback_9", "a2j:APC mini mk2 MIDI 1"), "LPX MIDI")
    assert found(Recogniser(ALL), inputs, outputs) == [
        ("system:midi_capture_3", "system:midi_playback_9", "apc-2"),
        ("MIDIIN2 (LPX MIDI)", "MIDIOUT2 (LPX MIDI)", "launchpad-x"),
    ]


def test_two_of_a_kind_keep_their_own_outputs() -> None:
    inputs = ports("a2j:APC mini [24] (capture): APC mini MIDI 1", "a2j:APC mini [20] (capture): APC mini MIDI 1")
    outputs = ports("a2j:APC mini [20] (playback): APC mini MIDI 1", "a2j:APC mini [24] (playback): APC mini MIDI 1")
    for name, output, _ in found(Recogniser(ALL), inputs, outputs):
        assert output == name.replace("capture", "playback")
    numbered = found(Recogniser(ALL), ports("APC MINI", "APC MINI #2"), ports("APC MINI #2", "APC MINI"))
    assert [(name, output) for name, output, _ in numbered] == [
        ("APC MINI", "APC MINI"),
        ("APC MINI #2", "APC MINI #2"),
    ]


def test_where_names_tell_nothing_the_order_does() -> None:
    pairs = found(Recogniser([profile("x", "^x")]), ports("x left", "x right"), ports("x a", "x b"))
    assert [output for _, output, _ in pairs] == ["x a", "x b"]


def test_an_output_serves_one_device_only() -> None:
    pairs = found(Recogniser(ALL), ports("APC mini", "APC mini #2"), ports("APC mini #2"))
    assert [output for _, output, _ in pairs] == [None, "APC mini #2"]


def test_what_is_ignored_is_claimed_but_not_found() -> None:
    recogniser = Recogniser(ALL)
    assert recogniser.claims(["LPX MIDI"]) and recogniser.claims(["x", "Launchpad X LPX DAW Out"])
    assert not recogniser.claims(["Keystation 49"])
    assert found(recogniser, ports("LPX MIDI", "Launchpad X LPX DAW Out"), {}) == []


def test_the_players_own_profile_comes_first_then_the_closest() -> None:
    wide, own = profile("any", "apc"), profile("mine", "mini", own=True)
    assert [p.name for p in Recogniser([wide, APC]).candidates(["APC mini"])] == ["apc", "any"]
    assert [p.name for p in Recogniser([wide, APC, own]).candidates(["APC mini"])] == ["mine", "apc", "any"]


def test_a_player_may_say_what_a_port_is() -> None:
    recogniser = Recogniser(ALL, [parse_named("apc:Acme 64")])
    assert recogniser.claims(["ACME 64 pads"])
    assert recogniser.find(ports("ACME 64 pads"), ports("other", "acme 64 out")) == [
        Found("ACME 64 pads", "acme 64 out", (APC,), ("ACME 64 pads",))
    ]


@pytest.mark.parametrize("text", ["apc", ":word", "apc:", "apc: "])
def test_what_is_said_wrongly_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PROFILE:WORD"):
        parse_named(text)


def test_a_profile_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match="apc, apc-2, launchpad-x"):
        Recogniser(ALL, [Named("nowhere", "x")])
