"""Who is there: controllers that come to sit down, go, and come back to their seats. For the desk's thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from weaver.hands.recognise import Found, Names, Recogniser
from weaver.hands.seat import Seat
from weaver.hands.session import Session
from weaver.model.wires import Wires

LOOK_S = 0.25
"""Between two looks at the ports."""
OUTPUT_GRACE_S = 1.0
"""How long a device is waited for whose input is there, but not its output yet."""


class Register:
    """Seats by their slots. `wants` says by a port's names whether the player wants it, `takes` by a port and a title
    whether it is ours to take; `count` is told what fails."""

    def __init__(
        self,
        wires: Wires,
        recogniser: Recogniser,
        wants: Callable[[Sequence[str]], bool],
        count: Callable[[str, Exception], None],
        takes: Callable[[str, str], bool] = lambda port, title: True,
    ) -> None:
        self.recogniser = recogniser
        self.seats: dict[int, Seat] = {}
        self._wires, self._wants, self._count, self._takes = wires, wants, count, takes
        self._alone_since_s: dict[str, float] = {}

    def here(self) -> list[Seat]:
        """Those who are there now."""
        return [seat for seat in self.seats.values() if seat.is_here]

    def forget_lights(self) -> None:
        """All lights of all who are there may show anything: they are told again."""
        for seat in self.here():
            seat.forget_lights()

    def turn_pages(self, step: int) -> list[Seat]:
        """Turn all who are there to another page; returns those who have one there."""
        return [seat for seat in self.here() if seat.turn_page(step)]

    def reconsider(self) -> list[Seat]:
        """Take everybody for what the profiles say now; returns those who are other than before. A player's own file
        comes before the one that somebody was known by."""
        known = {profile.name: profile for profile in self.recogniser.profiles}
        changed = []
        for seat in self.here():
            first = next(iter(self.recogniser.candidates(seat.found.names)), seat.profile)
            is_better = first.is_own and not seat.profile.is_own
            profile = first if is_better else known.get(seat.profile.name, first)
            if profile != seat.profile:
                seat.session.profile = profile
                changed.append(seat)
        return changed

    def look(self, now_s: float) -> None:
        """See who has gone, and seat who has come."""
        try:
            inputs = {name: names for name, names in self._wires.inputs().items() if self._wants(names)}
            outputs = dict(self._wires.outputs())
            self._miss(inputs, outputs)
        except Exception as error:  # the lists may be back at the next look
            self._count("look", error)
            return
        taken_inputs = {seat.found.input_name for seat in self.here()}
        taken_outputs = {seat.found.output_name for seat in self.here()}
        free_inputs = {name: names for name, names in inputs.items() if name not in taken_inputs}
        free_outputs = {name: names for name, names in outputs.items() if name not in taken_outputs}
        alone: dict[str, float] = {}
        for found in self.recogniser.find(free_inputs, free_outputs):
            since_s = self._alone_since_s.get(found.input_name, now_s)
            if found.output_name is None and _speaks(found) and now_s - since_s < OUTPUT_GRACE_S:
                alone[found.input_name] = since_s
            elif self._takes(found.input_name, found.candidates[0].title):
                self._seat(found, now_s)
        self._alone_since_s = alone
        self._give_late_outputs(inputs, free_outputs)

    def _miss(self, inputs: Names, outputs: Names) -> None:
        """Who has gone, wholly or by half: pulled out, or no longer joined because it was put straight back."""
        joined = self._wires.joined()
        for seat in self.here():
            is_joined = joined.get(seat.slot) == seat.found.input_name
            output = seat.found.output_name
            if is_joined and seat.found.input_name in inputs and (output is None or output in outputs):
                continue
            self._see_off(seat, is_joined)

    def _see_off(self, seat: Seat, is_joined: bool) -> None:
        seat.is_here = False
        if not is_joined:
            return
        try:
            self._wires.part(seat.slot)
        except Exception as error:  # it is gone either way
            self._count("part", error)

    def _seat(self, found: Found, now_s: float) -> None:
        try:
            slot = self._wires.join(found.input_name, found.output_name)
        except Exception as error:  # tried again at the next look
            self._count("join", error)
            return
        before = self.seats.get(slot)
        if before is not None and before.found.input_name != found.input_name:
            before = None
        session = Session(found.candidates, found.output_name is not None, now_s, self.recogniser.profiles)
        if before is not None:
            session.rewriting = before.session.rewriting
        self.seats[slot] = Seat(slot, found, session, before)

    def _give_late_outputs(self, inputs: Names, outputs: Names) -> None:
        """A device whose output has come after all is seated anew at the next look."""
        alone = {seat.found.input_name: seat for seat in self.here() if seat.found.output_name is None}
        if not alone or not outputs:
            return
        for found in self.recogniser.find({name: inputs[name] for name in alone if name in inputs}, outputs):
            if found.output_name is not None:
                self._see_off(alone[found.input_name], is_joined=True)


def _speaks(found: Found) -> bool:
    """Whether there is anything to say to it."""
    return any(profile.lights is not None or profile.talk.enter for profile in found.candidates)
