"""`relui completion`: the script that lets a shell complete commands, identifiers, items and templates."""

from __future__ import annotations

import click

from relui.cli.command import argument, command
from relui.cli.session import Session

SHELLS = {
    "bash": 'eval "$(relui completion bash)"      in ~/.bashrc',
    "zsh": 'eval "$(relui completion zsh)"       in ~/.zshrc',
    "fish": "relui completion fish | source      in ~/.config/fish/config.fish",
}


@command("completion")
def completion_command(
    session: Session, shell: str = argument("SHELL", type=click.Choice(list(SHELLS)))
) -> None:
    """Print the completion script of a shell: bash, zsh or fish."""
    from click.shell_completion import get_completion_class

    from relui.cli.root import COMPLETING, relui

    found = get_completion_class(shell)
    assert found is not None
    script = found(relui, {}, "relui", COMPLETING).source()
    if session.json:
        session.out.document({"shell": shell, "script": script})
        return
    session.out.line(script.rstrip("\n"))
    session.out.word(f"To keep it: {SHELLS[shell]}")
