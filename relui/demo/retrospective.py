"""The retrospectives of the demo's archive: each takes up what the one before it had asked for."""

from __future__ import annotations

import random
from collections.abc import Mapping

from relui.demo.drafts import Draft
from relui.demo.inputs import Vocabulary


def retrospective(draft: Draft, vocabulary: Vocabulary, *, kept: bool, rng: random.Random) -> dict[str, str]:
    """The three answers, names not filled in yet.

    `kept` is whether the action that the release before had asked for was done this time.
    """
    well = list(draft.well)
    hard = list(draft.hard)
    if draft.cause is not None:
        hard[:1] = [draft.cause.hard]
    if draft.emergency is not None:
        hard[:1] = [draft.emergency.hard]
    learned = draft.learned
    if learned is not None and kept:
        well.insert(rng.randrange(len(well) + 1), learned.kept)
    elif learned is not None:
        hard.append(rng.choice(vocabulary.again).replace("{action}", learned.action))
    action = draft.lesson.action
    asked = (f"{action}.", f"{action}: {{dev}} takes it.", f"{action}. {{owner}} asks for it in two weeks.")
    return {
        "well": " ".join(well),
        "hard": " ".join(hard),
        "next": rng.choice(asked),
    }


def filled(text: str, names: Mapping[str, str]) -> str:
    """A sentence with its names filled in, and capitals where people's ids begin a sentence."""
    sentence = text.format_map(names)
    return sentence[:1].upper() + sentence[1:]
