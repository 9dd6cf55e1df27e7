"""Packets in a stream: how OSC goes over TCP.

There are two ways, and a peer does not say which it has: every packet after its length as a big-endian int32 (OSC 1.0),
or between two END bytes, with those within it escaped (OSC 1.1, which takes RFC 1055, SLIP, with an END at both ends).
The first byte tells: a length that we would take begins with 0, SLIP with END or, where a peer leaves out the first
one, with what a packet begins with. A peer is answered in its own way.
"""

from __future__ import annotations

import struct
from typing import Literal

from weaver.model.errors import ProtocolError
from weaver.model.osc_packet import MAX_PACKET_BYTES

Way = Literal["size", "slip"]

_SIZE = struct.Struct(">I")
_END, _ESCAPE = b"\xc0", b"\xdb"
_ESCAPED_END, _ESCAPED_ESCAPE = b"\xdb\xdc", b"\xdb\xdd"
_WAYS: dict[int, Way] = {0x00: "size", 0xC0: "slip", ord("/"): "slip", ord("#"): "slip"}


class Framing:
    """One direction in, one out, of one connection. What waits in it is never more than a packet's worth."""

    def __init__(self) -> None:
        self.way: Way | None = None
        """None until the peer has said something."""
        self._waiting = bytearray()

    @property
    def is_begun(self) -> bool:
        """Whether a packet has begun to come, and has not ended."""
        return bool(self._waiting)

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that are whole with these bytes, in order; what they hold is not looked at.

        Raises ProtocolError for what no packet may come out of any more: the connection is of no use then.
        """
        if not data:
            return []
        if self.way is None:
            self.way = _WAYS.get(data[0])
            if self.way is None:
                raise ProtocolError("neither size nor SLIP")
        self._waiting += data
        return self._sized() if self.way == "size" else self._slipped()

    def frame(self, packet: bytes) -> bytes:
        """A packet as it goes into the stream: as the peer does it, after its length if it has said nothing yet."""
        if self.way != "slip":
            return _SIZE.pack(len(packet)) + packet
        return _END + packet.replace(_ESCAPE, _ESCAPED_ESCAPE).replace(_END, _ESCAPED_END) + _END

    def _sized(self) -> list[bytes]:
        waiting, packets, at = self._waiting, [], 0
        while at + _SIZE.size <= len(waiting):
            size: int = _SIZE.unpack_from(waiting, at)[0]
            if not 0 < size <= MAX_PACKET_BYTES:
                raise ProtocolError("bad size of a frame")
            end = at + _SIZE.size + size
            if end > len(waiting):
                break
            packets.append(bytes(waiting[at + _SIZE.size : end]))
            at = end
        del waiting[:at]
        return packets

    def _slipped(self) -> list[bytes]:
        """One END is enough between two packets. A wrong escape is left as it is, as RFC 1055 would have it."""
        *whole, rest = bytes(self._waiting).split(_END)
        if len(rest) > 2 * MAX_PACKET_BYTES:
            raise ProtocolError("frame without end")
        self._waiting = bytearray(rest)
        return [
            packet.replace(_ESCAPED_END, _END).replace(_ESCAPED_ESCAPE, _ESCAPE) if _ESCAPE in packet else packet
            for packet in whole
            if packet
        ]
