"""The organisation in the person's own editor: read back, checked, its effect shown, and then saved."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from relui.documents.organisation_yaml import organisation_yaml
from relui.domain.organisation import Organisation
from relui.errors import BadInput, Refused
from relui.ui.kit.question import confirm
from relui.ui.kit.text_editor import edit_in_editor

if TYPE_CHECKING:
    from relui.desk.organisation import Amended
    from relui.ui.kit.asker import Asker

_NAME = "organisation.yaml"


class _Meanwhile(Refused):
    """Somebody else changed the organisation since it was read."""


async def edit_organisation(screen: Asker, before: Organisation, text: str) -> Amended | None:
    """Edit `before`, as `text`, until it fits or is given up; None when nothing was saved.

    What somebody else changed meanwhile is shown above what was typed, which stays. Raises what the desk
    raises.
    """
    typed = text
    while True:
        edited = edit_in_editor(screen.app, typed, "organisation", suffix=".yaml")
        if edited.strip() == text.strip():
            screen.say("Nothing changed.", "muted")
            return None
        typed = edited
        try:
            return await _saved(screen, before, typed)
        except BadInput as error:
            words = f"{error.message}\n\nNothing was saved. Go on editing what you typed?"
            if not await confirm(screen, "The organisation does not fit", words, yes="Go on editing"):
                screen.say("Nothing was saved.", "muted")
                return None
        except _Meanwhile as error:
            words = f"{error.message} The lines they changed will stand above what you typed."
            if not await confirm(screen, "Go on editing?", words, yes="Go on editing"):
                screen.say("Nothing was saved.", "muted")
                return None
            latest = screen.desk.organisation.read()
            typed = _changes(text, organisation_yaml(latest)) + typed
            before, text = latest, organisation_yaml(latest)


def _changes(before: str, latest: str) -> str:
    """The lines that somebody else took out and put in, as comments of the file."""
    lines = unified_diff(before.splitlines(), latest.splitlines(), lineterm="", n=0)
    changed = [line for line in list(lines)[2:] if not line.startswith("@@")]
    return "".join(f"# {line}\n" for line in ("Changed meanwhile (- before, + now):", *changed)) + "\n"


async def _saved(screen: Asker, before: Organisation, text: str) -> Amended | None:
    """Save what was typed once its effect was seen. Raises BadInput with the lines that do not fit."""
    from relui.loading.organisation import organisation_text

    organisation = organisation_text(text, _NAME)
    effect = screen.desk.organisation.preview(lambda _: organisation)
    told = "\n".join(f"! {words}" for words in effect) or "No release is affected."
    if not await confirm(screen, "Save the organisation", told, yes="Save"):
        screen.say("Nothing was saved.", "muted")
        return None

    def replaced(latest: Organisation) -> Organisation:
        if latest != before:
            raise _Meanwhile("Somebody else changed the organisation meanwhile: nothing was saved.")
        return organisation

    return screen.desk.organisation.amend(replaced, "edited the organisation")
