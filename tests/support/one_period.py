"""The distance from a note to its sound on the JACK host, which is a promise: one period, to the frame."""

from __future__ import annotations

from weaver.bench.note_to_sound import Latency, measure

NOTE = 50
"""Strikes the third sphere in pads mode."""


def exactly_one_period(notes: int, period: int, rate: int, port: str = "midi_in") -> Latency:
    """Measure until the machine has kept every deadline; a lost period says nothing about the host."""
    for _ in range(5):
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
        if latency.xruns == 0:
            break
    assert latency == Latency(
        n=notes, median_frames=period, max_frames=period, std_frames=0.0, xruns=latency.xruns, misses=0
    )
    return latency
