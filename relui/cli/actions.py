"""`relui actions`: what retrospectives asked for, until it is done or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.session import Session
from relui.errors import BadInput, Refused

if TYPE_CHECKING:
    from relui.desk.learning import Acted
    from relui.domain.learning.actions import Action

action_argument = click.argument("action", metavar="ACTION")


@click.group("actions", help="List open actions, settle them, give them to others.",
             invoke_without_command=True)  # fmt: skip
@click.option("--service", metavar="S", default="", help="Of this service only.")
@click.option("--all", "everything", is_flag=True, help="Settled ones too.")
@global_options
@pass_session
@click.pass_context
def actions_command(context: click.Context, session: Session, service: str, everything: bool) -> int:
    """Without a command the open actions are listed."""
    return print_actions(session, service, everything) if context.invoked_subcommand is None else 0


@actions_command.command("list", help="List the open actions with their age, the oldest first.")
@click.option("--service", metavar="S", default="", help="Of this service only.")
@click.option("--all", "everything", is_flag=True, help="Settled ones too.")
@global_options
@pass_session
def list_actions(session: Session, service: str, everything: bool) -> int:
    """Print the actions."""
    return print_actions(session, service, everything)


def print_actions(session: Session, service: str = "", everything: bool = False) -> int:
    """Print the actions as a table, or as a document."""
    found = session.desk.actions(service=service, everything=everything)
    now = session.clock.now()
    if session.json:
        session.out.document({"actions": [shape(each, now) for each in found]})
        return 0
    from relui.cli.wording import count, table, terminal_width

    stand_on = session.desk.actions_stand_on() if found else {}
    rows: list[Sequence[str]] = [
        (each.id, count(each.age_days(now), "day"), each.state, each.service, each.owner, each.release,
         stand_on.get(each.id, "-"), each.text)
        for each in found
    ]  # fmt: skip
    if rows:
        head = ("ID", "AGE", "STATE", "SERVICE", "OWNER", "FROM", "STANDS ON", "TEXT")
        session.out.lines(table([head, *rows], terminal_width()))
    else:
        session.out.word("There is no open action." if not everything else "There is no action yet.")
    return 0


def shape(action: Action, now: Any) -> dict[str, Any]:
    """An action as a document."""
    return {
        "action": action.id, "text": action.text, "service": action.service, "owner": action.owner,
        "from_release": action.release, "source": action.source, "raised_at": action.raised_at,
        "raised_by": action.raised_by, "state": action.state, "age_days": action.age_days(now),
        "settled_at": action.settled_at, "settled_by": action.settled_by, "settled_in": action.settled_in,
        "reason": action.reason, "carried": action.carried, "template": action.template,
    }  # fmt: skip


def _tell(session: Session, acted: Acted, words: str) -> int:
    if session.json:
        document = {"action": shape(acted.action, session.clock.now()), "was_changed": acted.changed}
        session.out.document({**document, "told": acted.told})
        return 0
    session.out.word(f"{acted.action.id}: {words if acted.changed else 'is so already. Nothing changed.'}")
    for word in acted.told:
        session.out.word(word)
    return 0


@actions_command.command("add", help="Raise one more action from the release ID.")
@release_argument
@click.argument("text", metavar="TEXT")
@click.option("--owner", metavar="NAME", default="", help="Who does it; the release's owner without.")
@global_options
@pass_session
def add_action(session: Session, release: str, text: str, owner: str) -> int:
    """Raise an action by hand, also from an archived release."""
    acted = session.desk.raise_action(release, text, owner)
    return _tell(session, acted, f"raised for {acted.action.owner}.")


@actions_command.command("done", help="The action is done: its items are ticked with it.")
@action_argument
@click.option("--note", metavar="T", default="", help="What was done.")
@global_options
@pass_session
def finish_action(session: Session, action: str, note: str) -> int:
    """Settle an action as done."""
    return _tell(session, session.desk.finish_action(action, note), "done.")


@actions_command.command("drop", help="The action is not wanted any more.")
@action_argument
@click.option("--reason", metavar="T", default="", help="Why; it is needed, and stays.")
@global_options
@pass_session
def drop_action(session: Session, action: str, reason: str) -> int:
    """Settle an action as dropped."""
    if not reason.strip():
        raise BadInput("Dropping an action needs a reason: say it with --reason T. Nothing was changed.")
    return _tell(session, session.desk.drop_action(action, reason), "dropped.")


@actions_command.command("reopen", help="The action was settled by mistake.")
@action_argument
@global_options
@pass_session
def reopen_action(session: Session, action: str) -> int:
    """Open an action again."""
    return _tell(session, session.desk.reopen_action(action), "open again.")


@actions_command.command("reassign", help="Give the action to NAME.")
@action_argument
@click.argument("name", metavar="NAME")
@global_options
@pass_session
def reassign_action(session: Session, action: str, name: str) -> int:
    """Change the owner of an action."""
    return _tell(session, session.desk.reassign_action(action, name), f"{name} owns it now.")


@actions_command.command("into-template", help="Show what the action would change in a template of your own.")
@action_argument
@click.option("--template", metavar="NAME", required=True, help="The template that gets the step.")
@click.option("--phase", metavar="PHASE", default="", help="The phase that it goes into; the first without.")
@click.option("--yes", is_flag=True, help="Write it: without, only the difference is shown.")
@global_options
@pass_session
def into_template(session: Session, action: str, template: str, phase: str, yes: bool) -> int:
    """Print the difference, and with --yes write it into the person's own templates. Returns 1 without."""
    desk = session.desk
    change = desk.template_change(action, template, phase)
    path = desk.take_into_template(change, session.locations.own_templates) if yes else None
    if session.json:
        session.out.document(
            {"action": change.action, "template": change.template, "step": change.step, "diff": change.diff,
             "path": str(path) if path else None}
        )  # fmt: skip
    else:
        session.out.lines([(line,) for line in change.diff])
        if path is None:
            session.out.word("Nothing was written. Look at it, then say --yes.")
        else:
            session.out.word(f"Written to {path}. New releases have the step {change.step}.")
    return 0 if path is not None else Refused.exit_code
