"""Messages and patterns of bytes as they stand in files: two hexadecimal digits each, "??" for any byte."""

from __future__ import annotations

import re

from weaver.mapping.talk import ANY, Bytes
from weaver.model.errors import ConfigError

SYSEX, SYSEX_END, FIRST_STATUS = 0xF0, 0xF7, 0x80
MOST_BYTES = 1024

_BYTE = re.compile(r"[0-9a-fA-F]{2}")
_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
"""Bytes of a channel message, by its status."""


def parse_pattern(text: str, where: str) -> Bytes:
    """A pattern: how a message, or part of one, begins. Raises ConfigError."""
    words = text.split()
    if not 0 < len(words) <= MOST_BYTES:
        raise ConfigError(where, f"1 to {MOST_BYTES} bytes in hexadecimal, such as F0 7E ?? 06", repr(text[:40]))
    return tuple(ANY if word == "??" else _byte(word, where, "or ??") for word in words)


def parse_message(text: str, where: str) -> bytes:
    """One whole MIDI message. Raises ConfigError: SysEx ends as it should, others have their length."""
    data = bytes(_byte(word, where) for word in text.split()[: MOST_BYTES + 1])
    if not data or data[0] < FIRST_STATUS or len(data) > MOST_BYTES:
        raise ConfigError(where, f"a MIDI message of at most {MOST_BYTES} bytes, such as B0 7F 01", repr(text[:40]))
    if data[0] == SYSEX:
        if data[-1] != SYSEX_END or len(data) == 1:
            raise ConfigError(where, "a SysEx message, from F0 to F7", f"its end {data[-1]:02X}")
        inner = data[1:-1]
    else:
        length = _LENGTHS.get(data[0] & 0xF0, 0)
        if len(data) != length:
            raise ConfigError(where, f"{length or 'no'} bytes for a message {data[0]:02X}", f"{len(data)}")
        inner = data[1:]
    _check_data(inner, where)
    return data


def parse_header(text: str, where: str) -> Bytes:
    """How SysEx messages begin: F0, and bytes of data. Raises ConfigError."""
    data = bytes(_byte(word, where) for word in text.split()[: MOST_BYTES + 1])
    if not data or data[0] != SYSEX:
        raise ConfigError(where, "the beginning of a SysEx message, F0 and more", repr(text[:40]))
    _check_data(data[1:], where)
    return tuple(data)


def _byte(word: str, where: str, beside: str = "") -> int:
    if not _BYTE.fullmatch(word):
        raise ConfigError(where, f"bytes of two hexadecimal digits {beside}".rstrip(), repr(word[:40]))
    return int(word, 16)


def _check_data(inner: bytes, where: str) -> None:
    for value in inner:
        if value >= FIRST_STATUS:
            raise ConfigError(where, "bytes of data from 00 to 7F", f"{value:02X}")
