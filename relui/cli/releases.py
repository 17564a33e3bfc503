"""`relui new`, `edit`, `close` and `retro`: a release from its template to the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import tell, tell_archived, unchanged
from relui.cli.command import RELEASE, argument, choice, command, option, pairs, switch
from relui.cli.completing import pack_names, release_ids, template_names
from relui.cli.output import count, distance, moment
from relui.cli.session import Session
from relui.cli.shapes import answers_of, picked, row_of_release
from relui.domain.editing import FIELDS
from relui.domain.outline import Outline
from relui.domain.release import IMPACTS, OUTCOMES, RELEASE_TYPES, Outcome
from relui.errors import Refused

if TYPE_CHECKING:
    from relui.desk.act import Done
    from relui.desk.planning import Request
    from relui.domain.release import Release


@command(
    "new",
    more={
        "service": option("What is released.", "S"),
        "version": option("2.4.0, or 2026.11.21, or a number.", "V"),
        "template": option(
            "The checklist to start from; `standard` unless the settings say other.",
            "NAME",
            completing=template_names,
        ),
        "type": choice("minor when nothing is said.", RELEASE_TYPES),
        "impact": choice("medium when nothing is said.", IMPACTS),
        "owner": option("The service's owner, or else you.", "NAME"),
        "go_live": option(
            "2026-11-21T20:00; without, the next free slot that leaves three days, or what the template "
            "needs.",
            "INSTANT",
        ),
        "duration": option("2h when nothing is said; 90m, 1h30m.", "D"),
        "title": option("`VERSION - Release - DATE` when nothing is said."),
        "rationale": option("Why; an emergency must say it."),
        "criterion": option("What makes it an emergency by policy."),
        "packs": option("Add a pack's items.", "P", "--pack", pack_names, multiple=True),
        "without": option("Leave out what the template marks so.", "OPTION", multiple=True),
        "values": option("One line for each value: region=eu,us.", "KEY=V,V", "--set", multiple=True),
        "copy_of": option(
            "Take over checklist, service and team of this release.", "ID", "--copy", release_ids
        ),
        "follows": option(
            "Take over what did not go out with this release, and link the two.", "ID", completing=release_ids
        ),
        "book": switch("Book its slot too; when a rule forbids it, nothing is created."),
    },
)
def new_command(session: Session, /, book: bool, **given: Any) -> None:
    """Create a release and print its identifier."""
    request = _request(session, given)
    done = session.desk.releases.new(request, book=book)
    row = row_of_release(done.release, session.clock.now())
    if session.answers({"release": row, "told": done.ruling.told}):
        return
    session.out.line(done.release.id)
    _tell(session, request, done)


def _request(session: Session, given: Mapping[str, Any]) -> Request:
    from msgspec import convert

    from relui.desk.planning import Request

    copied = given["copy_of"] or given["follows"]
    template = given["template"] or ("" if copied else session.settings.default_template)
    chosen = {
        name: tuple(value.strip() for value in text.split(",") if value.strip())
        for name, text in pairs(given["values"], "--set").items()
    }
    type_, impact = given["type"] or "", given["impact"] or ""
    return convert(
        {**given, "template": template, "type": type_, "impact": impact, "values": chosen}, Request
    )


def _tell(session: Session, request: Request, done: Done) -> None:
    release, say = done.release, session.out.word
    say(f"Created {release.title} of {release.service} with {count(Outline(release).total, 'item')}.")
    away = distance(release.go_live - session.clock.now())
    at = f"{moment(release.go_live, release.zone)} {release.zone}, {away}"
    if release.booking is not None:
        say(f"Go-live {at}, booked.")
    elif request.go_live:
        say(f"Go-live {at}.")
    else:
        say(f"Go-live {at}, proposed. Change it with `relui edit {release.id} --set go-live=...`.")
    session.out.words(done.ruling.told)


@command("edit", words=f"Set fields of the release ID, all of them or none: {', '.join(FIELDS)}.")
def edit_command(
    session: Session,
    release: str = RELEASE,
    more: tuple[str, ...] = argument("[FIELD=VALUE]..."),
    given: tuple[str, ...] = option(
        "A field's new value.", "FIELD=VALUE", "--set", multiple=True, required=True
    ),
) -> None:
    """Set fields; `--set a=1 b=2` and `--set a=1 --set b=2` are the same."""
    done = session.desk.releases.edit(release, pairs((*given, *more), "--set"))
    tell(session, done, "is so already. Nothing changed.")


@command("close")
def close_command(
    session: Session,
    release: str = RELEASE,
    outcome: Outcome | None = choice("How it ended; as its completion says, else successful.", OUTCOMES),
    reason: str = option("Why items are left open, one reason for all; why cancelled."),
    reason_for: tuple[str, ...] = option("Why this item is left open.", "ITEM=T", multiple=True),
    check: bool = switch("Only say what is missing: 1 when something stands in the way."),
) -> int:
    """Close the release ID and move it to the archive. Open required items need a reason. One that is closed
    with the same outcome is left as it is.
    """
    if check:
        return _check(session, release)
    reasons = pairs(reason_for, "--reason-for")
    opened = session.desk.journal.open(release)
    ended = opened.release.closing
    if opened.archived and ended is not None and outcome in (None, ended.outcome):
        tell(session, unchanged(opened), f"closed as {ended.outcome} already. Nothing changed.")
        return 0
    try:
        done = session.desk.releases.close(release, outcome=outcome, reason=reason, reasons=reasons)
    except Refused as refused:
        if "one reason for all" not in refused.message:
            raise
        raise Refused(f"{refused.message} Say it with --reason T, or --reason-for ITEM=T for each.") from None
    tell(session, done, "closed already.")
    tell_archived(session, done)
    return 0


def _check(session: Session, release: str) -> int:
    """Print every point of the closing. Returns 1 when one of them blocks."""
    release_id = session.desk.journal.resolve(release)
    lines = session.desk.archive.closing_report(release_id)
    blocked = any(each.standing == "blocks" for each in lines)
    rows = [
        {**picked(each, "name standing words criterion"), "gaps": [gap.text for gap in each.gaps]}
        for each in lines
    ]
    if not session.answers({"id": release_id, "closable": not blocked, "points": rows}):
        signs = {"met": "[x]", "warns": "[-]", "blocks": "[ ]"}
        session.out.lines([(f"{signs[each.standing]} {each.name}: {each.words}",) for each in lines])
    return Refused.exit_code if blocked else 0


@command("retro")
def retro_command(
    session: Session,
    release: str = RELEASE,
    well: str | None = option("What went well.", default=None),
    hard: str | None = option("What was hard.", default=None),
    next_: str | None = option("What changes next release.", flag="--next", default=None),
    owner: str = option("Who does what changes; the release's owner without.", "NAME"),
) -> None:
    """Write answers of the retrospective of the release ID; without any, print it."""
    given = {"well": well, "hard": hard, "next": next_}
    answers = {name: text for name, text in given.items() if text is not None}
    if answers:
        done = session.desk.learning.write_retrospective(release, answers, owner)
        tell(session, done, "is so already. Nothing changed.")
        if "next" in answers and not session.json:
            raised = session.desk.learning.read().of_release(done.release.id)
            session.out.words(f"{each.id} for {each.owner}: {each.text}" for each in raised if each.open)
        return
    if owner:
        raise click.UsageError("--owner goes with --next T: who does what changes.")
    opened = session.release(release)
    written = opened.retrospective
    if session.answers({"id": opened.id, "retrospective": picked(written, "well hard next")}):
        return
    for title, text in answers_of(written):
        session.out.line(f"{title}: {text}")
    if not written.written and opened.closing is not None:
        session.out.word(_owed(session, opened))
    elif not written.written:
        session.out.word("Not complete yet. Write it with --well, --hard and --next.")


def _owed(session: Session, release: Release) -> str:
    """What is said of the retrospective of a release that was closed without it."""
    from relui.domain.learning.reviews import retrospectives_owed
    from relui.domain.summary import summarise

    desk = session.desk
    owed = retrospectives_owed([summarise(release)], desk.organisation.read(), desk.clock.now())
    until = f"Owed until {moment(owed[0].due, desk.organisation.display_zone())}. " if owed else ""
    return f"It was not complete when the release was closed. {until}Add what is missing, all of it at once."
