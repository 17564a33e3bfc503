"""`relui actions` and `relui pir`: what retrospectives asked for, and the reviews after releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from relui.cli.calendar import day
from relui.cli.command import RELEASE, argument, command, listing, option, switch
from relui.cli.output import count, due_words
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.errors import BadInput, Refused

if TYPE_CHECKING:
    from relui.desk.learning import Acted
    from relui.domain.learning.actions import Action


ACTION = argument("ACTION")


@listing("actions", "List open actions, settle them, give them to others.")
def actions_command(
    session: Session,
    service: str = option("Of this service only.", "S"),
    everything: bool = switch("Settled ones too.", "--all"),
) -> None:
    """List the open actions with their age, the oldest first."""
    actions = session.desk.learning.actions(service=service, everything=everything)
    now = session.clock.now()
    if session.answers({"actions": [action_shape(each, now) for each in actions]}):
        return
    stand_on = session.desk.learning.actions_stand_on() if actions else {}
    session.out.table(
        ("ID", "AGE", "STATE", "SERVICE", "OWNER", "FROM", "STANDS ON", "TEXT"),
        (
            (each.id, count(each.age_days(now), "day"), each.state, each.service, each.owner, each.release,
             stand_on.get(each.id, "-"), each.text)
            for each in actions
        ),
        "There is no action yet." if everything else "There is no open action.",
    )  # fmt: skip


def action_shape(action: Action, now: Any) -> dict[str, Any]:
    """An action as a document."""
    return {
        **picked(
            action, "action=id text service owner from_release=release source raised_at raised_by state"
        ),
        "age_days": action.age_days(now),
        **picked(action, "settled_at settled_by settled_in reason carried template"),
    }


def _tell(session: Session, acted: Acted, words: str) -> None:
    document = {"action": action_shape(acted.action, session.clock.now()), "was_changed": acted.changed}
    if not session.answers({**document, "told": acted.told}):
        session.out.word(
            f"{acted.action.id}: {words if acted.changed else 'is so already. Nothing changed.'}"
        )
        session.out.words(acted.told)


@command("add", actions_command)
def add_action(
    session: Session,
    release: str = RELEASE,
    text: str = argument("TEXT"),
    owner: str = option("Who does it; the release's owner without.", "NAME"),
) -> None:
    """Raise one more action from the release ID."""
    acted = session.desk.learning.raise_action(release, text, owner)
    _tell(session, acted, f"raised for {acted.action.owner}.")


@command("done", actions_command)
def finish_action(session: Session, action: str = ACTION, note: str = option("What was done.")) -> None:
    """The action is done: its items are ticked with it."""
    _tell(session, session.desk.learning.finish_action(action, note), "done.")


@command("drop", actions_command)
def drop_action(
    session: Session, action: str = ACTION, reason: str = option("Why; it is needed, and stays.")
) -> None:
    """The action is not wanted any more."""
    if not reason.strip():
        raise BadInput("Dropping an action needs a reason: say it with --reason T. Nothing was changed.")
    _tell(session, session.desk.learning.drop_action(action, reason), "dropped.")


@command("reopen", actions_command)
def reopen_action(session: Session, action: str = ACTION) -> None:
    """The action was settled by mistake."""
    _tell(session, session.desk.learning.reopen_action(action), "open again.")


@command("reassign", actions_command)
def reassign_action(session: Session, action: str = ACTION, name: str = argument("NAME")) -> None:
    """Give the action to NAME."""
    _tell(session, session.desk.learning.reassign_action(action, name), f"{name} owns it now.")


@command("into-template", actions_command)
def into_template(
    session: Session,
    action: str = ACTION,
    template: str = option("The template that gets the step.", "NAME", required=True),
    phase: str = option("The phase that it goes into; the first without.", "PHASE"),
    yes: bool = switch("Write it: without, only the difference is shown."),
) -> int:
    """Show what the action would change in a template of your own. Exit code 1 when only the difference was
    shown.
    """
    desk = session.desk
    change = desk.learning.template_change(action, template, phase)
    path = desk.learning.take_into_template(change, session.locations.own_templates) if yes else None
    document = {**picked(change, "action template step diff"), "path": str(path) if path else None}
    if not session.answers(document):
        session.out.lines([(line,) for line in change.diff])
        done = f"Written to {path}. New releases have the step {change.step}."
        session.out.word(done if path else "Nothing was written. Look at it, then say --yes.")
    return 0 if path is not None else Refused.exit_code


RELEASES = argument("ID...", required=False)
MONTH = option("All of the month's releases that are due.", "2026-10")


@listing("pir", "List reviews that are due, print their page, record them.")
def pir_command(session: Session, held: bool = switch("Those that were held instead.")) -> None:
    """List the reviews that are due: majors alone, the others by month."""
    if held:
        reviews, keys = (
            session.desk.archive.reviews(),
            "review=id releases held notes by=recorded_by at=recorded_at",
        )
        if not session.answers({"reviews": [picked(each, keys) for each in reviews]}):
            session.out.table(
                ("REVIEW", "HELD", "RELEASES", "NOTES"),
                ((each.id, str(each.held), ", ".join(each.releases), each.notes) for each in reviews),
                "No review was recorded yet.",
            )
        return
    due, zone = session.desk.archive.reviews_due(), session.desk.organisation.display_zone()
    if not session.answers(
        {"reviews": [picked(each, "kind releases month due_at=due overdue") for each in due]}
    ):
        session.out.table(
            ("KIND", "DUE", "MONTH", "RELEASES"),
            (
                (each.kind, due_words(each.due, zone, each.overdue), each.month,
                 each.releases[0] if each.kind == "major" else count(len(each.releases), "release"))
                for each in due
            ),
            "No review is due.",
        )  # fmt: skip


def _chosen(session: Session, releases: Sequence[str], month: str) -> list[str]:
    """The releases that were named, or those of a month's periodic review."""
    if bool(releases) == bool(month):
        raise click.UsageError("Name the releases, or a --month.")
    if releases:
        return list(releases)
    due = [each for each in session.desk.archive.reviews_due() if each.kind == "periodic"]
    chosen = [name for each in due if each.month == month.strip() for name in each.releases]
    if not chosen:
        months = ", ".join(each.month for each in due) or "none"
        raise BadInput(f"No periodic review is due for '{month}'. Months that are: {months}.")
    return chosen


