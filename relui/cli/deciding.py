"""`relui go`, `no-go`, `hold`, `start`, `complete`, `rollback` and the other decisions of a release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from relui.cli.acting import tell_record, unchanged
from relui.cli.booking import instant
from relui.cli.completing import confirmed_points, decisions, person_names, places
from relui.cli.options import Function, global_options, pass_session, release_argument
from relui.cli.session import Session
from relui.cli.signing import with_confirm
from relui.domain.dossier.decidable import DECIDABLE, Ask, Decidable
from relui.domain.dossier.environments import STATES
from relui.domain.text import quoted
from relui.errors import BadInput

NOTHING = "nothing changed."
_METAVARS = {"instant": "INSTANT", "person": "PERSON", "points": "POINT", "override_reason": "REASON"}
"""How a value is called in help, by the kind or the name of what is asked; else T."""
_COMPLETING = {"person": person_names, "points": confirmed_points}


def _option(ask: Ask) -> Callable[[Function], Function]:
    several = ask.kind in ("many", "points")
    more: dict[str, Any] = {} if several or ask.needed else {"default": ask.default}
    called = "|".join(ask.choices) or _METAVARS.get(ask.kind) or _METAVARS.get(ask.name, "T")
    return click.option(
        ask.option,
        ask.name,
        metavar=called,
        required=ask.needed,
        multiple=several,
        shell_complete=_COMPLETING.get(ask.kind),
        help=ask.about,
        **more,
    )


def _command(decision: Decidable) -> click.Command:
    """The command that takes a decision: an option for each thing that it asks for."""

    def take(session: Session, /, release: str, **given: Any) -> int:
        if decision.final and _cancelled_already(session, release):
            return 0
        for ask in decision.asks:
            if ask.kind == "instant":
                given[ask.name] = instant(session, given[ask.name], session.desk.open(release).release.zone)
        try:
            done = session.desk.carry_out(release, decision.name, **given)
        except BadInput as error:
            raise with_confirm(error) from None
        tell_record(session, done, NOTHING)
        if decision.final and done.record.archived and not session.json:
            session.out.word(f"Archived as {done.record.where}.")
        return 0

    function = global_options(pass_session(take))
    for ask in reversed(decision.asks):
        function = _option(ask)(function)
    words = decision.does.replace("the release", "the release ID", 1)
    return click.command(decision.name, help=words)(release_argument(function))


def _cancelled_already(session: Session, release: str) -> bool:
    """Whether there is nothing left to cancel, which is told."""
    opened = session.desk.open(release)
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


@click.command("decide", help="Record a decision about the release ID in your words, or withdraw one.")
@release_argument
@click.argument("words", metavar="[WORDS]", default="")
@click.option(
    "--for",
    "scope",
    metavar="PLACE",
    multiple=True,
    shell_complete=places,
    help="For this service or region only.",
)
@click.option(
    "--withdraw",
    metavar="D-N",
    default="",
    shell_complete=decisions,
    help="Withdraw this decision; WORDS say why.",
)
@global_options
@pass_session
def decide_command(session: Session, release: str, words: str, scope: tuple[str, ...], withdraw: str) -> int:
    """Record a decision; a withdrawal is a decision of its own."""
    if withdraw:
        if scope:
            raise click.UsageError("--withdraw takes no --for.")
        done = session.desk.withdraw(release, withdraw, words)
    else:
        done = session.desk.carry_out(release, "decide", words=words, scope=scope)
    tell_record(session, done, NOTHING)
    return 0


@click.command(
    "hand-over",
    help="Hand the lead of the release ID over to PERSON, and print the page for them; "
    "without PERSON only the page. --sign-offs lets your delegate sign for you.",
)
@release_argument
@click.argument("person", metavar="[PERSON]", default="", shell_complete=person_names)
@click.option("--worries", metavar="T", default="", help="What worries you.")
@click.option("--sign-offs", "signing", is_flag=True, help="Let your delegate sign, though you are not away.")
@click.option("--reason", metavar="T", default="", help="Why your delegate signs.")
@global_options
@pass_session
def hand_over_command(
    session: Session, release: str, person: str, worries: str, signing: bool, reason: str
) -> int:
    """Hand over; the page tells state, what is open, what was decided, what worries."""
    from relui.cli.shift_lines import print_page

    if signing:
        if worries:
            raise click.UsageError("--worries is for the lead; --sign-offs takes a --reason.")
        tell_record(session, session.desk.carry_out(release, "delegate", to=person, reason=reason), NOTHING)
        return 0
    if reason:
        raise click.UsageError("--reason belongs to --sign-offs.")
    if not person:
        if worries:
            raise BadInput(f"Say who takes over: {quoted(worries)} is for them. Nothing was changed.")
        print_page(session, session.desk.resolve(release))
        return 0
    done = session.desk.carry_out(release, "hand-over", to=person, worries=worries)
    if session.json:
        from relui.cli.shapes import act
        from relui.cli.shift_lines import page_shape

        page = page_shape(done.release, session.desk.shift_page(done.release.id))
        session.out.document({**act(done), "page": page})
        return 0
    tell_record(session, done, NOTHING)
    print_page(session, done.release.id)
    return 0


@click.command(
    "progress",
    help="Record how far the deployment of the release ID is in PLACEs, services or regions; "
    "`all`: each of them. Without PLACE it is printed.",
)
@release_argument
@click.argument("names", metavar="[PLACE]...", nargs=-1, shell_complete=places)
@click.option(
    "--state",
    metavar="|".join(STATES),
    default="",
    help="How far it is there.",
)
@click.option("--reason", metavar="T", default="", help="Why; needed for what failed or was left out.")
@global_options
@pass_session
def progress_command(session: Session, release: str, names: tuple[str, ...], state: str, reason: str) -> int:
    """Record or print regional progress."""
    from relui.domain.dossier.environments import places as places_of

    if names:
        if not state:
            raise click.UsageError(f"Say how far it is there: --state {'|'.join(STATES)}.")
        done = session.desk.carry_out(release, "progress", names=names, state=state, reason=reason)
        tell_record(session, done, "is recorded so already.")
        return 0
    if state or reason:
        raise click.UsageError("Say where: name the services or regions, or `all`.")
    opened = session.desk.open(release).release
    known = places_of(opened)
    if session.json:
        session.out.document({"id": opened.id, "progress": known})
        return 0
    for name, word in known.items():
        session.out.line(f"{name}  {STATES[word]}")
    if not known:
        session.out.word(f"{opened.id} names no services or regions of its own.")
    return 0
