"""The controllers that ship."""

from __future__ import annotations

from functools import cache

from weaver.mapping.profile import Profile
from weaver.mapping.profile_file import load_profile
from weaver.model.configs import shipped_folder

MODES = {"pads", "keys", "mpe", "channels"}
NAMES = sorted(path.stem for path in (shipped_folder() / "controllers").glob("*.toml") if path.stem not in MODES)


@cache
def shipped_profiles() -> dict[str, Profile]:
    """By name; the player's own do not count."""
    return {name: load_profile(shipped_folder() / "controllers" / f"{name}.toml") for name in NAMES}
