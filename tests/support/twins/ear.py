"""A listener in a process of its own, where nobody's Python holds up JACK's thread: keeps what weaver plays.

Run as a program, it writes to a file, float32[block, 2, period], when its standard input ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from support.jack_callbacks import CallbackClient

SIDES = 2
TESTS = Path(__file__).resolve().parents[2]


@contextmanager
def listening(path: Path) -> Iterator[None]:
    """Keep what weaver plays meanwhile; it is in the file afterwards."""
    child = subprocess.Popen(
        [sys.executable, __file__, str(path)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None
    try:
        assert child.stdout.readline() == "listening\n"
        yield
    finally:
        child.stdin.close()
        child.wait(10.0)
        child.stdout.close()


def heard(path: Path, period: int) -> NDArray[np.float32]:
    """float32[block, frame, side]."""
    return np.fromfile(path, np.float32).reshape(-1, SIDES, period).transpose(0, 2, 1)


def main() -> None:
    client = CallbackClient("ear")
    ears = [client.inports.register(f"ear_{n}") for n in range(1, SIDES + 1)]
    blocks: list[bytes] = []
    client.set_process_callback(lambda _: blocks.extend(bytes(ear.get_buffer()) for ear in ears))
    client.activate()
    for n, ear in enumerate(ears, start=1):
        client.connect(f"weaver:out_{n}", ear)
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    sys.stdin.read()
    client.close()
    Path(sys.argv[1]).write_bytes(b"".join(blocks[: len(blocks) // SIDES * SIDES]))


if __name__ == "__main__":
    main()
