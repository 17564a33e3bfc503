"""`relui completion`: the script that lets a shell complete commands, identifiers, items and templates."""

from __future__ import annotations

import click

from relui.cli.options import global_options, pass_session
from relui.cli.session import Session

SHELLS = {
    "bash": 'eval "$(relui completion bash)"      in ~/.bashrc',
    "zsh": 'eval "$(relui completion zsh)"       in ~/.zshrc',
    "fish": "relui completion fish | source      in ~/.config/fish/config.fish",
}


@click.command("completion", help="Print the completion script of a shell: bash, zsh or fish.")
@click.argument("shell", metavar="SHELL", type=click.Choice(list(SHELLS)))
@global_options
@pass_session
def completion_command(session: Session, shell: str) -> int:
    """Print the script, to be evaluated by the shell at its start."""
    from click.shell_completion import get_completion_class

    from relui.cli.root import COMPLETING, relui

    found = get_completion_class(shell)
    assert found is not None
    script = found(relui, {}, "relui", COMPLETING).source()
    if session.json:
        session.out.document({"shell": shell, "script": script})
        return 0
    session.out.line(script.rstrip("\n"))
    session.out.word(f"To keep it: {SHELLS[shell]}")
    return 0
