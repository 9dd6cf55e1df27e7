"""The PortAudio host: a stereo stream to one output device, whose callback is native."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import numpy as np

from weaver.engine.engine import Engine
from weaver.engine.hosts.base import AbsentError
from weaver.engine.hosts.heart import address_of
from weaver.engine.hosts.portaudio_callback import STREAM, callback
from weaver.engine.hosts.portaudio_devices import (
    CHANNELS,
    SAMPLE_FORMAT,
    USUAL_RATES_HZ,
    Output,
    accepts,
    best_output,
    find_output,
    list_outputs,
    load_portaudio,
    rates_text,
    refusal,
    rescan,
)
from weaver.engine.hosts.supervised import SupervisedHost, clock_offset_s
from weaver.model.errors import DeviceError
from weaver.model.sample_rates import SAMPLE_RATES_HZ

DEFAULT_BLOCK_FRAMES = 128
STALLED_S = 3.0
"""A stream that asks for no block for so long has lost its device, whatever its driver says."""
CLOCK_LOOK_S = 1.0


def open_portaudio(device: str | None, rate: float | None, block: int | None) -> SupervisedHost:
    """Open an output, which need not be the system's default.

    Raises AbsentError without PortAudio or any output, DeviceError for a name that does not single one out, or a
    rate or block that it refuses.
    """
    load_portaudio()
    first = find_output(device) if device is not None else best_output()
    rate_hz = _rate_for(first, rate)

    def open_line(preferred: float | None) -> PortAudioLine:
        if preferred is None:
            return PortAudioLine(first, rate_hz, block or DEFAULT_BLOCK_FRAMES)
        rescan()
        again = _same(first)
        kept = preferred if accepts(again, preferred) else _rate_for(again, None)
        return PortAudioLine(again, kept, block or DEFAULT_BLOCK_FRAMES)

    return SupervisedHost("portaudio", open_line)


def _rate_for(output: Output, asked: float | None) -> float:
    """The rate asked for, or the device's own, or any usual one. Raises DeviceError that says what it offers."""
    if asked is not None:
        if reason := refusal(output, asked):
            raise DeviceError(f"{output.name} refuses {asked:g} Hz ({reason}); it offers {rates_text(output)}")
        return float(asked)
    low, high = SAMPLE_RATES_HZ
    for rate_hz in (output.default_rate_hz, *USUAL_RATES_HZ):
        if low <= rate_hz <= high and accepts(output, rate_hz):
            return rate_hz
    raise DeviceError(f"{output.name} cannot be opened: {refusal(output, output.default_rate_hz)}")


def _same(output: Output) -> Output:
    """The same device as found now; its index may have changed. Raises AbsentError while it is away."""
    for found in list_outputs():
        if (found.name, found.api) == (output.name, output.api):
            return found
    raise AbsentError(f"{output.name} is away")


class PortAudioLine:
    """One open stream."""

    def __init__(self, output: Output, rate_hz: float, block: int) -> None:
        """Open it, without playing yet. Raises DeviceError."""
        portaudio: Any = load_portaudio()
        self._errors = portaudio.PortAudioError
        self._record = np.zeros(1, STREAM).view(np.recarray)[0]
        cast = portaudio._ffi.cast
        try:
            self._stream = portaudio._StreamBase(
                kind="output",
                samplerate=rate_hz,
                blocksize=block,
                device=output.index,
                channels=CHANNELS,
                dtype=SAMPLE_FORMAT,
                latency="low",
                callback=cast("PaStreamCallback*", callback().address),
                userdata=cast("void*", address_of(self._record)),
            )
        except self._errors as error:
            raise DeviceError(
                f"{output.name} refuses {rate_hz:g} Hz in blocks of {block} frames ({error}); "
                f"it offers {rates_text(output)}"
            ) from error
        self.device = f"{output.name} ({output.api})"
        self.sample_rate = rate_hz
        self.block_frames = block
        self.latency_s = float(self._stream.latency)
        self.load = 0.0
        self._engine: Engine | None = None
        self._blocks, self._moved_s, self._next_clock_s = -1, 0.0, 0.0

    def run(self, engine: Engine) -> None:
        """Play. Raises DeviceError."""
        self._engine, self._record.state = engine, address_of(engine.state)
        self._moved_s = time.monotonic()
        self.tend()
        try:
            self._stream.start()
        except self._errors as error:
            raise DeviceError(f"{self.device}: {error}") from error

    def trouble(self) -> str:
        """Whether the stream has ended or stands still."""
        blocks, now_s = int(self._engine.state.counters.blocks) if self._engine else 0, time.monotonic()
        if blocks != self._blocks:
            self._blocks, self._moved_s = blocks, now_s
        try:
            active = self._stream.active
        except self._errors:
            active = False
        return "" if active and now_s - self._moved_s < STALLED_S else f"{self.device} has gone"

    def tend(self) -> None:
        """Keep the load, and the callback's idea of how the stream's clock and ours compare."""
        self.load = float(self._stream.cpu_load)
        if time.monotonic() >= self._next_clock_s:
            with suppress(self._errors):  # a stream that has just failed has no time
                self._record.clock_offset_s = clock_offset_s(lambda: float(self._stream.time))
            self._next_clock_s = time.monotonic() + CLOCK_LOOK_S

    def close(self) -> None:
        """End the stream; PortAudio has ended its thread when this returns, so that the record may go."""
        self._stream.close(ignore_errors=True)
