"""Commands that change which items a release has, and what every command of the checklist begins with."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from relui.ui.kit.command import CommandClass, Commands, declared

if TYPE_CHECKING:
    from relui.ui.checklist.screen import ChecklistScreen


class ChecklistView(CommandClass):
    """Does something on the checklist's screen."""

    section = "Checklist"


class ChecklistAct(ChecklistView):
    """Changes the release: refused, with the reason, where nothing can be changed."""

    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        return screen.why_unchangeable()


class ItemAct(ChecklistAct):
    """Changes the item under the cursor: refused where there is none."""

    @classmethod
    def refusal(cls, screen: ChecklistScreen) -> str:
        if screen.node is None:
            return "There is no item here."
        if why := screen.why_unchangeable():
            return why
        return (
            f"The keyboard is in the log: {screen.key_of('switch-pane')} goes back."
            if screen.reading.active
            else ""
        )


class AddItem(ChecklistAct):
    """Add an item of this release alone, below the one under the cursor."""

    id, title, keys = "add-item", "Add item", ("A",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.add_item()


class EditStep(ItemAct):
    """Edit a step or another item: what, owner, command, expected result, time, how its rehearsal went."""

    id, title, keys = "edit-step", "Edit step", ("s",)
    also = "runbook rehearsal command expected"

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None] | None:
        return screen.items.edit_step()


class AddStep(ItemAct):
    """Add a step to the runbook: behind the one under the cursor, else at its end."""

    id, title, keys = "add-step", "Add step", ("S",)
    also = "runbook"

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.add_step()


class RemoveItem(ItemAct):
    """Remove an open item from this release, with a reason; the log keeps it."""

    id, title, keys = "remove-item", "Remove item", ("delete",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.remove_item()


class MoveItemDown(ItemAct):
    """Move the item one place down among its siblings."""

    id, title, keys = "move-down", "Move item down", ("greater_than_sign",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.items.move_item(1)


class MoveItemUp(ItemAct):
    """Move the item one place up among its siblings."""

    id, title, keys = "move-up", "Move item up", ("less_than_sign",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> None:
        screen.items.move_item(-1)


class TakeOver(ChecklistAct):
    """Take over items that the template has gained since this release was created."""

    id, title, keys = "take-over", "Template's new items", ("T",)

    @classmethod
    def run(cls, screen: ChecklistScreen) -> Awaitable[None]:
        return screen.items.take_over()


ITEMS: Commands = declared(AddItem, EditStep, AddStep, RemoveItem, MoveItemDown, MoveItemUp, TakeOver)
