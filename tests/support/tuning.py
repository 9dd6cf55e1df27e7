"""MIDI's tuning messages, as a DAW sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from weaver.model.units import hz_to_note

EVERYBODY = 0x7F
NAME = b"Sixteen letters."
ALL_CHANNELS = (0x03, 0x7F, 0x7F)


def word(hz: float) -> bytes:
    """Three bytes of a frequency."""
    steps = round(hz_to_note(hz) * 16384)
    return bytes((steps >> 14, steps >> 7 & 0x7F, steps & 0x7F))


def single(notes: Mapping[int, float | bytes], real_time: bool = True, bank: int | None = None) -> bytes:
    """Some notes in hertz, or as words."""
    told = b"".join(bytes((note,)) + (hz if isinstance(hz, bytes) else word(hz)) for note, hz in notes.items())
    form = (0x02, 0) if bank is None else (0x07, bank, 0)
    return bytes((0xF0, 0x7F if real_time else 0x7E, EVERYBODY, 0x08, *form, len(notes))) + told + b"\xf7"


def bulk(words: Sequence[bytes], bank: int | None = None, checksum: int | None = None) -> bytes:
    """All notes, with the checksum that the standard means, or another one."""
    form = (0x01, 5) if bank is None else (0x04, bank, 5)
    body = bytes((0x7E, EVERYBODY, 0x08, *form)) + NAME + b"".join(words)
    check = reduce(int.__xor__, body) & 0x7F if checksum is None else checksum
    return b"\xf0" + body + bytes((check, 0xF7))


def octave(
    steps: Sequence[int], wide: bool = False, real_time: bool = True, mask: Sequence[int] = ALL_CHANNELS
) -> bytes:
    """The twelve of every octave, in cents + 64, or in 8192ths of a semitone + 8192."""
    told = b"".join(bytes((step >> 7, step & 0x7F)) if wide else bytes((step,)) for step in steps)
    head = bytes((0xF0, 0x7F if real_time else 0x7E, EVERYBODY, 0x08, 0x09 if wide else 0x08, *mask))
    return head + told + b"\xf7"


def octave_dump(steps: Sequence[int], wide: bool = False) -> bytes:
    """The same as a dump."""
    told = b"".join(bytes((step >> 7, step & 0x7F)) if wide else bytes((step,)) for step in steps)
    return bytes((0xF0, 0x7E, EVERYBODY, 0x08, 0x06 if wide else 0x05, 1, 2)) + NAME + told + b"\x00\xf7"
