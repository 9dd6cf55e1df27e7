"""The options of every command: what may be said on the command line, and how it is explained."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from weaver import __version__
from weaver.model.errors import ConfigError
from weaver.model.law import DEFAULT_LAW, STAKES
from weaver.model.parameters import JUDGES
from weaver.options.daw import add_daw, add_form
from weaver.options.export import add_export
from weaver.options.network import add_network, add_osc, add_peers, add_touchosc
from weaver.options.texts import (
    ANATOMY_TEACH,
    DOCTOR_TEACH,
    EXPORT_TEACH,
    LEARN_TEACH,
    LOOM_TEACH,
    OSC_TEACH,
    PEERS_TEACH,
    PERFORM_TEACH,
    PLAY_TEACH,
    RENDER_TEACH,
    TEACH,
    TOUCHOSC_TEACH,
    TUNE_TEACH,
)
from weaver.options.values import duration, natural, number, positive, prelude

MODES = "pads, keys, mpe, channels"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(self.prog, f"arguments as '{self.prog} --help' tells", message)


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = _Parser(
        prog="weaver",
        description="Harmonious Spheres: an instrument of glass, bells and bowls.",
        epilog=TEACH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"weaver {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    _add_play(commands)
    _add_perform(commands)
    _add_learn(commands)
    _add_monitor(commands)
    _add_render(commands)
    takes = _add(commands, "takes", "list the performances that were recorded, and which would not sound the same")
    takes.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="where (default: the user's takes)")
    add_export(_add(commands, "export", "make of a take what a DAW opens: mix, stems, MIDI, projects", EXPORT_TEACH))
    plot = _add(commands, "plot", "draw a take: its spectrogram, and what became of each sphere")
    plot.add_argument("take", type=Path, metavar="TAKE", help="a recorded performance")
    plot.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.png", help="the picture")
    _add_tune(commands)
    _add_anatomy(commands)
    _add_doctor(commands)
    _add(commands, "ports", "list audio devices and MIDI ports")
    _add(commands, "sets", "list the sets of spheres, with their pitches")
    chart = _add(commands, "chart", "print the MIDI implementation chart")
    chart.add_argument("--mode", default="pads", metavar="MODE", help=f"{MODES}, or a FILE (default: pads)")
    chart.add_argument("--set", default="auditorium", metavar="NAME|FILE", help="whose notes (default: auditorium)")
    add_form(chart)
    _add_loom(commands)
    add_osc(_add(commands, "osc", "print what OSC may say to the instrument, and what it says", OSC_TEACH))
    add_peers(_add(commands, "peers", "list who may play from the network for good, and change it", PEERS_TEACH))
    add_touchosc(_add(commands, "touchosc", "make a layout for TouchOSC on a tablet or a phone", TOUCHOSC_TEACH))
    _add_bench(commands)
    return parser


def _add(commands: argparse._SubParsersAction[_Parser], name: str, help: str, teach: str = "") -> _Parser:
    return commands.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=teach,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_bench(commands: argparse._SubParsersAction[_Parser]) -> None:
    """Its options are its own: here nothing starts an option, and all that follows is handed on."""
    bench = commands.add_parser(
        "bench",
        help="measure latency, speed and memory, beside other synthesizers",
        add_help=False,
        prefix_chars="\0",
    )
    bench.add_argument("arguments", nargs=argparse.REMAINDER)


def _add_set(parser: _Parser, default: str | None) -> None:
    """None knows whether somebody said it."""
    parser.add_argument("--set", default=default, metavar="NAME|FILE", help="the spheres (default: auditorium)")


def _add_stakes(parser: _Parser, default: str | None, means: str) -> None:
    parser.add_argument(
        "--stakes",
        choices=STAKES,
        default=default,
        help=f"how fragile the spheres are: off, nothing breaks; {', '.join(STAKES[1:])} (default: {means})",
    )


def _add_sound(parser: _Parser, mode: str | None) -> None:
    """What all ways to play need to know of the instrument."""
    parser.add_argument("--mode", default=mode, metavar="MODE", help=f"{MODES}, or a FILE (default: pads)")
    parser.add_argument("--tuning", type=Path, metavar="FILE.scl", help="a Scala scale for keys and mpe")
    parser.add_argument("--kbm", type=Path, metavar="FILE", help="a Scala keyboard mapping for --tuning")


def _add_play(commands: argparse._SubParsersAction[_Parser]) -> None:
    play = _add(commands, "play", "play the instrument", PLAY_TEACH)
    _add_set(play, "auditorium")
    _add_host(play)
    _add_stakes(play, "gentle", "gentle")
    play.add_argument("--seconds", type=duration, metavar="N", help="end by itself after so long")


def _add_learn(commands: argparse._SubParsersAction[_Parser]) -> None:
    learn = _add(commands, "learn", "teach a controller what its controls shall do, while it plays", LEARN_TEACH)
    learn.add_argument("goals", nargs="*", metavar="GOAL[:SPHERE]", help="what to teach, in order (default: choose)")
    learn.add_argument("--name", default="", metavar="NAME", help="the file to keep it in (default: the controller's)")
    _add_set(learn, "auditorium")
    _add_host(learn)
    _add_stakes(learn, "gentle", "gentle")
    learn.add_argument("--seconds", type=duration, metavar="N", help="end by itself after so long")


def _add_monitor(commands: argparse._SubParsersAction[_Parser]) -> None:
    monitor = _add(commands, "monitor", "play, and print what controllers say, and what their lights are told")
    _add_set(monitor, "auditorium")
    _add_host(monitor)
    _add_stakes(monitor, "gentle", "gentle")
    monitor.add_argument("--seconds", type=duration, metavar="N", help="end by itself after so long")
    monitor.add_argument("--lights", action="store_true", help="also how much controllers are told")
    monitor.add_argument("--bytes", action="store_true", help="with --lights: every message, in hexadecimal")


def _add_perform(commands: argparse._SubParsersAction[_Parser]) -> None:
    perform = _add(
        commands, "perform", "perform a show: a chronometer, incidents, a finale, a reckoning", PERFORM_TEACH
    )
    perform.add_argument(
        "--show", default="auditorium", metavar="NAME|FILE", help="what happens, and on which set (default: auditorium)"
    )
    perform.add_argument(
        "--prelude",
        type=prelude,
        metavar="TIME",
        help='until the first note is due, such as "2m" or "1:30"; incidents move in proportion (default: the show\'s)',
    )
    perform.add_argument(
        "--in-time",
        action="store_true",
        help="the chronometer runs with the song, and stands while that does: a second for two beats",
    )
    _add_host(perform)
    _add_stakes(perform, None, "the show's")
    perform.add_argument("--picture", type=Path, metavar="OUT.png", help="at the end, draw what became of the spheres")


def _add_host(play: _Parser) -> None:
    """What it sounds through and whom it listens to."""
    play.add_argument(
        "--audio",
        choices=("auto", "jack", "portaudio", "silent"),
        default="auto",
        help="the host: auto takes a JACK or PipeWire server that answers, else PortAudio, else silence in real time",
    )
    play.add_argument("--device", metavar="SUBSTRING", help="part of the audio device's name ('weaver ports')")
    play.add_argument("--rate", type=positive, metavar="HZ", help="sample rate (default: the device's)")
    play.add_argument("--block", type=positive, metavar="FRAMES", help="frames in a block, 16 to 4096")
    _add_sound(play, "pads")
    play.add_argument(
        "--midi",
        default="auto",
        metavar="auto|none|SUBSTRING",
        help="inputs to listen to; auto is all of them, and a virtual one (default: auto)",
    )
    play.add_argument(
        "--as",
        dest="controllers",
        action="append",
        default=[],
        metavar="PROFILE:WORD",
        help="take ports with WORD in their names for this controller; may be said several times",
    )
    play.add_argument(
        "--timing",
        choices=("prompt", "steady"),
        default="prompt",
        help="prompt: as soon as possible; steady: a block later, but always the same (JACK is both)",
    )
    play.add_argument(
        "--take", type=Path, metavar="DIR", help="where to record (default: the user's takes, 'weaver takes')"
    )
    play.add_argument("--no-take", action="store_true", help="record nothing")
    play.add_argument("--law", default=DEFAULT_LAW, metavar="NAME|FILE", help="of the spheres' life (auditorium)")
    play.add_argument(
        "--judge", choices=JUDGES, default=JUDGES[0], help=f"whose roughness the law goes by (default: {JUDGES[0]})"
    )
    play.add_argument("--connoisseur", action="store_true", help="judge the spheres' real spectra, not harmonic ones")
    play.add_argument("--no-terminal", action="store_true", help="no page and no keys: for services")
    add_daw(play)
    add_network(play)


def _add_render(commands: argparse._SubParsersAction[_Parser]) -> None:
    render = _add(commands, "render", "render a MIDI file or a take to WAV or FLAC", RENDER_TEACH)
    render.add_argument("score", type=Path, metavar="IN", help="a Standard MIDI File, or a take")
    render.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a .wav or .flac file")
    render.add_argument("--stems", type=Path, metavar="DIR", help="also a WAV of each sphere, and of the room")
    render.add_argument("--rate", type=positive, metavar="HZ", help="44100 to 192000 (48000)")
    render.add_argument("--block", type=positive, metavar="FRAMES", help="frames rendered at once; changes no sample")
    render.add_argument("--seed", type=natural, metavar="N", help="of all chance there is (1)")
    _add_set(render, None)
    _add_sound(render, None)
    _add_stakes(render, None, "off: a score sounds as it is written")
    render.add_argument("--plot", type=Path, metavar="OUT.png", help="also a picture of the spectrogram")


def _add_tune(commands: argparse._SubParsersAction[_Parser]) -> None:
    tune = _add(commands, "tune", "find the scale in which a set's spheres are smooth together", TUNE_TEACH)
    tune.add_argument("set", metavar="SET", help="a set's NAME or FILE")
    tune.add_argument("-o", "--output", type=Path, metavar="FILE.scl", help="a Scala file (default: print it)")
    tune.add_argument("--plot", type=Path, metavar="FILE.png", help="also a picture of the dissonance curve")
    tune.add_argument(
        "--model", choices=JUDGES, default=JUDGES[0], help=f"of roughness: {', '.join(JUDGES)} (default: {JUDGES[0]})"
    )
    tune.add_argument("--sphere", metavar="NAME", help="of this sphere alone (default: the mean of the set's voices)")


def _add_anatomy(commands: argparse._SubParsersAction[_Parser]) -> None:
    anatomy = _add(commands, "anatomy", "measure a sphere's own sound, and how damage is heard in it", ANATOMY_TEACH)
    anatomy.add_argument("set", metavar="SET", help="a set's NAME or FILE")
    anatomy.add_argument("sphere", metavar="SPHERE", help="one of its spheres, by name or by number from 1")
    anatomy.add_argument("--damage", type=number, metavar="D", help="0 whole to 0.99 (default: a row for each of five)")
    anatomy.add_argument("--plot", type=Path, metavar="FILE.png", help="also a picture of it all, with --damage")
    anatomy.add_argument("--seed", type=natural, default=1, metavar="N", help="of all chance there is (1)")
    anatomy.add_argument("--rate", type=positive, default=48_000, metavar="HZ", help="44100 to 192000 (48000)")


def _add_doctor(commands: argparse._SubParsersAction[_Parser]) -> None:
    doctor = _add(commands, "doctor", "say what a bug report needs, and what to do about what is wrong", DOCTOR_TEACH)
    doctor.add_argument(
        "--loopback",
        nargs="*",
        metavar="PORT",
        help="measure a round trip instead, for a DAW's external-instrument device: on JACK; or of a MIDI PORT that is "
        "looped, or of two, OUT and IN, with a cable between them",
    )


def _add_loom(commands: argparse._SubParsersAction[_Parser]) -> None:
    loom = _add(commands, "loom", "show how spheres lie on a controller, or list the controllers", LOOM_TEACH)
    loom.add_argument("profile", nargs="?", metavar="PROFILE", help="a controller's NAME or FILE (default: list all)")
    loom.add_argument("--set", default="auditorium", metavar="NAME|FILE", help="whose spheres (default: auditorium)")
    loom.add_argument("--page", type=positive, default=1, metavar="N", help="of a set larger than the surface (1)")
    loom.add_argument("-o", "--output", type=Path, metavar="FILE.png", help="also a picture of it")
