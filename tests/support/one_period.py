"""The distance from a note to its sound on the JACK host, which is a promise: one period, to the frame."""

from __future__ import annotations

from weaver.bench.note_to_sound import Latency, measure
from weaver.engine.engine import Engine
from weaver.model.errors import DeviceError

NOTE = 50
"""Strikes the third sphere in pads mode."""
ATTEMPTS = 5


def exactly_one_period(engine: Engine, notes: int, period: int, rate: int, port: str = "midi_in") -> Latency:
    """Measure until the machine has kept every deadline; a lost period says nothing about the host.

    With a period a release may be lost, so that a sphere rings on and the probe waits for silence in vain; and the host
    may be quicker than the next probe to connect it again. Where no period was lost, such a failure is one.
    """
    latency, disturbed, failure = None, False, None
    for _ in range(ATTEMPTS):
        before = int(engine.state.counters.underflows)
        try:
            latency = measure(
                f"weaver:{port}",
                "weaver:out_1",
                notes,
                key=NOTE,
                gap_s=0.1,
                spread_s=0.05,
                hold_s=0.05,
                release_s=0.02,
                quiet_s=0.005,
                rate_hz=rate,
            )
        except DeviceError as error:
            failure = error
        disturbed |= int(engine.state.counters.underflows) > before
        if latency is not None and latency.xruns == 0:
            break
        if latency is None and not disturbed and failure is not None:
            raise failure
        engine.panic()
    if latency is None:
        assert failure is not None
        raise failure
    assert latency == Latency(
        n=notes, median_frames=period, max_frames=period, std_frames=0.0, xruns=latency.xruns, misses=0
    )
    return latency
