"""Programs that a test needs and a machine may lack: others skip without them, continuous integration must not."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

NODE_MODULES = Path(sys.prefix) / "peers" / "node_modules"
"""Where `make test` puts what comes by npm."""


def program(name: str, package: str) -> str:
    """The path of a program that `make test` installs on Debian. Without it CI fails, others skip."""
    path = shutil.which(name)
    if path is None:
        _lacks(f"{name} is missing (Debian: apt-get install {package})")
    return path


def module(name: str, package: str) -> Any:
    """A module that `make test` installs. Without it CI fails, others skip."""
    try:
        return importlib.import_module(name)
    except ImportError:
        _lacks(f"{name} is missing (pip install {package})")


def node_module(name: str) -> Path:
    """The folder of a package that `make test` installs where there is npm. With npm but without it CI fails."""
    if shutil.which("npm") is None:
        pytest.skip("npm is missing, and what comes by it")
    if not (NODE_MODULES / name).is_dir():
        _lacks(f"{name} is missing (npm install {name})")
    return NODE_MODULES / name


def _lacks(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}: CI must not skip")
    pytest.skip(reason)
