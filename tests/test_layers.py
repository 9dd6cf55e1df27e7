"""Imports run downwards only, and each layer keeps to its own libraries: every module of the package is read.

cli, commands, options, bench   what is run
app, daw, link, timing, listening, views, wishes
                                the instrument, wired
hands  tablets                  controllers and tablets: what wires their bytes and what they are shown
midi  osc  surfaces  takes      adapters, which never import each other
mapping
engine
life                            native
dsp                             native
model
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "weaver"
ANYTHING = ("weaver",)

ALLOWED: dict[str, tuple[str, ...]] = {
    "weaver.model": (),
    "weaver.dsp": ("weaver.model",),
    "weaver.life": ("weaver.model", "weaver.dsp"),
    "weaver.engine": ("weaver.model", "weaver.dsp", "weaver.life"),
    "weaver.mapping": ("weaver.model", "weaver.dsp.sizes", "weaver.engine"),
    "weaver.midi": ("weaver.model",),
    "weaver.osc": ("weaver.model",),
    "weaver.surfaces": (
        *("weaver.model", "weaver.mapping.profile", "weaver.mapping.loom", "weaver.mapping.deeds"),
        "weaver.mapping.curves",
    ),
    "weaver.takes": (
        *("weaver.model", "weaver.dsp.sizes", "weaver.dsp.definition", "weaver.engine"),
        *("weaver.life.roughness", "weaver.life.crackle", "weaver.life.flicker"),
        *("weaver.life.notices", "weaver.life.tempi", "weaver.life.transport"),
    ),
    "weaver.bench": ANYTHING,
    "weaver.hands": ANYTHING,
    "weaver.tablets": ANYTHING,
    "weaver.commands": ANYTHING,
    "weaver.app": ANYTHING,
    "weaver.daw": ANYTHING,
    "weaver.link": ANYTHING,
    "weaver.timing": ANYTHING,
    "weaver.listening": ANYTHING,
    "weaver.views": ANYTHING,
    "weaver.wishes": ANYTHING,
    "weaver.options": ("weaver.model", "weaver.__version__"),
    "weaver.cli": ANYTHING,
    "weaver.__main__": ANYTHING,
    "weaver.__init__": (),
}
"""What a module may import of ours beside its own folder; the longest name that fits it counts."""

NATIVE = ("numba", "llvmlite")
AUDIO = ("jack", "sounddevice")
MIDI = ("mido", "rtmidi", "pylibremidi")
SHOW = ("rich", "matplotlib")
FILES = ("soundfile", "tuning_library")

BANNED: dict[str, tuple[str, ...]] = {
    "weaver.model": ("numpy", *NATIVE, *AUDIO, *MIDI, *SHOW, *FILES),
    "weaver.dsp": (*AUDIO, *MIDI, *SHOW, *FILES),
    "weaver.life": (*AUDIO, *MIDI, *SHOW, *FILES),
    "weaver.engine": (*AUDIO, *MIDI, *SHOW, *FILES),
    "weaver.engine.hosts": (*MIDI, *SHOW, *FILES),
    "weaver.mapping": (*NATIVE, *AUDIO, *MIDI, *SHOW, "soundfile"),
    "weaver.midi": (*NATIVE, *AUDIO, *SHOW, *FILES),
    "weaver.osc": ("numpy", *NATIVE, *AUDIO, *MIDI, *SHOW, *FILES),
    "weaver.surfaces": (*NATIVE, *AUDIO, *MIDI, *FILES),
    "weaver.takes": (*NATIVE, *AUDIO, *MIDI, "rich", "tuning_library"),
    "weaver.takes.export": (*NATIVE, *AUDIO, "rtmidi", "pylibremidi", "rich", "tuning_library"),
    "weaver.bench": MIDI,
    "weaver.hands": (*AUDIO, *MIDI),
    "weaver.tablets": (*AUDIO, *MIDI),
    "weaver.commands": MIDI,
    "weaver.app": MIDI,
    "weaver.daw": MIDI,
    "weaver.link": (*AUDIO, *MIDI),
    "weaver.timing": MIDI,
    "weaver.listening": MIDI,
    "weaver.views": MIDI,
    "weaver.wishes": MIDI,
    "weaver.options": (*NATIVE, *AUDIO, *MIDI, *SHOW, *FILES),
    "weaver.cli": MIDI,
}

STANDARD_LIBRARY_ONLY = "weaver.model"


def module_name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def imports(tree: ast.AST, folder: str) -> Iterator[tuple[int, str]]:
    """(line, module) of every import, wherever it stands; names of our modules in text are taken for imports too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = folder.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(part for part in (above, node.module) if part)
            for alias in node.names:
                yield node.lineno, f"{source}.{alias.name}" if source.split(".")[0] == "weaver" else source
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("weaver."):
            if node.value.replace(".", "").replace("_", "").isalpha():
                yield node.lineno, node.value


def fits(module: str, name: str) -> bool:
    return module == name or module.startswith(name + ".")


