"""What the options of every way to play ask of the instrument."""

from __future__ import annotations

import argparse

from weaver.midi.ports import AUTO, NONE
from weaver.model.configs import takes_folder
from weaver.model.errors import ConfigError
from weaver.model.midi_out import PlayOut
from weaver.wishes import Wishes


def heard_through(arguments: argparse.Namespace) -> Wishes:
    """What the options say that every way to play has. Raises ConfigError for what does not go together."""
    if arguments.lan and arguments.no_osc:
        raise ConfigError("--lan", "OSC to be heard", "--no-osc")
    if arguments.allow and not arguments.lan:
        raise ConfigError("--allow", "--lan, without which nobody else is heard", "none")
    if arguments.sync == "link" and not arguments.link:
        raise ConfigError("--sync link", "--link, without which there is no such time", "none")
    heard, sent = arguments.midi_in.casefold(), (arguments.midi_out.casefold(), arguments.clock_out.casefold())
    if heard in sent and heard not in (AUTO, NONE):
        raise ConfigError(
            "--midi-in", "another port than what leaves goes to, or it would come back", arguments.midi_in
        )
    return Wishes(
        audio=arguments.audio,
        device=arguments.device,
        rate=arguments.rate,
        block=arguments.block,
        tuning=arguments.tuning,
        kbm=arguments.kbm,
        midi=arguments.midi,
        mode=arguments.mode,
        controllers=tuple(arguments.controllers),
        timing=arguments.timing,
        takes=None if arguments.no_take else arguments.take or takes_folder(),
        law=arguments.law,
        judge=arguments.judge,
        connoisseur=arguments.connoisseur,
        lan=arguments.lan,
        osc_port=None if arguments.no_osc else arguments.osc_port,
        reply_port=arguments.reply_port,
        allow=tuple(arguments.allow),
        discovery=not arguments.no_discovery,
        play_out=PlayOut(arguments.play_out, not arguments.no_lanes, not arguments.no_configure, arguments.echo),
        midi_in=arguments.midi_in,
        midi_out=arguments.midi_out,
        clock_out=arguments.clock_out,
        sync=arguments.sync,
        tempo_bpm=arguments.tempo,
        link=arguments.link,
        mts_esp=not arguments.no_mts_esp,
    )
