"""monome grids through serialosc: sixteen shades, told by OSC packets, whatever is said elsewhere of MIDI.

    /weaver/grid/led/level/set x y level                a light
    /weaver/grid/led/level/map x y level*64             eight by eight, row by row from the top
    /weaver/grid/led/set x y 0/1, /weaver/grid/led/map x y row*8     with option `mono`: grids without shades

`led` is 16 * row + column, row 0 the lowest; `rows` of the options says how many there are, 8 if not given (OSC counts
from the top).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.model.osc_packet import encode
from weaver.surfaces.lights.channel import ChannelLights, brightest
from weaver.surfaces.lights.driver import Codes

PREFIX = "/weaver"
"""What the grid's messages begin with; whoever opens it tells serialosc."""
COLUMNS, QUAD = 16, 8
TOP, LIT_FROM = 15, 8
"""Shades, and that from which a light without shades is on."""
QUAD_FROM = 5
"""Lights of eight by eight from which one message for all of them is shorter."""


class Monome(ChannelLights):
    """Single lights, or eight by eight."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.is_mono = bool(lights.option("mono"))
        self.x = self.led % COLUMNS
        self.y = lights.option("rows", QUAD) - 1 - self.led // COLUMNS
        self.quad = self.y // QUAD * (COLUMNS // QUAD) + self.x // QUAD
        self.members = {quad: np.flatnonzero(self.quad == quad) for quad in sorted(set(self.quad.tolist()))}

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]: the shade."""
        shades = (brightest(wanted) * TOP + 127) // 255
        return (shades >= LIT_FROM if self.is_mono else shades)[:, None].astype(np.int32)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Quads in the order of their most urgent light."""
        quads: dict[int, list[int]] = {}
        for index in which:
            quads.setdefault(int(self.quad[index]), []).append(index)
        told = []
        for quad, changed in quads.items():
            if len(changed) >= QUAD_FROM:
                told.append(self._whole(quad, codes))
            else:
                told += [self._single(index, codes) for index in changed]
        return told

    def _single(self, index: int, codes: Codes) -> bytes:
        kind = "set" if self.is_mono else "level/set"
        return encode(f"{PREFIX}/grid/led/{kind}", int(self.x[index]), int(self.y[index]), int(codes[index, 0]))

    def _whole(self, quad: int, codes: Codes) -> bytes:
        members = self.members[quad]
        values = np.zeros((QUAD, QUAD), np.int32)
        values[self.y[members] % QUAD, self.x[members] % QUAD] = codes[members, 0]
        x, y = quad % (COLUMNS // QUAD) * QUAD, quad // (COLUMNS // QUAD) * QUAD
        if self.is_mono:
            return encode(f"{PREFIX}/grid/led/map", x, y, *(values << np.arange(QUAD)).sum(axis=1).tolist())
        return encode(f"{PREFIX}/grid/led/level/map", x, y, *values.ravel().tolist())
