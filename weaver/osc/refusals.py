"""Whether anybody listens where we send to: UDP does not say, but Linux can be asked what came back by ICMP.

With IP_RECVERR a socket keeps an error for each packet that was refused, together with the address that it was sent to
(ip(7)). Elsewhere nothing is learnt.
"""

from __future__ import annotations

import socket
import sys

_IP_RECVERR = 11
"""linux/in.h; Python has no name for it before 3.14."""
_ROOM_BYTES = 512
_AT_MOST = 64


def expect_refusals(sender: socket.socket) -> None:
    """Have the system keep what is refused. Afterwards an error may be raised by whatever is next done with `sender`,
    for whomever."""
    if sys.platform == "linux":
        sender.setsockopt(socket.SOL_IP, _IP_RECVERR, 1)


def refusals(sender: socket.socket) -> list[tuple[str, int]]:
    """(host, port) of packets that did not arrive, as far as it is known; as long as there are any, a selector takes
    the socket for readable."""
    found: list[tuple[str, int]] = []
    if sys.platform == "linux":
        try:
            while len(found) < _AT_MOST:
                address = sender.recvmsg(0, _ROOM_BYTES, socket.MSG_ERRQUEUE)[3]
                found.append((address[0], address[1]))
        except (OSError, IndexError, TypeError):  # no more
            pass
    return found
