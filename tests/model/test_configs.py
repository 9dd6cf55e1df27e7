"""Finding configuration: names and files, and the player's own folder before ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import weaver
from weaver.model.configs import (
    find_config,
    lasting_name,
    list_configs,
    shipped_folder,
    takes_folder,
    user_folder,
)
from weaver.model.errors import ConfigError


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The player's own folder, still empty."""
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path / "own"))
    for kind in ("sets", "materials", "controllers"):
        (tmp_path / "own" / kind).mkdir(parents=True)
    return tmp_path / "own"


def test_what_is_shipped_is_found(own: Path) -> None:
    assert {"auditorium", "bowls", "glasses", "bells", "grand"} <= set(list_configs("sets"))
    assert {"glass", "bell", "bowl", "sphere"} <= set(list_configs("materials"))
    assert find_config("sets", "auditorium") == shipped_folder() / "sets" / "auditorium.toml"


def test_the_players_own_folder_adds_and_overrides(own: Path) -> None:
    (own / "sets" / "mine.toml").touch()
    (own / "sets" / "bowls.toml").touch()
    (own / "sets" / "._bowls.toml").touch()
    assert "mine" in list_configs("sets")
    assert "._bowls" not in list_configs("sets")
    assert find_config("sets", "mine") == own / "sets" / "mine.toml"
    assert find_config("sets", "bowls") == own / "sets" / "bowls.toml"
    assert find_config("sets", "glasses").is_relative_to(shipped_folder())


def test_a_file_is_a_file(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own)
    (own / "mine.toml").touch()
    assert find_config("sets", "mine.toml") == Path("mine.toml")
    assert find_config("sets", f"{own}/mine.toml") == own / "mine.toml"
    assert find_config("sets", own / "mine.toml") == own / "mine.toml"
    assert find_config("materials", "../mine.toml", beside=own / "sets") == own / "sets" / "../mine.toml"


def test_a_name_that_is_none_lists_the_names(own: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_config("materials", "gold")
    names = ", ".join(list_configs("materials"))
    assert caught.value.where == "material"
    assert caught.value.expected == f"a file, or one of the materials {names}"
    assert caught.value.found == "'gold'"


@pytest.mark.parametrize("name", ["none.toml", "no/where", "nu\0l.toml"])
def test_a_file_that_is_none(own: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(own)
    with pytest.raises(ConfigError) as caught:
        find_config("sets", name)
    assert (caught.value.where, caught.value.found) == (str(Path(name)), "no such file")
    assert "auditorium" in caught.value.expected


@pytest.mark.parametrize("name", ["", "..", "auditorium ", "AUDITORIUM\0"])
def test_odd_names_are_only_unknown(own: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="or one of the sets auditorium"):
        find_config("sets", name)


def test_where_the_players_folder_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEAVER_CONFIGS", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    assert user_folder() == Path("/somewhere/sonic-weaver")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert user_folder() == Path("~/.config/sonic-weaver").expanduser()
    monkeypatch.setattr("sys.platform", "darwin")
    assert user_folder() == Path("~/Library/Application Support/sonic-weaver").expanduser()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", "/roaming")
    assert user_folder() == Path("/roaming/sonic-weaver")


def test_where_performances_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert takes_folder() == Path(os.environ["WEAVER_DATA"]) / "takes"
    monkeypatch.delenv("WEAVER_DATA")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert takes_folder() == Path("/somewhere/sonic-weaver/takes")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert takes_folder() == Path("~/.local/share/sonic-weaver/takes").expanduser()
    monkeypatch.setattr("sys.platform", "darwin")
    assert takes_folder() == Path("~/Library/Application Support/sonic-weaver/takes").expanduser()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert takes_folder() == Path("/local/sonic-weaver/takes")


def test_a_lasting_name_is_found_from_anywhere(own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert lasting_name("auditorium") == "auditorium"
    assert lasting_name("mine.toml") == lasting_name(Path("mine.toml")) == str(tmp_path / "mine.toml")
    assert lasting_name(Path("auditorium")) == str(tmp_path / "auditorium")


def test_an_installed_package_finds_what_is_packed_with_it(tmp_path: Path) -> None:
    """The wheel has configs/ inside the package; nothing of the checkout is near."""
    package = tmp_path / "weaver"
    source = Path(weaver.__file__).parent
    shutil.copytree(source / "model", package / "model", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(source / "__init__.py", package)
    shutil.copytree(shipped_folder(), package / "configs")
    script = "from weaver.model.spheres import load_set; from weaver.model.configs import shipped_folder\n"
    script += "print(shipped_folder(), len(load_set('auditorium').spheres))"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(package / "configs"), "8"]
