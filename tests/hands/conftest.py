"""An instrument on a JACK server, for controllers to be plugged into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.jack import JackServer, environment
from support.twins.stage import Stage, on_stage

from weaver.wishes import Wishes


@pytest.fixture(scope="module")
def module_stage(jackd: JackServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = str(tmp_path_factory.mktemp("data"))
    with environment(WEAVER_DATA=folder), on_stage(Wishes(audio="jack", stakes="off")) as made:
        yield made


@pytest.fixture
def stage(module_stage: Stage) -> Stage:
    module_stage.hush()
    return module_stage
