"""`relui close`: the end of a release, and its way into the archive."""

from __future__ import annotations

from relui.cli.acting import tell, unchanged
from relui.cli.command import RELEASE, choice, command, option, pairs, switch
from relui.cli.session import Session
from relui.domain.release import OUTCOMES, Outcome
from relui.errors import Refused


@command("close")
def close_command(
    session: Session,
    release: str = RELEASE,
    outcome: Outcome | None = choice("How it ended; as its completion says, else successful.", OUTCOMES),
    reason: str = option("Why items are left open, one reason for all; why cancelled."),
    reason_for: tuple[str, ...] = option("Why this item is left open.", "ITEM=T", multiple=True),
    check: bool = switch("Only say what is missing: 1 when something stands in the way."),
) -> int:
    """Close the release ID and move it to the archive. Open required items need a reason.

    One that is closed with the same outcome is left as it is.
    """
    if check:
        return _check(session, release)
    reasons = pairs(reason_for, "--reason-for")
    opened = session.desk.open(release)
    ended = opened.release.closing
    if opened.archived and ended is not None and outcome in (None, ended.outcome):
        tell(session, unchanged(opened), f"closed as {ended.outcome} already. Nothing changed.")
        return 0
    try:
        done = session.desk.close(release, outcome=outcome, reason=reason, reasons=reasons)
    except Refused as refused:
        if "one reason for all" not in refused.message:
            raise
        raise Refused(f"{refused.message} Say it with --reason T, or --reason-for ITEM=T for each.") from None
    tell(session, done, "closed already.")
    if not session.json and done.record.archived:
        session.out.word(f"Archived as {done.record.where}.")
    return 0


def _check(session: Session, release: str) -> int:
    """Print every point of the closing. Returns 1 when one of them blocks."""
    release_id = session.desk.resolve(release)
    lines = session.desk.closing_report(release_id)
    blocked = any(each.standing == "blocks" for each in lines)
    if session.json:
        rows = [
            {"name": each.name, "standing": each.standing, "words": each.words, "criterion": each.criterion,
             "gaps": [gap.text for gap in each.gaps]}
            for each in lines
        ]  # fmt: skip
        session.out.document({"id": release_id, "closable": not blocked, "points": rows})
    else:
        signs = {"met": "[x]", "warns": "[-]", "blocks": "[ ]"}
        session.out.lines([(f"{signs[each.standing]} {each.name}: {each.words}",) for each in lines])
    return Refused.exit_code if blocked else 0
