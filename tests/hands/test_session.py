"""A controller's life as messages and time move it: nothing here waits."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from weaver.hands.session import (
    AGAIN_S,
    ANSWER_S,
    ASK,
    MISSED,
    NOTE_S,
    PROBE_S,
    SETTLE_S,
    STUBBORN,
    STUBBORN_S,
    Happening,
    Session,
    State,
)
from weaver.mapping.profile import Bound, Control, Group, Ports, Profile
from weaver.mapping.talk import ANY, Positions, Repaint, Report, Rewrite, Talk

WAKE, ENTER, ENTER_2, LEAVE = (bytes((0xF0, 0x47, number, 0xF7)) for number in range(4))
STEP_S = 0.001


def profile(name: str, identity: tuple[int, ...] | None = (0x47, 0x4F), **changes: object) -> Profile:
    """A profile that is entered by two messages."""
    made = Profile(
        name=name,
        title=name.title(),
        description="",
        evidence="high",
        sources=(),
        notes="none",
        ports=Ports(input=(re.compile(name),), identity=identity),
        talk=Talk(
            enter=(ENTER, ENTER_2),
            leave=(LEAVE,),
            wake=(WAKE,),
            pause_s=0.05,
            reports=(Report((0xF0, 0x47, 0x62, ANY), (0xF0, 0x47, 0x62, 0), "it was in Notes mode"),),
            positions=Positions((0xF0, 0x47, 0x61), "faders"),
        ),
        groups=(
            Group(
                "faders", "faders", 2, 1, (Control("faders", 0, 0, "cc", 0, 48), Control("faders", 1, 0, "cc", 0, 49))
            ),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def identity(*numbers: int) -> bytes:
    return bytes((0xF0, 0x7E, 0x00, 0x06, 0x02, *numbers, 0xF7))


class Device:
    """The other end: time goes by, and what is sent to it is kept with its time."""

    def __init__(self, session: Session, answer: bytes | None = None) -> None:
        self.session, self.answer = session, answer
        self.now_s = 0.0
        self.got: list[tuple[float, bytes]] = []
        self.happened: list[Happening] = []

    def run(self, seconds: float) -> None:
        """Turn by turn, as the desk does."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += STEP_S
            self.happened += self.session.turn(self.now_s)
            for message in self.session.outbox.pour(self.now_s, lambda _: True):
                self.got.append((self.now_s, message))
                if message == ASK and self.answer is not None:
                    self.session.hear(self.answer, self.now_s)

    def messages(self) -> list[bytes]:
        """What it was told beside questions, and forget it."""
        told = [message for _, message in self.got if message != ASK]
        self.got.clear()
        return told

    @property
    def asked(self) -> int:
        return sum(message == ASK for _, message in self.got)


def test_it_is_asked_then_woken_and_entered_with_pauses() -> None:
    device = Device(Session([profile("apc")], True, 0.0), identity(0x47, 0x4F, 0x19))
    device.run(1.0)
    assert [message for _, message in device.got] == [ASK, WAKE, ENTER, ENTER_2]
    times = [time_s for time_s, _ in device.got[1:]]
    assert min(later - before for before, later in itertools.pairwise(times)) >= 0.05
    assert device.session.state is State.PLAYING and device.happened == [Happening.TAKEN, Happening.READY]
    assert device.session.note(device.now_s) == ""


def test_without_an_answer_the_name_decides_in_time() -> None:
    device = Device(Session([profile("apc")], True, 0.0))
    device.run(ANSWER_S - 0.01)
    assert device.session.state is State.ASKED
    device.run(0.3)
    assert device.session.state is State.PLAYING and not device.session.answers
    device.run(10.0)
    assert device.asked == 1 and device.session.state is State.PLAYING


def test_whoever_has_no_identity_is_not_waited_for() -> None:
    device = Device(Session([profile("pads", identity=None, talk=Talk())], True, 0.0))
    device.run(SETTLE_S + 0.01)
    assert device.session.state is State.PLAYING


def test_without_an_output_nothing_is_said_and_it_plays() -> None:
    device = Device(Session([profile("apc")], False, 0.0))
    device.run(SETTLE_S + 0.01)
    assert device.session.state is State.PLAYING
    device.session.leave()
    device.run(0.1)
    assert device.got == []


