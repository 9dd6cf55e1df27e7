"""Who may play from the network for good: a small file in the player's own folder, which the player may edit too.

format = 1
[[peers]]
network = "192.168.1.20"
since = "2026-11-23"
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import tomlkit
from tomlkit.items import AoT

from weaver.model.configs import user_folder
from weaver.model.errors import ConfigError
from weaver.model.networks import EXPECTED, MOST_CHARACTERS, network_words, parse_network
from weaver.model.text_file import decode_utf8, read_bytes
from weaver.model.toml_table import FORMAT, MAX_BYTES, read_toml

MOST = 1024
"""Networks that are remembered."""
MAX_SINCE_CHARACTERS = 40


def peers_file() -> Path:
    """Where they are remembered; it need not exist."""
    return user_folder() / "peers.toml"


def read_remembered(path: Path) -> dict[str, str]:
    """From each network, as `network_words` writes it, to since when it may play ("" if that is not said), in the
    file's order; nothing if there is no such file. Raises ConfigError for a file that says anything else.
    """
    if not os.path.lexists(path):
        return {}
    table = read_toml(path)
    found: dict[str, str] = {}
    for entry in table.tables("peers", 0, MOST):
        network = parse_network(text := entry.text("network", MOST_CHARACTERS))
        if network is None:
            raise entry.error("network", EXPECTED, repr(text))
        since = entry.text("since", MAX_SINCE_CHARACTERS, default="")
        entry.finish()
        found.setdefault(network_words(network), since)
    table.finish()
    return found


def write_remembered(path: Path, networks: Mapping[str, str]) -> None:
    """Make these the ones that are remembered, at once or not at all. Comments on those that stay do so too.

    Raises ConfigError for a file that cannot be written, for one that was there and cannot be read, and for what is no
    network.
    """
    wanted: dict[str, str] = {}
    for text, since in networks.items():
        if (network := parse_network(text)) is None:
            raise ConfigError(f"{path}: network", EXPECTED, repr(text))
        wanted[network_words(network)] = since
    if read_remembered(path) != wanted:  # it has been read, so that nothing of a player's is lost
        _replace(path, tomlkit.dumps(_become(_document(path), wanted)))


def _document(path: Path) -> tomlkit.TOMLDocument:
    if path.exists():
        return tomlkit.parse(decode_utf8(read_bytes(path, MAX_BYTES), path))
    document = tomlkit.document()
    document.add(tomlkit.comment("Who may play from the network, remembered ('weaver peers'); yours to edit."))
    document["format"] = FORMAT
    return document


def _become(document: tomlkit.TOMLDocument, wanted: dict[str, str]) -> tomlkit.TOMLDocument:
    """The file with those that are wanted: who is in it stays as it is, others go, new ones follow."""
    old = document.get("peers")
    kept = tomlkit.aot()
    there = set()
    for entry in old if isinstance(old, AoT) else []:
        network = parse_network(str(entry["network"]).strip())
        words = "" if network is None else network_words(network)
        if words in wanted and words not in there:
            there.add(words)
            kept.append(entry)
    for words, since in wanted.items():
        if words not in there:
            entry = tomlkit.table()
            entry["network"] = words
            entry["since"] = since
            kept.append(entry)
    document.pop("peers", None)
    if len(kept):
        document["peers"] = kept
    return document


def _replace(path: Path, text: str) -> None:
    """Only what can be read again takes the file's place."""
    beside = path.with_name(f".{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        read_remembered(beside)
        os.replace(beside, path)
    except OSError as error:
        raise ConfigError(str(path), "a file that can be written", error.strerror or str(error)) from error
    finally:
        with suppress(OSError):  # the folder may be what cannot be had
            beside.unlink(missing_ok=True)
