"""What was heard, looked for in a take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from support.twins.ear import heard

from weaver.commands.replaying import open_take


def matched(take: Path, recording: Path, period: int) -> float:
    """How much of what was heard, in blocks of `period` frames, is in the take, sample for sample."""
    piece = open_take(take)
    assert piece.differences == []
    _, stretches = piece.begin(333)
    sound = np.concatenate([np.array(stretch) for stretch in stretches])
    assert np.abs(sound).max() > 0.05
    places = {sound[at : at + period].tobytes() for at in range(0, len(sound), period)}
    found = [block.tobytes() in places for block in heard(recording, period) if block.any()]
    return sum(found) / len(found)