def test_an_answer_chooses_among_those_whose_names_fit() -> None:
    other = profile("apc-2", identity=(0x47, 0x50), talk=Talk(enter=(b"\xf0\x01\xf7",)))
    device = Device(Session([profile("apc"), other], True, 0.0), identity(0x47, 0x50))
    device.run(1.0)
    assert device.session.profile is other
    assert device.messages() == [b"\xf0\x01\xf7"]
    assert device.happened == [Happening.TAKEN, Happening.TAKEN, Happening.READY]


def test_a_late_answer_still_chooses() -> None:
    other = profile("apc-2", identity=(0x47, 0x50), talk=Talk(enter=(b"\xf0\x01\xf7",)))
    device = Device(Session([profile("apc"), other], True, 0.0))
    device.run(1.5)
    device.session.hear(identity(0x47, 0x50), device.now_s)
    device.run(1.0)
    assert device.session.profile is other and device.messages()[-1] == b"\xf0\x01\xf7"


def test_one_that_lies_is_taken_by_its_name_and_told_of() -> None:
    known = profile("launchpad", identity=(0x00, 0x20))
    device = Device(Session([profile("apc")], True, 0.0, [known]), identity(0x00, 0x20))
    device.run(1.0)
    assert device.session.profile.name == "apc" and device.session.state is State.PLAYING
    assert device.session.note(99.0) == "says it is Launchpad, taken for Apc by its name"
    stranger = Device(Session([profile("apc")], True, 0.0, [known]), identity(0x42, 0x13))
    stranger.run(1.0)
    assert "says it is 42 13" in stranger.session.note(99.0)


def test_one_that_answers_no_more_falls_asleep_and_is_brought_back() -> None:
    device = Device(Session([profile("apc")], True, 0.0), identity(0x47, 0x4F))
    device.run(5.0)
    assert device.asked >= 2
    device.answer = None
    device.run((MISSED + 2) * PROBE_S)
    assert device.session.state is State.ASLEEP and device.happened[-1] is Happening.FELL_ASLEEP
    device.messages()
    device.answer = identity(0x47, 0x4F)
    device.run(PROBE_S + 0.5)
    assert device.session.state is State.PLAYING and device.happened[-1] is Happening.READY
    assert device.messages() == [WAKE, ENTER, ENTER_2]
    assert "back" in device.session.note(device.now_s)
    device.run(NOTE_S)
    assert device.session.note(device.now_s) == ""


def test_whoever_plays_is_alive_even_if_it_does_not_answer() -> None:
    device = Device(Session([profile("apc")], True, 0.0), identity(0x47, 0x4F))
    device.run(1.0)
    device.answer = None
    for _ in range(20):
        device.run(1.0)
        device.session.hear(bytes((0x90, 1, 2)), device.now_s)
    assert device.session.state is State.PLAYING


def test_a_mode_that_it_changed_by_itself_is_put_right() -> None:
    device = Device(Session([profile("apc")], True, 0.0))
    device.run(2.0)
    device.messages()
    device.session.hear(bytes((0xF0, 0x47, 0x62, 0, 0xF7)), device.now_s)
    device.run(1.0)
    assert device.messages() == []
    device.session.hear(bytes((0xF0, 0x47, 0x62, 1, 0xF7)), device.now_s)
    device.run(1.0)
    assert device.messages() == [WAKE, ENTER, ENTER_2]
    assert device.session.note(device.now_s) == "it was in Notes mode"


def test_one_that_never_stays_in_its_mode_is_left_alone_for_a_while() -> None:
    device = Device(Session([profile("apc")], True, 0.0))
    device.run(2.0)
    device.messages()
    for _ in range(200):
        device.session.hear(bytes((0xF0, 0x47, 0x62, 1, 0xF7)), device.now_s)
        device.run(0.02)
    assert device.messages().count(ENTER) <= STUBBORN
    assert "again and again" in device.session.note(device.now_s)
    device.run(STUBBORN_S)
    assert device.messages().count(ENTER) == 1


def test_an_identity_that_nobody_asked_for_is_a_new_start() -> None:
    device = Device(Session([profile("apc")], True, 0.0), identity(0x47, 0x4F))
    device.run(1.9)
    device.messages()
    device.session.hear(identity(0x47, 0x4F), device.now_s)
    device.run(AGAIN_S + 0.3)
    assert device.messages() == [WAKE, ENTER, ENTER_2]


