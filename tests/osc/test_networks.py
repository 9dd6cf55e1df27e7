"""The networks that tests are made on: bad ones are as bad as they say, machines of namespaces are apart."""

from __future__ import annotations

import os
import socket

import pytest
from support.bad_network import BadNetwork
from support.namespaces import HERE, THERE, inside, lan
from support.osc_peers.peer import free_port

PACKETS = 200


def bound(host: str, port: int = 0) -> socket.socket:
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind((host, port))
    end.settimeout(10)
    return end


def all_of(end: socket.socket, pause_s: float = 0.15) -> list[int]:
    end.settimeout(pause_s)
    found = []
    while True:
        try:
            found.append(int.from_bytes(end.recv(100)))
        except TimeoutError:
            return found


@pytest.mark.parametrize("outward", [True, False])
def test_a_bad_network_loses_and_reorders(outward: bool) -> None:
    port = free_port()
    with (
        bound("127.0.0.1") as instrument,
        bound("127.0.0.7", port) as tablet,
        BadNetwork(instrument.getsockname(), "127.0.0.8", "127.0.0.7", port, 0.2, 0.0, 0.08) as network,
    ):
        for number in range(PACKETS):
            if outward:
                tablet.sendto(number.to_bytes(4), ("127.0.0.8", network.port))
            else:
                instrument.sendto(number.to_bytes(4), ("127.0.0.8", port))
        heard = all_of(instrument if outward else tablet)
    assert 0.7 * PACKETS < len(heard) < 0.9 * PACKETS
    assert heard != sorted(heard) and len(set(heard)) == len(heard)
    assert network.counts["lost"] == PACKETS - len(heard) and network.counts["overtaken"]


def test_the_instrument_sees_one_host_that_it_can_answer() -> None:
    port = free_port()
    with bound("127.0.0.1") as instrument, bound("127.0.0.7", port) as tablet:
        with BadNetwork(instrument.getsockname(), "127.0.0.8", "127.0.0.7", port) as network:
            tablet.sendto(b"ping", ("127.0.0.8", network.port))
            packet, (host, _) = instrument.recvfrom(100)
            instrument.sendto(packet, (host, port))
            assert tablet.recv(100) == b"ping"


def test_machines_of_namespaces_are_apart() -> None:
    with lan() as made:
        with inside(made.here):
            instrument = bound(HERE)
        with instrument, made.socket_there() as tablet:
            tablet.bind((THERE[1], 0))
            tablet.sendto(b"ping", instrument.getsockname())
            assert instrument.recvfrom(100) == (b"ping", tablet.getsockname())
        with pytest.raises(OSError), inside(made.there), socket.create_server((HERE, 0)):
            pass
    assert not (set(os.listdir("/run/netns")) & {made.here, made.there})
