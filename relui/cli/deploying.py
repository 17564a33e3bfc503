"""`relui may-deploy`: the guard that a pipeline asks, answered by the exit code."""

from __future__ import annotations

import click

from relui.cli.booking import instant
from relui.cli.completing import release_ids, service_names
from relui.cli.options import global_options, pass_session
from relui.cli.session import Session
from relui.errors import Refused


@click.command("may-deploy", help="Say whether SERVICE may be deployed: exit code 0 yes, 1 no, with reasons.")
@click.argument("service", metavar="SERVICE", shell_complete=service_names)
@click.option("--at", metavar="INSTANT", default="", help="When; now, when nothing is said.")
@click.option("--duration", metavar="D", default="",
              help="How long it takes; with --release the rest of its slot, else 2h.")  # fmt: skip
@click.option("--release", metavar="ID", default="", shell_complete=release_ids,
              help="Ask for this release: its booking and its state count too.")  # fmt: skip
@global_options
@pass_session
def may_deploy_command(session: Session, service: str, at: str, duration: str, release: str) -> int:
    """Print yes or no; the reasons are words. Returns 1 for no."""
    from relui.domain.instants import parse_duration

    desk = session.desk
    when = instant(session, at, desk.input_zone(service))
    answer = desk.may_deploy(service, when, parse_duration(duration) if duration else None, release)
    if session.json:
        from relui.cli.slot_shapes import permission

        session.out.document(permission(answer))
    else:
        session.out.line("yes" if answer.allowed else "no")
        for reason in answer.reasons:
            session.out.word(reason)
        for words in answer.passed:
            session.out.word(f"Passed: {words}")
        for words in answer.told:
            session.out.word(words)
    return 0 if answer.allowed else Refused.exit_code