@command("page", pir_command)
def print_page(session: Session, releases: tuple[str, ...] = RELEASES, month: str = MONTH) -> None:
    """Print one page in Markdown about releases, for their review."""
    names = _chosen(session, releases, month)
    page = session.desk.archive.review_page(names)
    if not session.answers({"releases": names, "markdown": page}):
        session.out.line(page.rstrip("\n"))


@command("done", pir_command)
def record_review(
    session: Session,
    releases: tuple[str, ...] = RELEASES,
    month: str = MONTH,
    notes: str = option("What the review found; it is needed."),
    held: str = option("The day on which it was held; today without.", "D"),
    actions: tuple[str, ...] = option("An action that it raised.", flag="--action", multiple=True),
) -> None:
    """Record that the review of releases was held, with its notes."""
    names = _chosen(session, releases, month)
    if not notes.strip():
        raise BadInput("Say what the review found with --notes T. Nothing was recorded.")
    done = session.desk.archive.record_review(names, notes, held=day(held) if held else None, actions=actions)
    raised = [each.id for each in done.actions]
    if session.answers({**picked(done.review, "review=id releases held"), "actions": raised}):
        return
    session.out.word(f"{done.review.id}: the review of {', '.join(done.review.releases)} is recorded.")
    if raised:
        session.out.word(f"Raised {', '.join(raised)}.")
