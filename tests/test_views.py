"""From the sound's numbers to words."""

from __future__ import annotations

import numpy as np
import pytest

from weaver.engine.layout import NOTICE
from weaver.life.notices import BREAKING, INCIDENT, PHASE, SPARED
from weaver.life.stage import PERFORMANCE
from weaver.model.show import load_show
from weaver.views import incident_words


@pytest.mark.parametrize(
    ("kind", "sphere", "values", "words"),
    [
        (PHASE, -1, (PERFORMANCE, 130.0, 8.25, 0), ""),
        (INCIDENT, 7, (1, 30.0, 0.4, 25.0), "0:30 hairline fractures spread over Azure, thin as spider silk"),
        (SPARED, 7, (1, 30.0, 0, 0), "Azure is whole again, and is spared"),
        (BREAKING, 7, (3, 130.0, 0, 0), "Azure breaks"),
        (1, -1, (3, 0, 0, 0), ""),
    ],
)
def test_what_happens_is_told_in_words(kind: int, sphere: int, values: tuple[float, ...], words: str) -> None:
    notice = np.zeros((), NOTICE)
    notice["kind"], notice["sphere"], notice["values"] = kind, sphere, values
    assert incident_words(load_show("auditorium"), notice) == words
