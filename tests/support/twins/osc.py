"""As much of OSC as monomes speak: an address, and integers, floats and strings."""

from __future__ import annotations

import struct

Value = int | float | str


def _padded(text: str) -> bytes:
    raw = text.encode("ascii") + b"\0"
    return raw + bytes(-len(raw) % 4)


def pack(address: str, *values: Value) -> bytes:
    """A message."""
    tags, data = ",", b""
    for value in values:
        if isinstance(value, str):
            tags, data = tags + "s", data + _padded(value)
        elif isinstance(value, float):
            tags, data = tags + "f", data + struct.pack(">f", value)
        else:
            tags, data = tags + "i", data + struct.pack(">i", value)
    return _padded(address) + _padded(tags) + data


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(b"\0", at)
    return data[at:end].decode("ascii"), end + 4 - end % 4


def unpack(data: bytes) -> tuple[str, list[Value]]:
    """An address and its values. Raises ValueError for what is no such message."""
    try:
        address, at = _text(data, 0)
        tags, at = _text(data, at)
        values: list[Value] = []
        for tag in tags[1:]:
            if tag == "s":
                text, at = _text(data, at)
                values.append(text)
            elif tag in "if":
                values += struct.unpack_from(">" + tag, data, at)
                at += 4
            else:
                raise ValueError(f"OSC type {tag!r}")
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise ValueError(f"no OSC message: {data!r}") from error
    if not address.startswith("/") or not tags.startswith(","):
        raise ValueError(f"no OSC message: {data!r}")
    return address, values
