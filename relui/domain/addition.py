"""What can still be added to an archived release: its retrospective, once, and defects found since [S1.29].

Its checklist and everything else stay as they were when it was closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.log import Act
from relui.domain.patches import Document, diff
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.text import did_you_mean, long_text, quoted
from relui.errors import BadInput, Refused

ADDABLE = (("retrospective",), ("dossier", "defects"))
"""Where an addition may write in the document of a release."""
ADDITIONS = ("add-retrospective", "add-escaped")
"""The verbs of additions in the log."""
ANSWERS = {"well": "What went well", "hard": "What was hard", "next": "What changes next release"}
"""The three answers of a retrospective [S0.9]."""


def refuse_beyond(before: Document, after: Document) -> None:
    """Raises Refused for a change of an archived release that is no addition."""
    for patch in diff(before, after):
        inside = any(patch.path[: len(place)] == place for place in ADDABLE)
        new = patch.path == ("dossier",) and patch.before is UNSET and list(patch.after or ()) == ["defects"]
        if not inside and not new:
            raise Refused(
                f"{before['id']} is archived: '{'.'.join(patch.path)}' cannot change any more. Its "
                "retrospective and defects found since can be added."
            )


def add_retrospective(release: Release, given: Mapping[str, str], at: datetime) -> Ruling:
    """Write the retrospective of a release that was closed without it, once and whole.

    What was answered before it was closed stays. Raises Refused when it is written already, BadInput for a
    part that there is not, an answer that is missing, or one that was given before.
    """
    closing = release.closing
    assert closing is not None
    checked = answers(given)
    now = release.retrospective
    if now.written:
        if all(getattr(now, name) == text for name, text in checked.items()):
            return Ruling(release, None)
        raise Refused(
            f"{release.id} is archived, and its retrospective is written: it stays as it is. Note what you "
            f"learned on the next release of {release.service}."
        )
    for name, text in checked.items():
        before = getattr(now, name)
        if before.strip() and text != before:
            raise BadInput(
                f"'{ANSWERS[name]}' was answered before {release.id} was closed, and stays as it is."
            )
    written = replace(now, **checked)
    missing = [ANSWERS[name] for name in ANSWERS if not getattr(written, name).strip()]
    if missing:
        raise BadInput(
            f"{release.id} is archived: its retrospective is added once and whole. Still to be answered: "
            f"{', '.join(missing)}. Nothing was changed."
        )
    when = moment_words(closing.at, release.zone)
    words = f"added the retrospective to the release closed on {when}"
    act = Act("add-retrospective", words, reversible=False)
    return Ruling(replace(release, retrospective=written), act, tuple(checked))


def answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answers, cleaned. Raises BadInput for a part that there is not."""
    for name in given:
        if name not in ANSWERS:
            raise BadInput(f"A retrospective has no part {quoted(name)}.{did_you_mean(name, ANSWERS)}")
    return {name: long_text(text, what=ANSWERS[name]) for name, text in given.items()}


def add_escaped(release: Release, given: Mapping[str, str], at: datetime, by: str) -> Ruling:
    """Add a defect that was found after the release was closed: it counts as escaped [S1.34].

    Raises Refused for a cancelled release, BadInput as `add_part` does, and for a defect that was found
    before the deployment.
    """
    from relui.domain.dossier.editing import add_part

    assert release.closing is not None
    if release.closing.outcome == "cancelled":
        raise Refused(f"{release.id} was cancelled: nothing of it was deployed that could have a defect.")
    found = given.get("found", "").strip()
    if found not in ("", "post-deploy"):
        raise BadInput(
            f"{release.id} is archived: what is added to it was found after the deployment (post-deploy), "
            f"not in {quoted(found)}."
        )
    opened = replace(release, closing=None)
    ruling = add_part(opened, "defect", {**given, "found": "post-deploy"}, at, by)
    if ruling.act is None:
        return replace(ruling, release=release)
    dossier = replace(release.dossier, defects=ruling.release.dossier.defects)
    act = Act("add-escaped", f"{ruling.act.text}, found after it was closed", reversible=False)
    return Ruling(replace(release, dossier=dossier), act, ruling.changed)
