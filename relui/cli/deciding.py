"""`relui go`, `hold`, `start`, `complete`, `rollback` and the other decisions; the page of a hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from relui.cli.acting import tell_archived, tell_record, unchanged
from relui.cli.booking import instant_for
from relui.cli.command import RELEASE, Given, argument, command, option, switch
from relui.cli.completing import confirmed_points, decisions, person_names, places
from relui.cli.output import Lines, Styled, distance, moment, section
from relui.cli.session import Session
from relui.cli.shapes import Shape, act, picked, shapes_of
from relui.cli.signing import line_shapes, with_confirm
from relui.domain.dossier.decidable import DECIDABLE, Ask, Decidable
from relui.domain.dossier.environments import STATES
from relui.domain.dossier.shift import ShiftPage
from relui.domain.release import Release
from relui.domain.text import quoted
from relui.errors import BadInput

_METAVARS = {
    "instant": "INSTANT",
    "person": "PERSON",
    "points": "POINT",
    "many": "PLACE",
    "override_reason": "REASON",
}
"""How a value is called in help, by the kind or the name of what is asked; else T."""
_COMPLETING = {"person": person_names, "points": confirmed_points, "many": places}


def _asked(decision: Decidable) -> Mapping[str, Given]:
    """What a decision asks for, as arguments and options, behind its release."""
    return {"release": RELEASE, **{ask.name: _given(ask) for ask in decision.asks}}


def _given(ask: Ask) -> Any:
    completing = _COMPLETING.get(ask.kind)
    if ask.option.startswith("["):
        return argument(ask.option, completing)
    called = "|".join(ask.choices) or _METAVARS.get(ask.kind) or _METAVARS.get(ask.name, "T")
    more: dict[str, Any] = {"required": True} if ask.needed else {"default": ask.default}
    if ask.kind in ("many", "lines", "points"):
        more = {"multiple": True}
    return option(ask.about, called, ask.option, completing, **more)


def _command(decision: Decidable) -> click.Command:
    """The command that takes a decision: an option for each thing that it asks for."""

    def take(session: Session, /, release: str, **given: Any) -> None:
        if decision.final and _cancelled_already(session, release):
            return
        for ask in decision.asks:
            if ask.kind == "instant":
                given[ask.name] = instant_for(session, given[ask.name], release)
        try:
            done = session.desk.deployment.carry_out(release, decision.name, **given)
        except BadInput as error:
            raise with_confirm(error) from None
        tell_record(session, done)
        if decision.final:
            tell_archived(session, done)

    words = decision.does.replace("the release", "the release ID", 1)
    return command(decision.name, words=words, more=_asked(decision))(take)


def _cancelled_already(session: Session, release: str) -> bool:
    """Whether there is nothing left to cancel, which is told."""
    opened = session.desk.journal.open(release)
    ended = opened.release.closing
    if ended is None or ended.outcome != "cancelled":
        return False
    tell_record(session, unchanged(opened), "cancelled already. Nothing changed.")
    return True


go_command = _command(DECIDABLE["go"])
no_go_command = _command(DECIDABLE["no-go"])
hold_command = _command(DECIDABLE["hold"])
resume_command = _command(DECIDABLE["resume"])
start_command = _command(DECIDABLE["start"])
complete_command = _command(DECIDABLE["complete"])
rollback_command = _command(DECIDABLE["rollback"])
cancel_command = _command(DECIDABLE["cancel"])
claim_command = _command(DECIDABLE["claim"])


@command(
    "decide",
    more={
        **_asked(DECIDABLE["decide"]),
        "withdraw": option("Withdraw this decision; WORDS say why.", "D-N", completing=decisions),
    },
)
def decide_command(
    session: Session, /, release: str, words: str, scope: tuple[str, ...], withdraw: str
) -> None:
    """Record a decision about the release ID in your words, or withdraw one."""
    if withdraw:
        if scope:
            raise click.UsageError("--withdraw takes no --for.")
        done = session.desk.deployment.withdraw(release, withdraw, words)
    else:
        done = session.desk.deployment.carry_out(release, "decide", words=words, scope=scope)
    tell_record(session, done)


@command(
    "hand-over",
    more={
        **_asked(DECIDABLE["hand-over"]),
        "signing": switch("Let your delegate sign, though you are not away.", "--sign-offs"),
        **_asked(DECIDABLE["delegate"]),
    },
)
def hand_over_command(
    session: Session, /, release: str, to: str, worries: str, signing: bool, reason: str
) -> None:
    """Hand the lead of the release ID over to PERSON, and print the page for them; without PERSON only the
    page. --sign-offs lets your delegate sign for you.
    """
    if signing:
        if worries:
            raise click.UsageError("--worries is for the lead; --sign-offs takes a --reason.")
        tell_record(session, session.desk.deployment.carry_out(release, "delegate", to=to, reason=reason))
        return
    if reason:
        raise click.UsageError("--reason belongs to --sign-offs.")
    if not to:
        if worries:
            raise BadInput(f"Say who takes over: {quoted(worries)} is for them. Nothing was changed.")
        print_page(session, session.desk.journal.resolve(release))
        return
    done = session.desk.deployment.carry_out(release, "hand-over", to=to, worries=worries)
    if session.json:
        page = page_shape(done.release, session.desk.documents.shift_page(done.release.id))
        session.out.document({**act(done), "page": page})
        return
    tell_record(session, done)
    print_page(session, done.release.id)


@command("progress")
def progress_command(
    session: Session,
    release: str = RELEASE,
    names: tuple[str, ...] = argument("[PLACE]...", places),
    state: str = option("How far it is there.", "|".join(STATES)),
    reason: str = option("Why; needed for what failed, was rolled back or was left out."),
) -> None:
    """Record how far the deployment of the release ID is in PLACEs, services or regions; `all`: each of
    them. Without PLACE it is printed.
    """
    from relui.domain.dossier.environments import places as places_of

    if names:
        if not state:
            raise click.UsageError(f"Say how far it is there: --state {'|'.join(STATES)}.")
        done = session.desk.deployment.carry_out(release, "progress", names=names, state=state, reason=reason)
        tell_record(session, done, "is recorded so already.")
        return
    if state or reason:
        raise click.UsageError("Say where: name the services or regions, or `all`.")
    opened = session.release(release)
    states = places_of(opened)
    if session.answers({"id": opened.id, "progress": states}):
        return
    for name, word in states.items():
        session.out.line(f"{name}  {STATES[word]}")
    if not states:
        session.out.word(f"{opened.id} names no services or regions of its own.")


def print_page(session: Session, release_id: str) -> None:
    """Print the page of a release as it stands now."""
    page = session.desk.documents.shift_page(release_id)
    release = session.release(release_id)
    if not session.answers({"id": release_id, "page": page_shape(release, page)}):
        session.out.lines(_lines(release_id, page, session.desk.organisation.display_zone()))


def _lines(release_id: str, page: ShiftPage, zone: str) -> Lines:
    yield (Styled(f"{release_id}: hand-over, {moment(page.now, zone)} {zone}", "bold"),)
    yield (f"Led by {page.leader}.",)
    for words in page.state:
        yield (words,)
    clock = page.clock
    yield (
        f"Window {moment(clock.start, zone)} to {moment(clock.end, zone)}, "
        f"ends {distance(clock.end - page.now)}",
    )
    if clock.last_rollback is not None:
        last = distance(clock.last_rollback - page.now)
        yield (f"Last moment to start a rollback: {moment(clock.last_rollback, zone)}, {last}",)
    open_items = [f"{node.text} ({node.path})" for node in page.open_items]
    failed = [f"{node.text} ({node.path})" for node in page.failed]
    unmet = [line.words for line in page.unmet]
    decided = [
        f"{moment(each.at, zone)}  {each.kind} by {each.by}" + (f": {each.words}" if each.words else "")
        for each in page.decided
    ]
    for title, rows in (
        ("Worries", page.worries),
        ("Open", open_items),
        ("Failed", failed),
        ("Open defects", page.defects),
        ("Stands in the way", unmet),
        ("Decided", decided),
    ):
        yield from section(title, ((row,) for row in rows), "  ")


def page_shape(release: Release, page: ShiftPage) -> Shape:
    """The page as a document."""
    window = "start end elapsed_minutes=elapsed remaining_minutes=remaining last_rollback"
    return {
        **picked(page, "now leader state"),
        "window": picked(page.clock, window),
        "open_items": [picked(node, "path text") for node in page.open_items],
        "failed_items": [picked(node, "path text") for node in page.failed],
        "unmet": line_shapes(release, page.unmet),
        "defects": page.defects,
        "decisions": shapes_of(page.decided),
        "worries": page.worries,
    }
