"""The command `relui` and the list of its commands, each imported when it is called."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from relui import __version__
from relui.cli.command import global_options, pass_session
from relui.cli.opening import open_app
from relui.cli.session import Session
from relui.domain.text import did_you_mean
from relui.errors import BadInput

COMMANDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Releases": {
        "new": ("releases", "Create a release."),
        "list": ("listing", "List the releases."),
        "show": ("showing", "Show a release with its checklist."),
        "edit": ("releases", "Set fields of a release."),
        "retro": ("releases", "Write the retrospective, or print it."),
        "close": ("releases", "Close a release and move it to the archive."),
    },
    "Checklist": {
        "tick": ("items", "Tick items."),
        "untick": ("items", "Open items again."),
        "skip": ("items", "Set items to not applicable."),
        "fail": ("items", "Mark items as failed."),
        "note": ("items", "Record a note, evidence or fields on an item."),
        "item": ("items", "Add, remove and move items of one release."),
    },
    "Calendar": {
        "calendar": ("calendar", "Print a week of the calendar, or write it as ICS."),
        "slots": ("booking", "Name the next free slots of a release."),
        "book": ("booking", "Book a slot for a release, or give it back."),
        "may-deploy": ("booking", "Answer a pipeline that asks to deploy."),
    },
    "Governed release": {
        "change": ("part_commands", "What a release brings: add, edit, list, import."),
        "component": ("part_commands", "The package: components and their checksums."),
        "environment": ("part_commands", "The promotion schedule, and promotions."),
        "test": ("part_commands", "Test runs, also from JUnit reports."),
        "defect": ("part_commands", "What testing found."),
        "config-item": ("part_commands", "Configuration items that change."),
        "contact": ("part_commands", "Who takes part, and how to reach them."),
        "sign": ("signing", "Approve, reject or withdraw."),
        "confirm": ("signing", "Confirm checks."),
        "unconfirm": ("signing", "Take confirmed checks back."),
        "runbook": ("runbook", "The steps of the deployment, and their rehearsal."),
        "rehearse": ("signing", "Record that the runbook was rehearsed."),
        "gate": ("signing", "Say what a gate lacks."),
        "advance": ("signing", "Leave a stage whose gate is met."),
        "override": ("signing", "Pass an unmet criterion."),
        "waiting": ("waiting", "Say what waits for whom."),
    },
    "Documents": {
        "message": ("documents", "Print a message, record it as sent."),
        "definition": ("documents", "Print the release definition."),
        "notes": ("documents", "Print the release notes."),
        "test-summary": ("documents", "Print the test summary."),
        "handoff": ("documents", "Write the bundle for those who deploy."),
        "record": ("documents", "Write the whole record for an auditor."),
    },
    "Deployment": {
        "go": ("deciding", "Say go."),
        "no-go": ("deciding", "Say no-go."),
        "hold": ("deciding", "Stop for now."),
        "resume": ("deciding", "Go on."),
        "start": ("deciding", "Start the deployment."),
        "progress": ("deciding", "Record how far services or regions are."),
        "complete": ("deciding", "Confirm how the deployment ended."),
        "rollback": ("deciding", "Declare the rollback."),
        "cancel": ("deciding", "Withdraw a release."),
        "decide": ("deciding", "Record a decision, or withdraw one."),
        "claim": ("deciding", "Lead a release from now on."),
        "hand-over": ("deciding", "Hand the lead over, with a page."),
    },
    "Learning": {
        "actions": ("learning", "What retrospectives asked for."),
        "debts": ("waiting", "What emergencies owe."),
        "pir": ("learning", "Reviews after releases."),
        "stats": ("stats", "Trends over the archive."),
        "compare": ("stats", "Two releases side by side."),
        "purge": ("stats", "What is past its retention."),
        "trouble": ("stats", "What to do in trouble."),
    },
    "Record": {
        "undo": ("history", "Take back your last act on a release."),
        "redo": ("history", "Do again what your last undo took back."),
        "log": ("history", "Print the log of a release."),
        "verify": ("history", "Check that records were not altered."),
        "seal": ("history", "Print the seals that `verify` checks against."),
    },
    "Exchange": {
        "template": ("exchange", "List, show, check and import templates."),
        "import": ("exchange", "Import releases from JSON or Markdown."),
        "export": ("exchange", "Export releases as JSON or Markdown."),
        "org": ("organisation", "Import, export, show or change the organisation."),
    },
    "relui itself": {
        "info": ("about", "Say where everything is."),
        "doctor": ("about", "Look for damage and repair it."),
        "demo": ("about", "Open the app on the demo organisation."),
        "completion": ("about", "Print the completion script of a shell."),
    },
}
"""Every command by section: the module of relui.cli that holds it, and what it does in one line."""


COMPLETING = "_RELUI_COMPLETE"
"""The variable in which a shell asks for completions."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called: `relui tick` pays for `tick` alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, by section."""
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is none."""
        for section in COMMANDS.values():
            if cmd_name in section:
                module = import_module(f"relui.cli.{section[cmd_name][0]}")
                command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was called. Raises UsageError with the nearest name."""
        name = args[0]
        known = self.list_commands(ctx)
        if not ctx.resilient_parsing and not name.startswith("-") and name not in known:
            raise click.UsageError(f"There is no command '{name}'.{did_you_mean(name, known)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, without importing any."""
        for title, section in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, text) for name, (_, text) in section.items()])


@click.command("relui", cls=LazyGroup, invoke_without_command=True)
@click.version_option(__version__, message="%(prog)s %(version)s")
@global_options
@pass_session
@click.pass_context
def relui(context: click.Context, session: Session) -> int:
    """No step of a release is skipped silently. Without a command the app opens.

    Exit codes: 0 done or yes, 1 refused or no, 2 wrong usage, 3 the data cannot be read or written.
    """
    return open_app(session) if context.invoked_subcommand is None else 0


def run(arguments: Sequence[str], session: Session) -> int:
    """Run one command. Returns its exit code; raises ReluiError, BadInput for wrong usage among them."""
    asked = os.environ.get(COMPLETING)
    if asked:
        from click.shell_completion import shell_complete

        return shell_complete(relui, {"obj": session}, "relui", COMPLETING, asked)
    try:
        with relui.make_context("relui", list(arguments), obj=session) as context:
            code = relui.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.exceptions.NoArgsIsHelpError as error:
        assert isinstance(error.ctx.command, click.Group)
        names = ", ".join(error.ctx.command.list_commands(error.ctx))
        raise BadInput(f"Say which: {error.ctx.command_path} {names}.", title="Wrong usage") from None
    except click.UsageError as error:
        where = f"\nTry `{error.ctx.command_path} --help`." if error.ctx is not None else ""
        raise BadInput(f"{error.format_message()}{where}", title="Wrong usage") from None
    except click.ClickException as error:
        raise BadInput(error.format_message(), title="Wrong usage") from None
    for problem in session.settings_problems:
        session.out.word(f"relui: {problem}")
    if word := session.told_of_actor():
        session.out.word(f"relui: {word}")
    return code if isinstance(code, int) else 0
