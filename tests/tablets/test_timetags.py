"""Bundles for later: exact frames where clocks agree, at once where they do not, and no more than there is room for."""

from __future__ import annotations

import pytest
from support.playing import RATE
from support.speaking import WALL_S, Stage, tag_of

from weaver.model.gestures import PANIC, STRIKE
from weaver.tablets.timetags import DOUBT_S, MOST_WAITING, TagClock, unix_time
from weaver.tablets.weaving import MOST_AHEAD


def strikes(stage: Stage) -> list[tuple[int, int]]:
    """(frame, sphere) of all since the last time."""
    return [(frame, sphere) for frame, kind, sphere, _ in stage.done() if kind == STRIKE]


def test_tags_are_seconds_since_1900() -> None:
    assert unix_time(2_208_988_800 << 32) == 0.0
    assert unix_time(tag_of(WALL_S + 0.125)) == pytest.approx(WALL_S + 0.125, abs=1e-6)


@pytest.mark.parametrize("lead_s", [0.001, 0.013, 0.03, 0.0317, 0.2, 0.5])
def test_it_sounds_at_its_very_frame(stage: Stage, lead_s: float) -> None:
    stage.run(0.1)
    stage.bundle(("/sphere/1/strike", 0.5), ("/sphere/2/strike", 0.5), lead_s=lead_s)
    stage.run(0.6)
    frame = round((0.1 + lead_s) * RATE)
    wanted = frame if lead_s >= 0.02 else frame + 960  # the sound may be a turn ahead of who hears
    done = strikes(stage)
    assert [sphere for _, sphere in done] == [0, 1] and len({at for at, _ in done}) == 1
    assert frame - 1 <= done[0][0] <= wanted + 1


def test_later_ones_keep_their_order_whatever_came_first(stage: Stage) -> None:
    stage.run(0.1)
    for lead_s, sphere in ((0.3, 3), (0.1, 1), (0.2, 2), (0.2, 4)):
        stage.bundle((f"/sphere/{sphere}/strike",), lead_s=lead_s)
    stage.say("/sphere/1/strike")
    stage.run(0.5)
    done = strikes(stage)
    assert [sphere for _, sphere in done] == [0, 0, 1, 3, 2]
    assert [frame for frame, _ in done[1:]] == pytest.approx([9600, 14400, 14400, 19200], abs=1)


def test_without_a_clock_it_is_released_at_its_time(stage: Stage) -> None:
    stage.has_clock = False
    stage.run(0.1)
    stage.bundle(("/sphere/1/strike",), lead_s=0.25)
    stage.run(0.5)
    ((frame, _),) = strikes(stage)
    assert 0.0 <= frame / RATE - 0.35 <= 0.0201


@pytest.mark.parametrize("lead_s", [0.0, -0.01, -0.4, 0.51, 3600.0, -3600.0, 1e8])
def test_late_and_far_off_is_now(stage: Stage, lead_s: float) -> None:
    stage.run(0.1)
    stage.bundle(("/sphere/1/strike",), lead_s=lead_s)
    stage.run(0.1)
    ((frame, _),) = strikes(stage)
    assert frame == round(0.1 * RATE)


def test_a_clock_that_was_off_has_to_agree_for_a_while(stage: Stage) -> None:
    stage.bundle(("/tap",), lead_s=60.0)
    until_s = stage.now_s + DOUBT_S
    while stage.now_s < until_s - 1.0:
        stage.bundle(("/sphere/1/strike",), lead_s=0.2)
        stage.bundle(("/sphere/2/strike",), lead_s=0.2, by=stage.other)
        at = round(stage.now_s * RATE)
        stage.run(0.5)
        first, second = strikes(stage)
        assert first == (at, 0)
        assert second[0] == pytest.approx(at + 9600, abs=1)
    stage.run(1.5)
    stage.bundle(("/sphere/1/strike",), lead_s=0.2)
    at = round(stage.now_s * RATE)
    stage.run(0.5)
    assert strikes(stage)[0][0] == pytest.approx(at + 9600, abs=1)


def test_late_ones_are_no_sign_of_another_clock() -> None:
    clock = TagClock()
    assert clock.lead_s(tag_of(WALL_S - 0.1), WALL_S) == 0.0
    assert clock.lead_s(tag_of(WALL_S + 0.1), WALL_S) == pytest.approx(0.1, abs=1e-6)


def test_panic_and_leaving_forget_what_that_peer_wanted_later(stage: Stage) -> None:
    for forget in (lambda: stage.say("/panic"), lambda: stage.weaving.let_go(stage.peer)):
        stage.bundle(("/sphere/1/strike",), lead_s=0.3)
        stage.bundle(("/sphere/2/strike",), lead_s=0.3, by=stage.other)
        stage.run(0.1)
        forget()
        stage.run(0.4)
        assert [sphere for _, sphere in strikes(stage)] == [1]


def test_a_panic_for_later_comes_later(stage: Stage) -> None:
    stage.run(0.1)
    stage.say("/sphere/1/strike", 1.0)
    stage.bundle(("/panic",), lead_s=0.2)
    stage.run(0.4)
    assert [(frame, kind) for frame, kind, *_ in stage.done()] == [(4800, STRIKE), (14400, PANIC)]


def test_there_is_room_for_so_many(stage: Stage) -> None:
    for _ in range(MOST_WAITING + 5):
        stage.bundle(("/tap",), ("/tap",), lead_s=0.3)
    assert stage.weaving.lost == {"too much for later": 10}
    stage.run(0.6)
    assert len(stage.done()) == 2 * MOST_WAITING
    assert stage.engine.state.counters.dropped_commands == 0


def test_nobody_takes_the_room_of_others(stage: Stage) -> None:
    for _ in range(MOST_WAITING + 5):
        stage.bundle(("/tap",), lead_s=0.3)
    stage.bundle(("/sphere/2/strike",), lead_s=0.3, by=stage.other)
    assert stage.weaving.lost == {"too much for later": 5}
    stage.weaving.let_go(stage.peer)
    stage.bundle(("/sphere/1/strike",), lead_s=0.3)
    stage.run(0.6)
    assert [sphere for _, sphere in strikes(stage)] == [1, 0]
    stage.bundle(("/sphere/3/strike",), lead_s=0.3)
    stage.run(0.6)
    assert [sphere for _, sphere in strikes(stage)] == [2]
    assert stage.weaving.lost == {"too much for later": 5}


def test_a_bundle_too_big_to_go_ahead_is_whole_at_its_time(stage: Stage) -> None:
    stage.run(0.1)
    stage.bundle(*[("/tap",)] * MOST_AHEAD, lead_s=0.1)
    stage.run(0.3)
    frames = {frame for frame, *_ in stage.done()}
    assert len(frames) == 1 and 0.0 <= frames.pop() / RATE - 0.2 <= 0.0201
