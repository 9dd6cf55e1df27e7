"""A take played again, while it may still be written: its sound, and what leaves as MIDI meanwhile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from support.mpe_reader import Message
from support.playing_out import told

from weaver.commands.replaying import open_take
from weaver.model.midi_out import PlayOut

BLOCK_FRAMES = 1024


def replayed(take: Path, wanted: PlayOut) -> tuple[NDArray[np.float32], list[Message]]:
    """float32[frames, 2] from the take's first frame to what is on disk, and the messages."""
    engine, blocks = open_take(take).begin(BLOCK_FRAMES)
    engine.outward.play(wanted)
    sounds, messages = [], []
    for block in blocks:
        sounds.append(np.array(block))
        messages += told(engine)
    return np.concatenate(sounds), messages
