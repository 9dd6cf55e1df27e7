"""Which controllers are there: profiles to names of ports, and outputs to the inputs of the same device.

Inputs and outputs are looked for separately, over all names that a port goes by: the two come in different orders,
and are called differently, on every system.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weaver.mapping.lesson import device_words, slug
from weaver.mapping.profile import Profile
from weaver.midi.ports import AUTO
from weaver.midi.ports import candidates as listened_to
from weaver.model.errors import ConfigError

Names = Mapping[str, tuple[str, ...]]
"""Ports that are there, as `Wires` tells: port -> all the names it goes by."""

_DIRECTION = re.compile(r"(midi)?(capture|playback|input|output|in|out)(?![a-z])", re.IGNORECASE)
_COUNTED = re.compile(r"^system:")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Named:
    """What a player has said: take each port with `word` in a name for a controller of `profile`."""

    profile: str
    word: str

    def means(self, names: Iterable[str]) -> bool:
        """Whether these are the names of such a port."""
        return any(self.word.casefold() in name.casefold() for name in names)


def parse_named(text: str) -> Named:
    """From PROFILE:WORD. Raises ConfigError."""
    profile, _, word = text.partition(":")
    if not profile or not word.strip():
        raise ConfigError("--as", "PROFILE:WORD, a profile and a part of a port's name", repr(text))
    return Named(profile, word.strip())


@dataclass(frozen=True, slots=True)
class Found:
    """A controller that is there. `names` are all of its input's, `candidates` what it may be, the likeliest first, and
    never empty."""

    input_name: str
    output_name: str | None
    candidates: tuple[Profile, ...]
    names: tuple[str, ...] = ()

    @property
    def is_stranger(self) -> bool:
        """Whether no file knows it."""
        return self.candidates[0].path is None


class Recogniser:
    """Knows all profiles, and what the player has said about ports. Raises ConfigError for a profile there is not.

    While `adopts` is set, an input that no profile knows is a controller too: one without a file, whose notes and
    controls go by the mode. What a recogniser knows may change at any time, on any thread.
    """

    def __init__(self, profiles: Sequence[Profile], named: Sequence[Named] = ()) -> None:
        self.adopts = False
        self._said = tuple(named)
        self.know(profiles)

    def know(self, profiles: Sequence[Profile]) -> None:
        """From now on go by these profiles. Raises ConfigError if one that was said is not among them."""
        known = {profile.name: profile for profile in profiles}
        for said in self._said:
            if said.profile not in known:
                raise ConfigError("--as", f"a controller: {', '.join(sorted(known)) or '(none)'}", repr(said.profile))
        self.profiles = tuple(sorted(profiles, key=lambda profile: not profile.is_own))
        self._named = [(said, known[said.profile]) for said in self._said]

    def candidates(self, names: Iterable[str]) -> tuple[Profile, ...]:
        """What an input of these names may be: what was said, or the player's own profiles, then the closest match."""
        names = tuple(names)
        for said, profile in self._named:
            if said.means(names):
                return (profile,)
        fitting = self._fitting(names)
        if not fitting and self.adopts and self._is_free(names):
            return (stranger(names),)
        return fitting

    def _fitting(self, names: tuple[str, ...]) -> tuple[Profile, ...]:
        fitting = []
        for place, profile in enumerate(self.profiles):
            ports = profile.ports
            if _longest(ports.input, names) and not _longest(ports.ignore, names):
                fitting.append((not profile.is_own, -_longest(ports.input, names), place, profile))
        return tuple(profile for *_, profile in sorted(fitting, key=lambda entry: entry[:3]))

    def claims(self, names: Iterable[str]) -> bool:
        """Whether an input of these names is a controller's, or one that a controller does not want to be played."""
        names = tuple(names)
        return bool(self.candidates(names)) or self._is_ignored(names)

    def _is_ignored(self, names: tuple[str, ...]) -> bool:
        return any(_longest(profile.ports.ignore, names) for profile in self.profiles)

    def _is_free(self, names: tuple[str, ...]) -> bool:
        """Whether a stranger may sit there: neither a through port, nor one of another instance of ours."""
        return len(listened_to(names, AUTO)) == len(names) and not self._is_ignored(names)

    def find(self, inputs: Names, outputs: Names) -> list[Found]:
        """The controllers among ports that nobody has yet, in the order of their inputs."""
        inside = [(name, names, self.candidates(names)) for name, names in inputs.items()]
        seats = [seat for seat in inside if seat[2]]
        pairs = sorted(
            ((unlikeness(in_names, out_names), abs(at_in - at_out), at_in, at_out), in_name, out_name)
            for at_in, (in_name, in_names, candidates) in enumerate(seats)
            for at_out, (out_name, out_names) in enumerate(self._outputs_for(candidates, in_names, outputs))
        )
        taken: dict[str, str] = {}
        for _, in_name, out_name in pairs:
            if in_name not in taken and out_name not in taken.values():
                taken[in_name] = out_name
        return [Found(name, taken.get(name), candidates, names) for name, names, candidates in seats]

    def _outputs_for(
        self, candidates: Sequence[Profile], in_names: tuple[str, ...], outputs: Names
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Outputs that may be of the same device as an input."""
        said = next((said for said, _ in self._named if said.means(in_names)), None)
        return [
            (name, names)
            for name, names in outputs.items()
            if (said is not None and said.means(names)) or any(_is_output(profile, names) for profile in candidates)
        ]


def lasting_port(names: Sequence[str]) -> str:
    """The one of a port's names that tells a device best: JACK's own only count them."""
    return next((name for name in names if not _COUNTED.search(name)), names[0])


def stranger(names: Sequence[str]) -> Profile:
    """What an input is taken for that no file knows."""
    port = lasting_port(names)
    return Profile(slug(port), device_words(port), "no file knows it: the mode is played on it", "low", (), "mode")


def _is_output(profile: Profile, names: tuple[str, ...]) -> bool:
    ports = profile.ports
    return bool(_longest(ports.output or ports.input, names)) and not _longest(ports.ignore, names)


def _longest(patterns: Iterable[re.Pattern[str]], names: Iterable[str]) -> int:
    """How much of a name the best fitting pattern covers; 0 if none fits."""
    names = tuple(names)
    found = (pattern.search(name) for pattern in patterns for name in names)
    return max((max(len(match.group()), 1) for match in found if match), default=0)


def unlikeness(some: Iterable[str], others: Iterable[str]) -> int:
    """How little two ports look like the two directions of one: 0 the same name, 1 the same numbers, 2 neither."""
    one, two = ({_DIRECTION.sub("", name).casefold() for name in names} for names in (some, others))
    if one & two:
        return 0
    numbers, other_numbers = ({tuple(_NUMBER.findall(name)) for name in names} for names in (some, others))
    return 1 if numbers & other_numbers else 2
