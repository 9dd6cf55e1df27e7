"""Programs of other people play the instrument, and are told what it does: over UDP, over TCP as each frames it, in
bundles, and in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pyliblo3
import pytest
from support.jack import environment
from support.osc_peers import (
    LibloTools,
    NodeOsc,
    OscJs,
    OscJsTcp,
    OscPeer,
    PureData,
    PyLiblo,
    PythonOsc,
    SuperCollider,
)
from support.tablet_stage import listens_at, wishes
from support.twins.stage import LIT, Stage, on_stage

from weaver.model.gestures import STRIKE

UDP_PEERS = (NodeOsc, OscJs, PureData, PyLiblo, PythonOsc, SuperCollider)
COBALT, AZURE = 5, 8
DUE_S, NOT_BEFORE_S = 0.4, 0.3
"""When a bundle is due, within what the instrument honours; sclang is told to say it a moment before."""


@pytest.fixture(scope="module")
def module_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with environment(WEAVER_DATA=str(tmp_path_factory.mktemp("data"))), on_stage(wishes(stakes="off")) as made:
        yield made


@pytest.fixture
def stage(module_stage: Stage) -> Stage:
    module_stage.hush()
    return module_stage


def is_answered(stage: Stage, peer: OscPeer) -> bool:
    """Whether its ping comes back with what came with it."""
    peer.send("/ping", 7)
    return stage.until(lambda: peer.heard("/pong") == [[7]])


@pytest.mark.parametrize("make", UDP_PEERS, ids=lambda make: make.__name__)
def test_it_plays_and_is_told(make: Callable[[tuple[str, int]], OscPeer], stage: Stage) -> None:
    with make(listens_at(stage)) as peer:
        peer.send("/hello", peer.port)
        plays_and_is_told(stage, peer)


def test_liblo_plays_from_any_port_and_is_told_at_the_usual_one(stage: Stage) -> None:
    with LibloTools(listens_at(stage), port=stage.instrument.wishes.reply_port) as peer:
        plays_and_is_told(stage, peer)


def plays_and_is_told(stage: Stage, peer: OscPeer) -> None:
    assert is_answered(stage, peer)
    assert stage.until(lambda: peer.heard(f"/sphere/{AZURE}/name") == [["Azure"]])
    assert stage.struck_by(lambda: peer.send("/sphere/azure/strike", 0.9)) == AZURE - 1
    assert stage.until(lambda: peer.heard(f"/sphere/{AZURE}/played"))
    assert stage.until(lambda: any(light > LIT for (light,) in peer.heard(f"/sphere/{AZURE}/light")))
    peer.send(f"/sphere/{COBALT}/bend", 50)
    assert stage.until(lambda: stage.state.sphere.bend[COBALT - 1] == 50.0)
    peer.send(f"/sphere/{COBALT}/bend", 0.0)
    assert stage.until(lambda: stage.state.sphere.bend[COBALT - 1] == 0.0)


@pytest.mark.parametrize("make", [NodeOsc, OscJs, LibloTools], ids=lambda make: make.__name__)
def test_true_is_as_good_as_one(make: Callable[[tuple[str, int]], OscPeer], stage: Stage) -> None:
    with make(listens_at(stage)) as peer:
        assert stage.struck_by(lambda: peer.send(f"/sphere/{AZURE}/strike", True)) == AZURE - 1


@pytest.mark.parametrize("make", [PyLiblo, PythonOsc, OscJs, SuperCollider], ids=lambda make: make.__name__)
def test_it_is_told_at_the_port_it_speaks_from(make: Callable[[tuple[str, int]], OscPeer], stage: Stage) -> None:
    with make(listens_at(stage)) as peer:
        peer.send("/hello", 0)
        assert is_answered(stage, peer)


def test_liblo_plays_over_tcp(stage: Stage) -> None:
    with LibloTools(listens_at(stage), "osc.tcp") as peer:
        assert stage.struck_by(lambda: peer.send(f"/sphere/{AZURE}/strike", 0.9)) == AZURE - 1


def by_liblo(to: tuple[str, int]) -> OscPeer:
    return PyLiblo(to, pyliblo3.TCP)


@pytest.mark.parametrize("make", [by_liblo, OscJsTcp], ids=["size", "SLIP"])
def test_a_connection_is_answered_by_itself_and_lets_go_when_it_is_closed(
    make: Callable[[tuple[str, int]], OscPeer], stage: Stage
) -> None:
    with make(listens_at(stage)) as peer:
        assert is_answered(stage, peer)
        assert stage.struck_by(lambda: peer.send(f"/sphere/{AZURE}/strike", 0.9)) == AZURE - 1
        assert stage.until(lambda: peer.heard(f"/sphere/{AZURE}/played"))
        peer.send(f"/sphere/{AZURE}/damp", 1.0)
        assert stage.until(lambda: stage.state.sphere.damping_target[AZURE - 1] == 1.0)
    assert stage.until(lambda: stage.state.sphere.damping_target[AZURE - 1] == 0.0)


def test_sclang_strikes_in_time(stage: Stage) -> None:
    with SuperCollider(listens_at(stage)) as sclang:
        said_s = time.monotonic()
        assert stage.struck_by(lambda: sclang.send_later(DUE_S, f"/sphere/{AZURE}/strike", 0.9)) == AZURE - 1
        assert time.monotonic() - said_s > NOT_BEFORE_S


@pytest.mark.parametrize("in_s", [None, DUE_S])
def test_a_bundle_sounds_all_at_once(in_s: float | None, stage: Stage) -> None:
    with PyLiblo(listens_at(stage)) as peer:
        engine = stage.instrument.engine
        engine.keep_log()
        strikes = [(f"/sphere/{sphere}/strike", 0.9) for sphere in range(1, 9)]
        peer.send_together(*strikes, in_s=in_s)
        assert stage.until(lambda: stage.lights().min() > LIT)
        frames = {int(c["frame"]) for part in engine.log() for c in part.commands if c["kind"] == STRIKE}
        assert len(frames) == 1


def test_a_bundle_of_nodes_is_whole(stage: Stage) -> None:
    with OscJs(listens_at(stage)) as peer:
        peer.send_together(*([f"/sphere/{sphere}/strike", 0.9] for sphere in range(1, 9)))
        assert stage.until(lambda: stage.lights().min() > LIT)
