"""Where the files live that a player may edit, and those that are made for the player.

What may be edited are sets of spheres, materials, controllers, looms (how spheres lie on them), laws and shows.

Two folders are looked through, the player's own first, so that a file of the same name takes the place of
ours:

    $WEAVER_CONFIGS, or else the platform's folder for settings + "sonic-weaver"
    the ones that came with the instrument: configs/ of a checkout, weaver/configs of an installed package

Each has the folders sets/, materials/, controllers/, looms/, laws/ and shows/, with one TOML file per thing; its name
is the file's name. Takes and the like are data, and go to a third folder: see `data_folder`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from weaver.model.errors import ConfigError

Kind = Literal["sets", "materials", "controllers", "looms", "laws", "shows"]

_ONE_OF: dict[Kind, str] = {
    "sets": "set",
    "materials": "material",
    "controllers": "controller",
    "looms": "loom",
    "laws": "law",
    "shows": "show",
}
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """The configuration that came with the instrument."""
    packed = _PACKAGE / "configs"
    return packed if packed.is_dir() else _PACKAGE.parent / "configs"


def user_folder() -> Path:
    """The player's own configuration (`WEAVER_CONFIGS` overrides it); it need not exist."""
    return _own_folder("WEAVER_CONFIGS", "APPDATA", ("AppData", "Roaming"), "XDG_CONFIG_HOME", (".config",))


def data_folder() -> Path:
    """Where the player's performances are kept (`WEAVER_DATA` overrides it); it need not exist."""
    return _own_folder("WEAVER_DATA", "LOCALAPPDATA", ("AppData", "Local"), "XDG_DATA_HOME", (".local", "share"))


def _own_folder(chosen_by: str, windows_by: str, windows: tuple[str, ...], unix_by: str, unix: tuple[str, ...]) -> Path:
    """Our folder within the platform's, by environment variables, or else at their usual place in the home folder."""
    if chosen := os.environ.get(chosen_by):
        return Path(os.path.expanduser(chosen))
    if sys.platform == "win32":
        base = os.environ.get(windows_by) or os.path.join("~", *windows)
    elif sys.platform == "darwin":
        base = os.path.join("~", "Library", "Application Support")
    else:
        base = os.environ.get(unix_by) or os.path.join("~", *unix)
    return Path(os.path.expanduser(base)) / "sonic-weaver"


def takes_folder() -> Path:
    """Where performances are recorded unless the player says otherwise."""
    return data_folder() / "takes"


def list_configs(kind: Kind) -> list[str]:
    """The names there are of one kind, sorted."""
    return sorted(_files(kind))


def config_files(kind: Kind) -> list[Path]:
    """All files of one kind: the player's own, then ours, each by name. Two may have the same name."""
    return [path for folder in (user_folder(), shipped_folder()) for _, path in sorted(_files_in(folder, kind).items())]


def shipped_config(kind: Kind, name: str) -> Path | None:
    """Our own file of a name, even where the player's takes its place."""
    return _files_in(shipped_folder(), kind).get(name)


def find_config(kind: Kind, name_or_path: str | Path, beside: Path | None = None) -> Path:
    """The file of a NAME, or a FILE: a Path, or text that ends in ".toml" or has a separator in it.

    A relative FILE is looked up from `beside` (a folder) if given, else from the working directory. Raises
    ConfigError that lists the names there are; whether the file can be read is for its reader to find out.
    """
    files = _files(kind)
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or is_file_like(text):
        path = (beside or Path()) / os.path.expanduser(text)
        if not os.path.lexists(path):
            raise ConfigError(str(path), f"a file, or one of the {kind} {_names(files)}", "no such file")
        return path
    if text not in files:
        raise ConfigError(_ONE_OF[kind], f"a file, or one of the {kind} {_names(files)}", repr(text))
    return files[text]


def lasting_name(name_or_path: str | Path) -> str:
    """A NAME as it is, a FILE by its absolute path: finds the same file again from any working directory."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or is_file_like(text):
        return os.path.abspath(os.path.expanduser(text))
    return text


def is_file_like(text: str) -> bool:
    """Whether text is taken for a FILE rather than a NAME."""
    return text.endswith(".toml") or any(mark in text for mark in ("/", os.sep, os.altsep) if mark)


def _files(kind: Kind) -> dict[str, Path]:
    """Name to file; the player's own files come last and so take the place of ours."""
    return _files_in(shipped_folder(), kind) | _files_in(user_folder(), kind)


def _files_in(folder: Path, kind: Kind) -> dict[str, Path]:
    # macOS leaves "._name.toml" beside files on foreign disks
    return {path.stem: path for path in (folder / kind).glob("*.toml") if not path.name.startswith(".")}


def _names(files: dict[str, Path]) -> str:
    return ", ".join(sorted(files)) or "(there are none)"
