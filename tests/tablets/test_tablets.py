"""Tablets as they are wired: what their errands may be."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from support.eventually import eventually
from support.speaking import four

from weaver.model.osc_packet import encode
from weaver.osc.udp import LOOPBACK
from weaver.tablets.tablets import Reach, Tablets


@pytest.fixture
def tablets() -> Iterator[Tablets]:
    reach = Reach(port=0, query_port=0, is_announced=False)
    made = Tablets(four(), reach, lambda time_s: 0, lambda time_s: 0, lambda: None)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("file", ["/etc/passwd", "../x", "~/.profile", "x.toml", "/dev/zero", "x" * 65])
def test_a_peer_gets_sets_by_name_and_no_files(tablets: Tablets, file: str) -> None:
    host, _, port = tablets.view().addresses[0].rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        for name in ("bowls", file):
            peer.sendto(encode("/stage", name), (host, int(port)))
    assert host == LOOPBACK
    assert eventually(lambda: tablets.lost() == {"unknown word": 1})
    assert tablets.wanted.take() == (False, "bowls")
