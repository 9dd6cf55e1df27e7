"""Someone else on a JACK server, in a process of their own: says when some of its periods have gone by.

libjack may crash where one thread opens or closes a client of it while others open and close theirs.

    python -P jack_witness.py PERIODS

answers each line that it is told with one line, so many periods later; -P as jack.py lies beside it.
"""

from __future__ import annotations

import sys
import time

import jack


def main() -> None:
    client = jack.Client("weaver-witness", no_start_server=True)
    frames = int(sys.argv[1]) * client.blocksize
    for line in sys.stdin:
        until = client.last_frame_time + frames
        while client.last_frame_time < until:
            time.sleep(0.001)
        sys.stdout.write(line)
        sys.stdout.flush()
    client.close()


if __name__ == "__main__":
    main()