def test_an_echo_of_our_question_is_no_answer() -> None:
    device = Device(Session([profile("apc")], True, 0.0), ASK)
    device.run(10.0)
    assert not device.session.answers and device.session.state is State.PLAYING


def test_positions_become_what_the_faders_would_have_said() -> None:
    device = Device(Session([profile("apc")], True, 0.0))
    device.session.hear(bytes((0xF0, 0x47, 0x61, 10, 127, 5, 0xF7)), 0.0)
    assert list(device.session.seeds) == [bytes((0xB0, 48, 10)), bytes((0xB0, 49, 127))]


def test_what_it_is_told_last_is_to_leave() -> None:
    device = Device(Session([profile("apc")], True, 0.0))
    device.run(1.0)
    device.messages()
    device.session.outbox.put([b"\x90\x01\x02"] * 100, 0.1)
    device.session.leave()
    device.run(0.2)
    assert device.messages() == [LEAVE]
    early = Device(Session([profile("apc")], True, 0.0))
    early.session.leave()
    early.run(0.2)
    assert early.messages() == []


def test_garbage_moves_nothing() -> None:
    device = Device(Session([profile("apc")], True, 0.0), identity(0x47, 0x4F))
    device.run(1.0)
    device.messages()
    for data in (b"", b"\xf0", b"\xf0\xf7", b"\xf0\x7e", b"\xf0\x7e\x00\x06\x02", b"\xff", b"\x90", bytes(500)):
        device.session.hear(data, device.now_s)
    device.run(1.0)
    assert device.messages() == [] and device.session.state is State.PLAYING


def test_one_that_would_not_tell_is_asked_for_its_mode() -> None:
    ask, left = bytes((0xF0, 0x47, 0x62, 0xF7)), bytes((0xF0, 0x47, 0x62, 1, 0xF7))
    silent = profile("apc", identity=None)
    device = Device(Session([replace(silent, talk=replace(silent.talk, ask=(ask,)))], True, 0.0))
    device.run(1.0)
    assert ask not in device.messages()
    device.run(PROBE_S)
    assert device.messages() == [ask]
    device.session.hear(left, device.now_s)
    device.run(1.0)
    assert device.messages() == [WAKE, ENTER, ENTER_2] and device.session.state is State.PLAYING
    device.run(10.0 * PROBE_S)
    assert device.session.state is State.PLAYING, "silence is nothing to be blamed for"


def test_a_note_that_it_has_no_pad_for_betrays_its_mode() -> None:
    silent = profile("apc")
    pads = Group("pads", "pads", 1, 1, (Control("pads", 0, 0, "note", 0, 11),))
    device = Device(Session([replace(silent, talk=replace(silent.talk, reports=()), groups=(pads,))], True, 0.0))
    device.run(2.0)
    device.messages()
    device.session.hear(bytes((0x90, 11, 100)), device.now_s)
    device.run(1.0)
    assert device.messages() == []
    device.session.hear(bytes((0x90, 12, 100)), device.now_s)
    device.run(1.0)
    assert device.messages() == [WAKE, ENTER, ENTER_2]


def test_a_note_that_has_been_taught_or_is_a_keys_is_no_sign_of_another_mode() -> None:
    pads = Group("pads", "pads", 1, 1, (Control("pads", 0, 0, "note", 0, 11),))
    talk = Talk(enter=(ENTER,))
    for taught in (
        profile("pads", None, talk=talk, groups=(pads,), controls=(Bound("note", 60, 0, do="hush"),)),
        profile("pads", None, talk=talk, groups=(pads,), controls=(Bound("note", 60, do="hush"),)),
        profile("keys", None, talk=talk, groups=(pads,), notes="mode"),
    ):
        device = Device(Session([taught], True, 0.0))
        device.run(0.5)
        device.messages()
        device.session.hear(bytes((0x90, 60, 100)), device.now_s)
        device.run(1.0)
        assert device.messages() == []


def test_nothing_is_said_before_the_cable_carries_it() -> None:
    device = Device(Session([profile("apc")], True, 0.0))
    device.run(0.08)
    assert device.got == [] and device.session.state is State.JOINED
    device.run(0.04)
    assert [message for _, message in device.got] == [ASK]


