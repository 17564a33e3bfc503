"""`relui go`, `no-go`, `hold`, `start`, `complete`, `rollback` and the other decisions of a release."""

from __future__ import annotations

import click

from relui.cli.acting import tell_record
from relui.cli.booking import instant
from relui.cli.completing import decisions, person_names, places
from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.session import Session
from relui.cli.signing import confirm_option, delegate_option, with_confirm
from relui.domain.text import quoted
from relui.errors import BadInput

NOTHING = "nothing changed."

_for = delegate_option("Decide")
_why = click.option("--reason", metavar="T", required=True, help="Why; it stays in the record.")


@click.command("go", help="Say go for the release ID, on the day, when everything else is met.")
@release_argument
@_for
@click.option("--comment", metavar="T", default="", help="A comment.")
@confirm_option("What may have come up late: open-issues, people, business; `all` is each.")
@global_options
@pass_session
def go_command(
    session: Session, release: str, acting_for: str, comment: str, confirmed: tuple[str, ...]
) -> int:
    """Say go. Returns 1 for what is not met, or for somebody whose decision it is not."""
    try:
        done = session.desk.go(release, acting_for=acting_for, comment=comment, confirmed=confirmed)
    except BadInput as error:
        raise with_confirm(error) from None
    tell_record(session, done, NOTHING)
    return 0


@click.command("no-go", help="Say no-go for the release ID: its slot is given back.")
@release_argument
@_why
@_for
@global_options
@pass_session
def no_go_command(session: Session, release: str, reason: str, acting_for: str) -> int:
    """Say no-go, with a reason."""
    tell_record(session, session.desk.no_go(release, reason, acting_for), NOTHING)
    return 0


@click.command("hold", help="Put the release ID on hold: nothing starts until it is resumed.")
@release_argument
@_why
@global_options
@pass_session
def hold_command(session: Session, release: str, reason: str) -> int:
    """Stop for now."""
    tell_record(session, session.desk.hold(release, reason), NOTHING)
    return 0


@click.command("resume", help="Go on with the release ID after a hold, or after a no-go with a new slot.")
@release_argument
@click.option("--reason", metavar="T", default="", help="Why it can go on.")
@global_options
@pass_session
def resume_command(session: Session, release: str, reason: str) -> int:
    """Go on."""
    tell_record(session, session.desk.resume(release, reason), NOTHING)
    return 0


@click.command("start", help="Record that the deployment of the release ID starts; its gates must be met.")
@release_argument
@click.option("--at", metavar="INSTANT", default="", help="When it started; now, when nothing is said.")
@click.option(
    "--override",
    metavar="REASON",
    default="",
    help="Pass what is not met, and can be, for this reason: it is kept for ever.",
)
@global_options
@pass_session
def start_command(session: Session, release: str, at: str, override: str) -> int:
    """Start the deployment. Returns 1 when a gate is not met."""
    when = instant(session, at, session.desk.open(release).release.zone)
    tell_record(session, session.desk.start(release, when, override), NOTHING)
    return 0


@click.command("complete", help="Confirm how the deployment of the release ID ended.")
@release_argument
@click.option(
    "--outcome",
    metavar="successful|partial|rolled-back",
    default="successful",
    help="How it ended; successful when nothing is said.",
)
@click.option(
    "--verification",
    metavar="T",
    default="",
    help="What the verification found; needed for a release with criteria.",
)
@click.option("--issues", metavar="T", default="", help="Issues, and how they were resolved.")
@click.option("--action", "actions", metavar="T", multiple=True, help="What remains to be done.")
@click.option("--at", metavar="INSTANT", default="", help="When it ended; now, when nothing is said.")
@global_options
@pass_session
def complete_command(
    session: Session,
    release: str,
    outcome: str,
    verification: str,
    issues: str,
    actions: tuple[str, ...],
    at: str,
) -> int:
    """Confirm the completion."""
    when = instant(session, at, session.desk.open(release).release.zone)
    done = session.desk.complete(
        release, outcome=outcome, verification=verification, issues=issues, actions=actions, when=when
    )
    tell_record(session, done, NOTHING)
    return 0


@click.command("rollback", help="Declare the rollback of the release ID.")
@release_argument
@_why
@global_options
@pass_session
def rollback_command(session: Session, release: str, reason: str) -> int:
    """Declare a rollback; tells when the last safe moment to start it is over."""
    tell_record(session, session.desk.roll_back(release, reason), NOTHING)
    return 0


@click.command("cancel", help="Withdraw the release ID at any stage: it is closed as cancelled and archived.")
@release_argument
@_why
@global_options
@pass_session
def cancel_command(session: Session, release: str, reason: str) -> int:
    """Cancel a release; one that is cancelled already is left as it is."""
    opened = session.desk.open(release)
    if opened.release.closing is not None and opened.release.closing.outcome == "cancelled":
        from relui.cli.acting import unchanged

        tell_record(session, unchanged(opened), "cancelled already. Nothing changed.")
        return 0
    done = session.desk.cancel(release, reason)
    tell_record(session, done, NOTHING)
    if not session.json and done.record.archived:
        session.out.word(f"Archived as {done.record.where}.")
    return 0


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
        done = session.desk.decide(release, words, scope)
    tell_record(session, done, NOTHING)
    return 0


@click.command("claim", help="Lead the release ID from now on.")
@release_argument
@global_options
@pass_session
def claim_command(session: Session, release: str) -> int:
    """Take the lead."""
    tell_record(session, session.desk.claim(release), NOTHING)
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
        tell_record(session, session.desk.delegate(release, person, reason), NOTHING)
        return 0
    if reason:
        raise click.UsageError("--reason belongs to --sign-offs.")
    if not person:
        if worries:
            raise BadInput(f"Say who takes over: {quoted(worries)} is for them. Nothing was changed.")
        print_page(session, session.desk.resolve(release))
        return 0
    done = session.desk.hand_over(release, person, worries)
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
    metavar="waiting|deploying|done|failed|rolled-back|left-out",
    default="",
    help="How far it is there.",
)
@click.option("--reason", metavar="T", default="", help="Why; needed for what failed or was left out.")
@global_options
@pass_session
def progress_command(session: Session, release: str, names: tuple[str, ...], state: str, reason: str) -> int:
    """Record or print regional progress."""
    from relui.domain.dossier.regions import STATES
    from relui.domain.dossier.regions import places as places_of

    if names:
        if not state:
            raise click.UsageError(f"Say how far it is there: --state {'|'.join(STATES)}.")
        done = session.desk.record_progress(release, names, state, reason)
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
