"""What a tablet does is seen on pads: both ask the same spheres."""

from __future__ import annotations

import socket
from functools import partial

from support.twins import ApcMiniMk2
from support.twins.plug import plugged
from support.twins.stage import Stage, brightness, is_sickly, ready, shown

from weaver.engine.harm import hurt
from weaver.model.osc_packet import encode

AZURE = 7
SETTLES_S = 0.3
"""From silence to lights that show it."""
FRACTURED = 0.5


def test_pads_show_what_a_tablet_strikes_and_what_it_soothes(stage: Stage) -> None:
    tablets = stage.instrument.tablets
    assert tablets is not None
    host, _, port = tablets.view().addresses[0].rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tablet, plugged(ApcMiniMk2()) as (pads,):
        tablet.connect((host, int(port)))

        def say(address: str, *arguments: float) -> None:
            tablet.send(encode(address, *arguments))

        stage.ring()
        assert ready(stage, pads)
        stage.hush()
        stage.wait(SETTLES_S)
        dark = brightness(pads, AZURE)
        assert stage.struck_by(partial(say, "/sphere/azure/strike", 0.9)) == AZURE
        assert stage.until(lambda: brightness(pads, AZURE) > 1.2 * dark)
        hurt(stage.instrument.engine.address, AZURE, FRACTURED)
        assert stage.until(lambda: any(map(is_sickly, shown(pads, AZURE))))
        stage.instrument.engine.set_parameter("stakes", 1.0)
        say("/sphere/azure/soothe", 1.0)
        assert stage.until(lambda: stage.state.touch.soothe_target[AZURE] == 1.0)
        say("/sphere/azure/soothe", 0.0)
        assert stage.until(lambda: stage.state.touch.soothe_target[AZURE] == 0.0)
