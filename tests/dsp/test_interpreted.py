"""The compiled kernels compute what their Python says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from support.playing import spheres

from weaver.engine.harm import hurt

HERE = Path(__file__).resolve().parent


def test_compiled_is_interpreted(tmp_path):
    paths = os.pathsep.join(map(str, (HERE.parents[1], HERE.parent)))
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths}
    out = tmp_path / "interpreted.npy"
    done = subprocess.run([sys.executable, str(HERE / "interpret.py"), str(out)], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    np.testing.assert_allclose(np.load(out), compiled(), atol=2e-4)


def compiled() -> np.ndarray:
    """The same performance through the engine."""
    from support.playing import engine

    specification = {}
    exec(compile((HERE / "interpret.py").read_text(), "interpret.py", "exec"), specification)
    members, cells = specification["SET"], specification["CELLS"]
    assert isinstance(members, type(spheres()))
    instrument = engine(*members.spheres)
    instrument.state.definitions[0].parameters[1] = -6.0
    instrument.state.target[1] = instrument.state.parameter[1] = -6.0
    instrument.state.wet_level[1] = 10 ** (-6 / 20)
    do = instrument.gesture
    do("strike", 0, frame=64, velocity=0.8, hardness=0.6, position=0.9)
    do("strike", 1, frame=64, velocity=0.5, hardness=0.4, position=0.5)
    do("rub", 0, frame=512, pressure=0.7, speed=0.5, position=1.0)
    do("bend", 1, frame=512, cents=250.0)
    do("place", 1, frame=512, azimuth=60.0, distance=3.0)
    before = instrument.render(64 * 4)
    hurt(instrument.address, 0, specification["HARM"])
    sound = np.concatenate([before, instrument.render(64 * (cells - 4))]).T
    assert np.abs(sound).max() > 0.05
    return sound
