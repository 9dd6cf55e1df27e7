"""Every row that may be said, against the same call of the engine; together, out of order, too much, and nonsense."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import level_db, sphere, spheres
from support.speaking import Stage, four

from weaver.engine.engine import BATCH, Engine
from weaver.mapping.curves import value_at
from weaver.model.gestures import BIND, DAMP, GESTURES, HUSH, PANIC, PARAMETER, RUB, STRIKE, TAP, Gesture
from weaver.model.osc_packet import Argument
from weaver.model.osc_space import ROWS
from weaver.model.parameters import INDEX, PARAMETERS, Parameter
from weaver.osc.peer import Peer
from weaver.tablets.batches import FULL, MOST
from weaver.tablets.weaving import REACH_AT_ONCE

TO_SPHERES = [gesture for gesture in GESTURES if gesture.scope == "sphere"]
TO_ALL = [gesture for gesture in GESTURES if gesture.scope == "all" and gesture.name != "panic"]


def logged(engine: Engine) -> list[tuple[int, int, tuple[float, ...]]]:
    engine.render(64)
    (stretch,) = engine.log()
    return [(int(c.kind), int(c.sphere), tuple(map(float, c["values"]))) for c in stretch.commands]


def by_hand(name: str, sphere: int | None, **arguments: float) -> list[object]:
    """What the log has of that call."""
    engine = four()
    engine.keep_log()
    assert engine.gesture(name, sphere, **arguments)
    return logged(engine)


def some(gesture: Gesture) -> list[float]:
    """Arguments somewhere within their ranges."""
    return [argument.low + 0.3 * (argument.high - argument.low) for argument in gesture.arguments]


@pytest.mark.parametrize("gesture", TO_SPHERES, ids=lambda gesture: gesture.name)
def test_a_gesture_is_what_the_same_call_is(stage: Stage, gesture: Gesture) -> None:
    values = some(gesture)
    named = {argument.name: value for argument, value in zip(gesture.arguments, values, strict=True)}
    stage.say(f"/sphere/3/{gesture.name}", *values)
    assert logged(stage.engine) == by_hand(gesture.name, 2, **named)
    stage.say(f"/sphere/dusk/{gesture.name}", *values, 17.0, "surplus", None)
    assert logged(stage.engine) == by_hand(gesture.name, 2, **named)
    stage.say(f"/sphere/all/{gesture.name}", *values)
    assert logged(stage.engine) == by_hand(gesture.name, None, **named)
    stage.say(f"/sphere/1/{gesture.name}")
    assert logged(stage.engine) == by_hand(gesture.name, 0)
    stage.say(f"/sphere/1/{gesture.name}", 1e9)
    assert logged(stage.engine) == by_hand(gesture.name, 0, **{gesture.arguments[0].name: gesture.arguments[0].high})
    assert not stage.weaving.lost and stage.weaving.played == 5


def test_its_sound_is_the_same_too(stage: Stage) -> None:
    stage.say("/sphere/2/strike", 0.8, 0.4)
    stage.say("/sphere/3/rub", 0.6, 0.7, 0.9)
    stage.say("/sphere/2/bend", 35)
    other = four()
    other.gesture("strike", 1, velocity=0.8, hardness=0.4)
    other.gesture("rub", 2, pressure=0.6, speed=0.7, position=0.9)
    other.gesture("bend", 1, cents=35)
    heard = stage.engine.render(24_000)
    assert level_db(heard) > -60.0
    assert np.array_equal(heard, other.render(24_000))


@pytest.mark.parametrize("gesture", TO_ALL, ids=lambda gesture: gesture.name)
def test_buttons_do_nothing_when_they_are_let_go(stage: Stage, gesture: Gesture) -> None:
    address = f"/{gesture.name}"
    for pressed in ((), (1,), (1.0,), (True,), (0.4,)):
        stage.say(address, *pressed)
        assert logged(stage.engine) == by_hand(gesture.name, None)
    for let_go in (0, 0.0, False):
        stage.say(address, let_go)
        assert logged(stage.engine) == []
    stage.say(address, "please")
    assert logged(stage.engine) == [] and stage.weaving.lost == {"argument of a wrong kind": 1}


def test_a_pad_that_is_let_go_strikes_nothing(stage: Stage) -> None:
    for value in (0, 0.0, False, -1.0):
        stage.say("/sphere/1/strike", value)
    assert logged(stage.engine) == []


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_parameters_are_set_and_turned(stage: Stage, parameter: Parameter) -> None:
    target, place = stage.engine.state.target, INDEX[parameter.name]
    value = value_at(parameter, 0.3)
    for address, arguments, wanted in (
        (f"/set/{parameter.name}", (value,), value),
        (f"/turn/{parameter.name}", (0.7,), value_at(parameter, 0.7)),
        (f"/set/{parameter.name}", (-1e6,), parameter.low),
        (f"/turn/{parameter.name}", (2,), parameter.high),
        (f"/set/{parameter.name}", (), parameter.default),
        (f"/turn/{parameter.name}", (0,), parameter.low),
    ):
        stage.say(address, *arguments)
        stage.engine.render(64)
        assert target[place] == pytest.approx(wanted, rel=1e-6), address


@pytest.mark.parametrize(("said", "stakes"), [("virtuoso", 3), ("Gentle", 1), ("off", 0), (2, 2), (1.0, 1), (True, 1)])
def test_stakes_by_number_and_by_word(stage: Stage, said: Argument, stakes: int) -> None:
    stage.say("/stakes", said)
    assert logged(stage.engine) == [(PARAMETER, -1, (INDEX["stakes"], stakes, 0, 0))]
    ((_, address, arguments),) = stage.wrote
    assert (address, arguments) == ("/stakes", (stakes,)) and type(arguments[0]) is int


def test_threads_and_the_heart(stage: Stage) -> None:
    stage.say("/weave/dusk/1", 0.25)
    stage.say("/weave/2/3")
    stage.say("/heart/bpm", 88)
    assert logged(stage.engine) == [
        (BIND, 0, (2, 0.25, 0, 0)),
        (BIND, 1, (2, 0.5, 0, 0)),
        (PARAMETER, -1, (INDEX["heart_bpm"], 88, 0, 0)),
    ]
    assert [(address, arguments) for _, address, arguments in stage.wrote] == [
        ("/weave/1/3", (0.25,)),
        ("/weave/2/3", (0.5,)),
        ("/heart/bpm", (88.0,)),
    ]


def test_every_row_that_may_be_said_is_done(stage: Stage) -> None:
    for row in ROWS:
        if row.is_heard:
            address = row.pattern.format(sphere=1, other=2, finger=1)
            stage.say(address, *("x" if value.tag == "s" else 0.5 for value in row.values))
    assert not stage.weaving.lost
    assert stage.weaving.played == sum(row.is_heard for row in ROWS)


def test_errands(stage: Stage) -> None:
    stage.now_s = 5.0
    stage.say("/show/begin")
    stage.say("/show/begin", 0)
    stage.say("/stage", "bells")
    stage.say("/hello", 9005)
    stage.say("/hello")
    stage.say("/ping", 7, "x")
    stage.say("/sync", 1.0, by=stage.other)
    stage.say("/sync", 0.0)
    peer = stage.peer
    assert stage.errands.asked == [
        ("begin",),
        ("stage", "bells"),
        ("hello", peer, 9005),
        ("hello", peer, 9000),
        ("pong", peer, 7, "x"),
        ("sync", stage.other),
    ]
    assert peer.pinged_s == 5.0 and stage.other.pinged_s is None


def test_an_errand_that_fails_is_counted_and_the_next_message_is_heard(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(stage.errands, "begin_show", fail)
    stage.bundle(("/show/begin",), ("/tap",))
    assert logged(stage.engine) == [(TAP, -1, (0, 0, 0, 0))]
    assert stage.weaving.lost == {"begin failed": 1}


def test_what_was_written_is_told_as_the_feedback_says_it(stage: Stage) -> None:
    stage.say("/sphere/noon/rub", 1.5)
    stage.say("/sphere/2/damp", True)
    stage.say("/turn/wet_db", 1)
    stage.say("/sphere/all/damp", 0.5)
    stage.say("/sphere/2/strike", 0.5)
    assert stage.wrote == [
        (stage.peer, "/sphere/2/rub", (1.0, 0.5, 0.8)),
        (stage.peer, "/sphere/2/damp", (1.0,)),
        (stage.peer, "/turn/wet_db", (1.0,)),
    ]


def test_touches_are_told_and_do_nothing(stage: Stage) -> None:
    stage.say("/sphere/noon/rub/z", 1.0)
    stage.say("/turn/wet_db/z", 0.0)
    assert stage.touched == [(stage.peer, "/sphere/2/rub", True), (stage.peer, "/turn/wet_db", False)]
    assert logged(stage.engine) == [] and not stage.wrote


def test_nonsense_is_counted_by_reason_and_drops_that_message_only(stage: Stage) -> None:
    stage.bundle(
        ("/sphere/9/strike",),
        ("/sphere/1/strike", "hard"),
        ("/sphere/1/light", 1.0),
        ("/sphere/1/strike", None),
        ("/stakes", "mortal"),
        ("/stakes",),
        ("/stage",),
        ("/stage", 3),
        ("/turn/level_db",),
        ("/weave/1/1", 0.5),
        ("/sphere/1/strike", b"1234"),
        ("/sphere/1/strike", 0.5),
    )
    assert [kind for kind, _, _ in logged(stage.engine)] == [STRIKE]
    assert stage.weaving.lost == {
        "unknown address": 3,
        "argument of a wrong kind": 4,
        "unknown word": 1,
        "argument missing": 3,
    }
    assert stage.weaving.played == 1


def test_a_bundle_sounds_in_one_frame(stage: Stage) -> None:
    stage.run(0.0107)
    stage.bundle(*((f"/sphere/{1 + n % 4}/strike", 0.3 + 0.05 * n) for n in range(8)))
    stage.run(0.1)
    done = stage.done()
    assert len(done) == 8 and len({frame for frame, *_ in done}) == 1
    assert [sphere for _, _, sphere, _ in done] == [0, 1, 2, 3, 0, 1, 2, 3]


def test_where_there_is_no_room_it_waits_in_order(stage: Stage) -> None:
    for step in range(BATCH + 300):
        stage.say("/set/level_db", -step / 100)
    assert not stage.weaving.is_full
    stage.run(0.06)
    values = [values[1] for _, _, _, values in stage.done()]
    assert values == pytest.approx([-step / 100 for step in range(BATCH + 300)])
    assert not stage.weaving.lost


def test_a_bundle_that_waits_stays_whole(stage: Stage) -> None:
    for _ in range(BATCH - 100):
        stage.say("/tap")
    stage.bundle(*[("/set/level_db", -1)] * 250)
    stage.run(0.05)
    done = stage.done()
    assert len(done) == BATCH - 100 + 250
    assert len({frame for frame, kind, *_ in done if kind == PARAMETER}) == 1


def test_what_is_small_does_not_overtake_what_is_big(stage: Stage) -> None:
    for _ in range(BATCH - 100):
        stage.say("/tap")
    stage.bundle(*[("/set/level_db", -1)] * 250)
    stage.say("/sphere/1/damp", 0.5)
    stage.run(0.05)
    kinds = [kind for _, kind, *_ in stage.done()]
    assert kinds[-251:] == [PARAMETER] * 250 + [DAMP]


def test_who_brings_too_much_is_asked_to_wait_and_then_loses(stage: Stage) -> None:
    brought = 0
    while not stage.weaving.is_full:
        stage.say("/tap")
        brought += 1
    assert brought == BATCH + FULL
    for _ in range(MOST):
        stage.say("/tap")
    assert stage.weaving.lost == {"too much at once": FULL}  # of MOST more there was room for MOST - FULL
    stage.run(0.2)
    assert not stage.weaving.is_full
    assert len(stage.done()) == BATCH + MOST


def test_who_cannot_be_asked_to_wait_leaves_room_for_those_who_are(stage: Stage) -> None:
    connected = Peer("192.168.1.9", 50001, "websocket")
    for _ in range(BATCH + MOST):
        stage.say("/tap", by=connected)
    assert stage.weaving.lost == {"too much at once": MOST - FULL}
    stage.weaving.tick(stage.now_s)
    stage.engine.render(64)
    stage.weaving.tick(stage.now_s)
    assert not stage.weaving.is_full


def test_panic_gets_through_and_nothing_sounds_after_it(stage: Stage) -> None:
    for _ in range(BATCH + MOST + 10):
        stage.say("/sphere/1/rub", 1.0, 1.0)
    stage.say("/panic")
    heard = stage.run(0.3)
    assert stage.done()[0][1] == PANIC
    assert level_db(heard[9600:]) < -100.0 and not stage.weaving.is_full
    assert stage.engine.state.touch.pressure_target[0] == 0.0


def test_a_panic_with_nothing_before_it_is_one(stage: Stage) -> None:
    stage.say("/sphere/1/strike", 1.0)
    stage.run(0.1)
    stage.done()
    stage.say("/panic", 0)
    stage.say("/panic")
    heard = stage.run(0.5)
    assert [kind for _, kind, *_ in stage.done()] == [PANIC]
    assert level_db(heard[-4800:]) < -100.0


def test_a_rub_and_a_panic_in_one_bundle_are_silence(stage: Stage) -> None:
    stage.bundle(("/sphere/1/rub", 1.0, 1.0), ("/set/level_db", -3), ("/panic",))
    heard = stage.run(0.3)
    assert level_db(heard[9600:]) < -100.0
    assert stage.engine.state.target[INDEX["level_db"]] == -3.0


def test_another_set_has_other_addresses(stage: Stage) -> None:
    stage.say("/sphere/4/damp", 1)
    stage.say("/sphere/1/damp", 1)
    stage.run(0.04)
    assert stage.engine.change_set(spheres(sphere(name="Only")))
    stage.run(0.2)
    stage.engine.notices()
    stage.done()
    stage.say("/sphere/only/strike")
    stage.say("/sphere/4/strike")
    stage.weaving.let_go(stage.peer)
    stage.run(0.04)
    assert [(kind, which) for _, kind, which, _ in stage.done()] == [(STRIKE, 0), (DAMP, 0)]
    assert stage.weaving.lost == {"unknown address": 1}
    assert [address for address, _ in stage.weaving.space.nodes() if address.endswith("/rub")] == ["/sphere/1/rub"]


def test_hush_lets_all_hands_off(stage: Stage) -> None:
    stage.say("/sphere/1/rub", 0.5)
    stage.say("/hush")
    stage.run(0.04)
    stage.weaving.let_go(stage.peer)
    stage.run(0.04)
    assert [kind for _, kind, *_ in stage.done()] == [RUB, HUSH]


def test_gestures_to_all_are_bounded_by_how_many_spheres_they_reach(stage: Stage) -> None:
    """Each costs the sound as many gestures as there are spheres."""
    for _ in range(2000):
        stage.say("/sphere/all/strike", 0.5)
        stage.engine.render(64)  # so that there is room in the ring
    done = len(stage.done())
    assert REACH_AT_ONCE / 4 == done and stage.weaving.lost == {"too much at once": 2000 - done}
    stage.say("/sphere/1/strike", 0.5)
    stage.run(0.01)
    stage.say("/panic")
    stage.run(0.1)
    stage.say("/sphere/all/damp", 1.0)
    stage.run(0.01)
    assert [kind for _, kind, *_ in stage.done()] == [STRIKE, PANIC, DAMP]
