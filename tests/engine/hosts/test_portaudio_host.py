"""The PortAudio host on ALSA outputs that play into nothing: its wiring, not its timing."""

from __future__ import annotations

import time
from collections.abc import Callable

import jack
import pytest
from support.eventually import eventually
from support.jack import JackServer

from weaver.engine.engine import Engine
from weaver.engine.hosts import supervised
from weaver.engine.hosts.base import Host
from weaver.engine.hosts.portaudio_devices import Output, load_portaudio, refusal, rescan
from weaver.engine.hosts.portaudio_host import PortAudioLine, _rate_for
from weaver.model.errors import DeviceError

pytestmark = pytest.mark.usefixtures("null_outputs")


def test_a_stream_runs_in_the_asked_way(opened: Callable[..., Host], make_engine: Callable[..., Engine]) -> None:
    host, engine = opened("portaudio", device="weavernull", rate=96_000, block=32), make_engine(48_000.0)
    host.start(engine)
    assert engine.sample_rate == 96_000.0
    assert eventually(lambda: engine.state.counters.blocks > 100)
    status = host.status()
    assert (status.name, status.device, status.running) == ("portaudio", "weavernull (ALSA)", True)
    assert (status.sample_rate, status.block_frames, status.note) == (96_000.0, 32, "")
    assert status.latency_s > 0.0 and 0.0 <= status.load <= 1.0
    assert abs(float(engine.state.host_time_s) - time.monotonic()) < 10.0, "on the clock of time.monotonic()"
    host.stop()
    host.stop()
    frame = int(engine.state.frame)
    assert frame % 32 == 0 and not host.status().running
    assert not eventually(lambda: engine.state.frame != frame, give_up_s=0.05)


def test_a_lost_device_is_waited_for(
    opened: Callable[..., Host], make_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervised, "RETRY_S", 0.2)
    host, engine = opened("portaudio", device="weavernull_b"), make_engine()
    host.start(engine)
    assert eventually(lambda: engine.state.frame > 0)
    host._line._stream.abort()  # as a driver does whose device was pulled out
    assert eventually(lambda: not host.status().running)
    assert "weavernull_b (ALSA) has gone; waiting" in host.status().note
    assert eventually(lambda: host.status().running)
    assert "is back" in host.status().note
    blocks = int(engine.state.counters.blocks)
    assert eventually(lambda: engine.state.counters.blocks > blocks + 10)


def test_a_name_that_fits_none_or_several_lists_the_candidates(opened: Callable[..., Host]) -> None:
    with pytest.raises(DeviceError, match=r"several.*\n  \d+: weavernull \(ALSA\), .*48000.*/\d+ channels\n.*null_b"):
        opened("portaudio", device="weaver")
    with pytest.raises(DeviceError, match=r"(?s)no output.*weavernull \(ALSA\).*weavernull_b"):
        opened("auto", device="theremin")
    assert opened("portaudio", device="weavernull").device == "weavernull (ALSA)", "exact before partial"
    assert opened("portaudio", device="NULL_B").device == "weavernull_b (ALSA)"


def test_portaudio_is_no_client_of_jack(jackd: JackServer) -> None:
    """It would abort the process when it closes after the server's death."""
    rescan()
    assert "ALSA" in {api["name"] for api in load_portaudio().query_hostapis()}
    client = jack.Client("watcher", no_start_server=True)
    try:
        assert not client.get_ports("PortAudio")
        assert not any("JACK" in api["name"] for api in load_portaudio().query_hostapis())
    finally:
        client.close()


def test_a_refusal_says_what_is_offered() -> None:
    gone = Output(index=999, name="Gone", api="ALSA", channels=2, default_rate_hz=48_000.0)
    assert refusal(gone, 48_000.0)
    with pytest.raises(DeviceError, match=r"Gone refuses 96000 Hz.*it offers no usual rate"):
        _rate_for(gone, 96_000.0)
    with pytest.raises(DeviceError, match="Gone cannot be opened"):
        _rate_for(gone, None)
    with pytest.raises(DeviceError, match="Gone refuses 48000 Hz in blocks of 64 frames"):
        PortAudioLine(gone, 48_000.0, 64)
