"""Ring the bank in pyo: a program of its own, because pyo's server owns its process.

Called as: python pyo_child.py KIND AUDIO_S SAMPLE_RATE BLOCK T60_S OUT.wav < frequencies, one number a line.
Prints the processor seconds spent rendering. KIND is `ComplexRes` or `Reson`.
"""

from __future__ import annotations

import math
import sys
import time

import pyo


def main() -> None:
    """Render the file and report."""
    kind, audio_s, rate, block, t60_s, path = sys.argv[1:]
    modes_hz = [float(line) for line in sys.stdin]
    server = pyo.Server(sr=int(rate), nchnls=1, buffersize=int(block), duplex=0, audio="offline")
    server.boot()
    server.recordOptions(dur=float(audio_s), filename=path, fileformat=0, sampletype=3)
    strike = pyo.Trig().play()
    tau_s = float(t60_s) / math.log(1000.0)
    if kind == "ComplexRes":
        bank = pyo.ComplexRes(strike, freq=modes_hz, decay=tau_s)
    else:
        # a two-pole's bandwidth is 1/(pi tau)
        bank = pyo.Reson(strike, freq=modes_hz, q=[math.pi * tau_s * hz for hz in modes_hz])
    total = bank.mix(1)
    total.out()
    start_s = time.process_time()
    server.start()
    spent_s = time.process_time() - start_s
    sys.stdout.write(f"\n{spent_s}\n")
    server.shutdown()


main()