READ, DUMP = b"\xf0\x42\x1f\xf7", b"\xf0\x42\x7f\x09\x00\x07\xf7"
CHANGED = b"\xf0\x42\x7f\x09\x01\x07\xf7"
REWRITE = Rewrite(READ, (0xF0, 0x42, 0x7F), 1, 1)
IN_ANOTHER_MODE = b"\xf0\x42\x40\xf7"


def rewriting() -> Device:
    talk = Talk(leave=(LEAVE,), rewrites=(REWRITE,), reports=(Report(tuple(IN_ANOTHER_MODE), None, ""),))
    device = Device(Session([profile("nano", None, talk=talk)], True, 0.0))
    device.session.hear(DUMP, 0.0)  # nobody asked
    device.run(0.5)
    assert device.messages() == [READ]
    return device


def test_a_setting_is_changed_once_and_put_back_at_the_end() -> None:
    device = rewriting()
    assert device.session.last_words == (LEAVE,)
    device.session.hear(DUMP[:4] + b"\xf7", device.now_s)  # too short to have the setting
    device.session.hear(DUMP, device.now_s)
    device.session.hear(DUMP, device.now_s)
    device.happened.clear()
    device.run(0.1)
    assert device.messages() == [CHANGED] and device.happened == [Happening.READY]
    device.session.hear(IN_ANOTHER_MODE, device.now_s)
    device.run(0.6)
    device.session.hear(CHANGED, device.now_s)
    device.run(0.1)
    assert device.messages() == [READ] and device.session.last_words == (LEAVE, DUMP)
    device.session.leave()
    device.run(0.1)
    assert device.messages() == [LEAVE, DUMP]


def test_a_setting_that_is_right_stays_and_so_does_what_the_player_changes_meanwhile() -> None:
    device = rewriting()
    device.session.hear(CHANGED, device.now_s)
    device.run(0.1)
    assert device.messages() == [] and device.session.last_words == (LEAVE,)
    device = rewriting()
    device.session.hear(DUMP, device.now_s)
    device.run(0.1)
    device.session.hear(IN_ANOTHER_MODE, device.now_s)
    device.run(0.6)
    device.session.hear(CHANGED.replace(b"\x07", b"\x08"), device.now_s)
    assert device.session.last_words == (LEAVE,)


ALIVE = bytes((0xF0, 0x7D, 4, 0xF7))


def test_it_is_told_that_we_are_there_and_silence_is_sleep() -> None:
    talk = Talk(enter=(ENTER,), alive=(ALIVE,), alive_s=1.0, silent_s=3.5)
    device = Device(Session([profile("ours", None, talk=talk)], True, 0.0))
    device.run(SETTLE_S + 3.4)
    told = [time_s for time_s, message in device.got if message == ALIVE]
    assert len(told) == 3 and max(later - before for before, later in itertools.pairwise(told)) < 1.01
    assert device.session.state is State.PLAYING
    device.session.hear(b"\x90\x01\x01", device.now_s)
    device.run(3.4)
    assert device.session.state is State.PLAYING
    device.run(0.2)
    assert device.session.state is State.ASLEEP and device.happened[-1] is Happening.FELL_ASLEEP
    device.messages()
    device.session.hear(b"\xf0\x7d\x41\xf7", device.now_s)
    device.run(0.2)
    assert device.session.state is State.PLAYING and ENTER in device.messages()


def test_what_was_lost_is_painted_anew() -> None:
    talk = Talk(repaints=(Repaint((0xF0, 0x7D, 0x44), 1), Repaint((0xF0, 0x42, 0x23))))
    device = Device(Session([profile("ours", None, talk=talk)], True, 0.0))
    device.run(0.2)
    for said, happens in (
        (b"\xf0\x7d\x44\x01\x07\xf7", False),  # the first tells nothing
        (b"\xf0\x7d\x44\x02\x07\xf7", False),
        (b"\xf0\x7d\x44\x03\x08\xf7", True),
        (b"\xf0\x7d\x44\xf7", False),
        (b"\xf0\x7d\x44\x03\x00\xf7", True),  # it counts round
        (b"\xf0\x42\x23\x00\xf7", True),
        (b"\xf0\x42\x23\x00\xf7", True),
        (b"\xf0\x42\x24\x00\xf7", False),
    ):
        device.happened.clear()
        device.session.hear(said, device.now_s)
        device.run(0.01)
        assert (device.happened == [Happening.REPAINT]) is happens, said.hex()