def rule_for(module: str, table: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    names = [name for name in table if fits(module, name)]
    return table[max(names, key=len)] if names else None


def own_folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


def forbidden(module: str, imported: str) -> bool:
    """Whether `module` may not import `imported`."""
    if imported.split(".")[0] == "weaver":
        if imported in ("weaver", "weaver.__version__") or fits(imported, own_folder(module)):
            return False
        return not any(fits(imported, allowed) for allowed in rule_for(module, ALLOWED) or ())
    top = imported.split(".")[0]
    if top in sys.stdlib_module_names:
        return False
    return fits(module, STANDARD_LIBRARY_ONLY) or top in (rule_for(module, BANNED) or ())


def violations(package: Path) -> list[str]:
    found = []
    for path in sorted(package.rglob("*.py")):
        module = module_name(path, package)
        folder = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for line, imported in imports(ast.parse(path.read_text(encoding="utf-8")), folder):
            if forbidden(module, imported):
                found.append(f"{path.relative_to(package.parent).as_posix()}:{line} imports {imported}")
    return found


def test_imports_run_downwards_only() -> None:
    assert violations(PACKAGE) == []


def test_every_folder_has_its_rules() -> None:
    modules = [module_name(path, PACKAGE) for path in PACKAGE.rglob("*.py")]
    assert [module for module in modules if rule_for(module, ALLOWED) is None] == []
    assert len(modules) > 40


@pytest.mark.parametrize(
    ("place", "statement", "imported"),
    [
        ("model/units.py", "import numpy", "numpy"),
        ("model/units.py", "import numba.core", "numba.core"),
        ("model/units.py", "import yaml", "yaml"),
        ("model/units.py", "from weaver.dsp.sizes import CELL", "weaver.dsp.sizes.CELL"),
        ("model/units.py", "from weaver import dsp", "weaver.dsp"),
        ("model/units.py", "from .. import dsp", "weaver.dsp"),
        ("model/units.py", "from ..engine.ring import push_command", "weaver.engine.ring.push_command"),
        ("dsp/modes.py", "import weaver.life.hum", "weaver.life.hum"),
        ("dsp/modes.py", "import sounddevice as sd", "sounddevice"),
        ("dsp/modes.py", "def f():\n    import mido", "mido"),
        ("dsp/modes.py", "from weaver.engine import ring", "weaver.engine.ring"),
        ("dsp/render.py", "from weaver.life.hum import hum", "weaver.life.hum.hum"),
        ("life/light.py", "from jack import Client", "jack"),
        ("life/light.py", "from weaver.engine.ring import push_notice", "weaver.engine.ring.push_notice"),
        ("engine/engine.py", "from weaver.mapping.modes import load_mode", "weaver.mapping.modes.load_mode"),
        ("engine/engine.py", "import jack", "jack"),
        ("engine/hosts/jack_host.py", "import rtmidi", "rtmidi"),
        ("mapping/modes.py", "from weaver.dsp.jit import kernel", "weaver.dsp.jit.kernel"),
        ("mapping/modes.py", "from weaver.midi.ports import match", "weaver.midi.ports.match"),
        ("mapping/modes.py", "import numba", "numba"),
        ("midi/inputs.py", "from weaver.engine.engine import Engine", "weaver.engine.engine.Engine"),
        ("midi/inputs.py", "from weaver.takes import plot", "weaver.takes.plot"),
        ("midi/inputs.py", "import_module('weaver.surfaces.keys')", "weaver.surfaces.keys"),
        ("midi/inputs.py", "BACKEND = 'weaver.engine.engine'", "weaver.engine.engine"),
        ("midi/inputs.py", "from numba import njit", "numba"),
        ("osc/udp.py", "import numpy", "numpy"),
        ("osc/serialosc.py", "from weaver.midi.ports import match", "weaver.midi.ports.match"),
        ("surfaces/keys.py", "import mido", "mido"),
        ("surfaces/keys.py", "from weaver.osc.udp import Udp", "weaver.osc.udp.Udp"),
        ("surfaces/keys.py", "from weaver.dsp.render import begin_cell", "weaver.dsp.render.begin_cell"),
        ("takes/plot.py", "from weaver.surfaces.keys import ESCAPE", "weaver.surfaces.keys.ESCAPE"),
        ("takes/plot.py", "import mido", "mido"),
        ("app.py", "import rtmidi", "rtmidi"),
        ("commands/play.py", "import_module('pylibremidi')", "pylibremidi"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, place: str, statement: str, imported: str) -> None:
    path = tmp_path / "weaver" / place
    path.parent.mkdir(parents=True)
    path.write_text(f"import math\n{statement}\n")
    assert any(found.startswith(f"weaver/{place}:") for found in violations(tmp_path / "weaver"))
    assert all(found.endswith(f" imports {imported}") for found in violations(tmp_path / "weaver"))


@pytest.mark.parametrize(
    ("place", "statement"),
    [
        ("model/units.py", "from weaver.model.errors import ConfigError"),
        ("model/units.py", "import tomllib"),
        ("life/hum.py", "from weaver.dsp.jit import kernel"),
        ("engine/hosts/jack_host.py", "import jack"),
        ("engine/hosts/jack_host.py", "from weaver.engine.performance import advance"),
        ("mapping/modes.py", "from weaver.engine.zones import PADS"),
        ("midi/rtmidi_backend.py", "import rtmidi"),
        ("midi/ports.py", "KIND = 'weaver.midi.rtmidi_backend'"),
        ("takes/offline.py", "from weaver.engine.engine import Engine"),
        ("bench/table.py", "from weaver import __version__"),
        ("app.py", "from weaver.midi.inputs import MidiInputs"),
    ],
)
def test_what_is_allowed_is_not_found(tmp_path: Path, place: str, statement: str) -> None:
    path = tmp_path / "weaver" / place
    path.parent.mkdir(parents=True)
    path.write_text(statement + "\n")
    assert violations(tmp_path / "weaver") == []
