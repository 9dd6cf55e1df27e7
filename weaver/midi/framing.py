"""Cuts what a driver hands over into whole MIDI messages.

One packet may hold several messages (CoreMIDI), lean on the status byte of the packet before (ALSA's
decoder), or be a piece of a long SysEx; clock bytes may stand inside any of them (MIDI 1.0 Detailed
Specification, "Data Types").
"""

from __future__ import annotations

from collections import Counter

_SYSEX, _SYSEX_END, _FIRST_REALTIME = 0xF0, 0xF7, 0xF8
_SYSTEM_DATA_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0}
_TWO_BYTE = (0xC0, 0xD0)
MAX_SYSEX_BYTES = 1 << 16
"""Far above a bulk tuning dump (408 bytes): a SysEx that never ends must not fill the memory."""


class Framer:
    """Bytes of one input in, whole messages out. `lost` counts, by reason, what never became one."""

    def __init__(self, lost: Counter[str]) -> None:
        self.lost = lost
        self._pending = bytearray()
        self._data_bytes = 0
        self._running = 0

    def feed(self, packet: bytes) -> list[bytes]:
        """The messages that this packet completes, in order. Raises nothing."""
        whole: list[bytes] = []
        for byte in packet:
            if byte >= _FIRST_REALTIME:
                whole.append(bytes((byte,)))
            elif byte >= 0x80:
                self._status(byte, whole)
            else:
                self._data(byte, whole)
        return whole

    def _status(self, status: int, whole: list[bytes]) -> None:
        if status == _SYSEX_END and self._pending[:1] == bytes((_SYSEX,)):
            self._pending.append(status)
            self._finish(whole)
            return
        if self._pending:
            self.lost["cut short"] += 1
            self._pending.clear()
        self._running = status if status < _SYSEX else 0
        if status < _SYSEX:
            self._begin(status, 1 if status & 0xF0 in _TWO_BYTE else 2)
        elif status == _SYSEX:
            self._begin(status, MAX_SYSEX_BYTES)
        elif (data_bytes := _SYSTEM_DATA_BYTES.get(status)) is not None:
            self._begin(status, data_bytes)
            if not data_bytes:
                self._finish(whole)
        else:
            self.lost["undefined status"] += 1

    def _data(self, byte: int, whole: list[bytes]) -> None:
        if not self._pending:
            if not self._running:
                self.lost["data without status"] += 1
                return
            self._begin(self._running, 1 if self._running & 0xF0 in _TWO_BYTE else 2)
        self._pending.append(byte)
        if len(self._pending) <= self._data_bytes:
            return
        if self._pending[0] == _SYSEX:
            self.lost["endless SysEx"] += 1
            self._pending.clear()
        else:
            self._finish(whole)

    def _begin(self, status: int, data_bytes: int) -> None:
        self._pending.append(status)
        self._data_bytes = data_bytes

    def _finish(self, whole: list[bytes]) -> None:
        whole.append(bytes(self._pending))
        self._pending.clear()
