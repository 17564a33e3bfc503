"""The organisation in the person's own editor: read back, checked, its effect shown, and then saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relui.domain.organisation import Organisation
from relui.errors import BadInput, Refused
from relui.ui.dialogs.ask import confirm
from relui.ui.editor import edit_in_editor

if TYPE_CHECKING:
    from relui.desk.organisation import Amended
    from relui.ui.screens.desk_screen import DeskScreen

_NAME = "organisation.yaml"


async def edit_organisation(screen: DeskScreen, before: Organisation, text: str) -> Amended | None:
    """Edit `before`, as `text`, until it fits or is given up; None when nothing was saved.

    Raises what the desk raises, and Refused when somebody else changed the organisation meanwhile.
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


async def _saved(screen: DeskScreen, before: Organisation, text: str) -> Amended | None:
    """Save what was typed once its effect was seen. Raises BadInput with the lines that do not fit."""
    from relui.loading.organisation import organisation_text

    organisation = organisation_text(text, _NAME)
    effect = screen.desk.preview_organisation(lambda _: organisation)
    told = "\n".join(f"! {words}" for words in effect) or "No release is affected."
    if not await confirm(screen, "Save the organisation", told, yes="Save"):
        screen.say("Nothing was saved.", "muted")
        return None

    def replaced(latest: Organisation) -> Organisation:
        if latest != before:
            raise Refused("Somebody else changed the organisation meanwhile: nothing was saved. Begin again.")
        return organisation

    return screen.desk.amend(replaced, "edited the organisation")
