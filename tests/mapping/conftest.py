"""The player's own folder is empty here, so that whoever runs the tests may have settings of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.shipped import shipped_profiles

from weaver.mapping.profile import Profile


@pytest.fixture(autouse=True)
def no_own_configs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("WEAVER_CONFIGS", str(folder))
    return folder


@pytest.fixture(scope="session")
def profiles() -> dict[str, Profile]:
    """The controllers that ship."""
    return shipped_profiles()
