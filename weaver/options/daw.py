"""The options of playing with a DAW: what leaves as MIDI and where, and whose time is kept."""

from __future__ import annotations

import argparse

from weaver.model.midi_out import FORMS, PlayOut
from weaver.model.parameters import INDEX, PARAMETERS, SYNCS
from weaver.options.values import tempo


def add_form(command: argparse.ArgumentParser) -> None:
    """The form in which what is woven leaves."""
    command.add_argument(
        "--play-out",
        choices=FORMS,
        default=PlayOut().form,
        help="how what is woven leaves as MIDI: MPE in the lower or the upper zone, a channel for each sphere, or not "
        f"at all (default: {PlayOut().form})",
    )


def add_daw(play: argparse.ArgumentParser) -> None:
    """What a DAW hears of us, and what we go by of its."""
    add_form(play)
    play.add_argument("--no-lanes", action="store_true", help="tell no health, light, fracture and mood by controls")
    play.add_argument(
        "--no-configure", action="store_true", help="say no MPE zones and bend ranges: the DAW was set up by hand"
    )
    play.add_argument("--echo", action="store_true", help="what a DAW plays leaves again too; mind loops")
    for name, what in (
        ("midi-in", "where a DAW plays, away from JACK"),
        ("midi-out", "where what is woven leaves"),
        ("clock-out", "where the clock leaves"),
    ):
        play.add_argument(
            f"--{name}",
            default="auto",
            metavar="auto|none|SUBSTRING",
            help=f"{what}: auto is our own port {name.replace('-', '_')} (default: auto)",
        )
    play.add_argument(
        "--sync",
        choices=SYNCS,
        default=SYNCS[0],
        help="whose time is followed: auto is Link where it is on, else a MIDI clock that ticks, else JACK's, else our "
        "own",
    )
    default = PARAMETERS[INDEX["tempo_bpm"]].default
    play.add_argument(
        "--tempo", type=tempo, default=default, metavar="BPM", help=f"of our own time ({default:g} beats a minute)"
    )
    play.add_argument("--link", action="store_true", help="take part in Ableton Link (needs sonic-weaver[link])")
    play.add_argument("--no-mts-esp", action="store_true", help="do not go by the tuning of an MTS-ESP master")
