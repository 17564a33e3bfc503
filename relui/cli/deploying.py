"""`relui may-deploy`: the guard that a pipeline asks, answered by the exit code."""

from __future__ import annotations

from relui.cli.booking import instant
from relui.cli.command import argument, command, option
from relui.cli.completing import release_ids, service_names
from relui.cli.session import Session
from relui.errors import Refused


@command("may-deploy")
def may_deploy_command(
    session: Session,
    service: str = argument("SERVICE", service_names),
    at: str = option("When; now, when nothing is said.", "INSTANT"),
    duration: str = option("How long it takes; with --release the rest of its slot, else 2h.", "D"),
    release: str = option(
        "Ask for this release: its booking and its state count too.", "ID", completing=release_ids
    ),
) -> int:
    """Say whether SERVICE may be deployed: exit code 0 yes, 1 no, with reasons."""
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
