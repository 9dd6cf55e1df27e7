"""`weaver loom`: how spheres lie on a controller, as text and as a picture; or which controllers are known."""

from __future__ import annotations

import argparse

from rich.console import Console

from weaver.cli import BAD_INPUT, FINE
from weaver.mapping.lay import lay
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile_file import load_profile, load_profiles
from weaver.model.errors import ConfigError
from weaver.model.spheres import load_set
from weaver.surfaces.loom_rows import error_line, loom_rows, profile_table
from weaver.takes.audio_file import whole_file
from weaver.takes.plot import GROUND, check_plot


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Draw one, or list all; broken ones are told of, and make the exit code 2."""
    if arguments.profile is None:
        if arguments.output is not None:
            raise ConfigError("-o", "a PROFILE to draw", "none")
        return _list(console)
    profile, spheres = load_profile(arguments.profile), load_set(arguments.set)
    looms = {group.name: load_loom(group.loom) for group in profile.groups if group.loom}
    laid = lay(profile, load_loom, len(spheres.spheres), arguments.page - 1)
    if arguments.page > laid.pages:
        raise ConfigError("--page", f"a page from 1 to {laid.pages}", f"{arguments.page}")
    if arguments.output is not None:
        check_plot(arguments.output)
    for row in loom_rows(profile, laid, looms, spheres):
        console.print(row)
    if arguments.output is not None:
        from weaver.surfaces.loom_plot import draw_loom

        figure = draw_loom(profile, laid, looms, spheres)
        with whole_file(arguments.output) as hidden:
            figure.savefig(hidden, format="png", facecolor=GROUND)
        console.print(f"\n{arguments.output}: how it lies", soft_wrap=True)
    return FINE


def _list(console: Console) -> int:
    profiles, errors = load_profiles()
    console.print(profile_table(profiles))
    for error in errors:
        console.print(error_line(error), soft_wrap=True)
    return BAD_INPUT if errors else FINE
