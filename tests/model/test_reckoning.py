"""The reckoning: whose fate is what, and what the audience makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from weaver.model.reckoning import FULL_CONSONANCE_S, VERDICTS, Fate, Reckoning, reckoning_lines, verdict

WHOLE = Fate("Violet", "whole", "whole", 1.0, 0.0, is_saved=False, is_lost=False, shatters=0)
FLICKERED = replace(WHOLE, name="Gold", worst="flickering", least_health=0.85)
SAVED = replace(WHOLE, name="Azure", worst="failing", least_health=0.1, is_saved=True)
HURT = replace(WHOLE, name="Nova", state="fractured", worst="fractured")
LOST = replace(WHOLE, name="Cobalt", state="shattered", worst="shattered", is_lost=True, shatters=1)
GATHERING = replace(LOST, name="Crimson", state="reforming", shatters=2)
BACK = replace(WHOLE, name="Moon", worst="shattered", is_saved=True, shatters=1)
PLAYED = Reckoning(
    title="A test",
    is_over=True,
    fates=(WHOLE, FLICKERED),
    consonance_s=FULL_CONSONANCE_S,
    silence_s=12.0,
    reward=1.0,
    notes=42,
    coaxing=0,
    performed_s=90.0,
    mean_mood=1.0,
    last_mood=1.0,
)
POOR = {"consonance_s": 0.0, "reward": 0.0, "mean_mood": 0.3, "last_mood": 0.2}


def text_of(reckoning: Reckoning) -> dict[str, str]:
    return {line[2:22].strip(): line[22:] for line in reckoning_lines(reckoning)[1:]}


def test_every_sphere_has_one_fate() -> None:
    reckoning = replace(PLAYED, fates=(WHOLE, FLICKERED, SAVED, HURT, LOST, GATHERING, BACK))
    assert reckoning.kept == (WHOLE, FLICKERED)
    assert reckoning.saved == (SAVED, BACK)
    assert reckoning.hurt == (HURT,)
    assert reckoning.lost == (LOST, GATHERING)


def test_it_is_told_in_lines() -> None:
    fates = (WHOLE, FLICKERED, SAVED, HURT, LOST, GATHERING, BACK)
    text = text_of(replace(PLAYED, fates=fates, coaxing=3, reward=0.825, silence_s=8.25, consonance_s=12.44))
    assert text["kept whole"] == "Violet, Gold"
    assert text["saved"] == "Azure (was failing), Moon (shattered once)"
    assert text["still hurt"] == "Nova (fractured)"
    assert text["lost"] == "Cobalt (shattered), Crimson (reforming, shattered 2 times)"
    assert text["longest consonance"] == "12.4 s"
    assert text["silence held"] == "8.2 s, rewarded with 82%"
    assert text["notes"] == "42 in 1:30, and 3 before the first"
    assert text["the audience"] == verdict(replace(PLAYED, fates=fates))


def test_one_that_was_broken_off_says_so() -> None:
    assert reckoning_lines(PLAYED)[0] == "A test: the reckoning"
    assert reckoning_lines(replace(PLAYED, is_over=False))[0] == "A test: the reckoning, so far"
    assert text_of(PLAYED)["lost"] == "none"
    assert text_of(PLAYED)["notes"] == "42 in 1:30"


def test_favour_grows_with_each_of_its_parts() -> None:
    assert PLAYED.favour == pytest.approx(1.0)
    for worse in (
        {"fates": (WHOLE, LOST)},
        {"fates": (WHOLE, HURT)},
        {"consonance_s": 5.0},
        {"reward": 0.5},
        {"mean_mood": 0.5},
        {"last_mood": 0.5},
    ):
        assert replace(PLAYED, **worse).favour < PLAYED.favour - 0.05
    assert replace(PLAYED, fates=(WHOLE, LOST)).favour < replace(PLAYED, fates=(WHOLE, HURT)).favour
    assert replace(PLAYED, consonance_s=1e6).favour == PLAYED.favour


@pytest.mark.parametrize(
    ("reckoning", "word"),
    [
        (replace(PLAYED, notes=0), "waiting"),
        (replace(PLAYED, fates=(WHOLE, LOST)), "Aghast"),
        (replace(PLAYED, fates=(WHOLE, WHOLE, LOST), **POOR), "mourns"),
        (replace(PLAYED, fates=(WHOLE, WHOLE, LOST)), "Moved"),
        (replace(PLAYED, fates=(WHOLE, SAVED)), "Rapture"),
        (PLAYED, "Rapt."),
        (replace(PLAYED, consonance_s=0.0, reward=0.5), "Warm"),
        (replace(PLAYED, consonance_s=0.0, reward=0.0, mean_mood=0.5, last_mood=0.4), "Courteous"),
        (replace(PLAYED, fates=(HURT, HURT), **POOR), "Cool"),
    ],
)
def test_the_audience_says_what_it_thinks(reckoning: Reckoning, word: str) -> None:
    assert verdict(reckoning).startswith(word) or word in verdict(reckoning)
    assert sum(word in row.words for row in VERDICTS) == 1
