"""Copying a message or a document of a release; what was copied as a message can be recorded as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relui.desk.act import Done
from relui.ui.kit.choose import Choose
from relui.ui.kit.notice import Notice
from relui.ui.kit.question import ask_line
from relui.ui.terminal.clipboard import copy

if TYPE_CHECKING:
    from relui.domain.release import Release
    from relui.ui.kit.asker import Asker


async def copy_message(screen: Asker, release: Release, name: str = "") -> None:
    """Copy a message, choosing it when it has no name; then ask to whom it was sent, if it was."""
    from relui.domain.dossier.notices import MESSAGE_WORDS

    if not name:
        names = list(MESSAGE_WORDS)
        owed = {each.message: each for each in screen.desk.documents.notices(release.id)}
        choices = [(MESSAGE_WORDS[each], _stands(owed[each].sent) if each in owed else "") for each in names]
        chosen = await screen.app.push_screen_wait(Choose("Copy a message", choices))
        if chosen is None:
            return
        name = names[chosen]
    made = screen.desk.documents.message(release.id, name)
    how = copy(screen.app, made.whole)
    await screen.app.push_screen_wait(Notice(f"{MESSAGE_WORDS[name]}: {how}", made.whole))
    screen.say(f"{MESSAGE_WORDS[name]} {how}.", "muted")
    if release.closed or screen.desk.read_only:
        return
    hint = f"To whom did it go ({made.audience})? Left empty, it is not recorded as sent."

    def record(to: str) -> Done | bool:
        return to.strip() != "" and screen.desk.documents.record_sent(release.id, name, to, text=made.whole)

    done: Done | bool | None = await ask_line(screen, f"{MESSAGE_WORDS[name]}: record as sent", hint, record)
    if not isinstance(done, Done):
        return
    screen.relui.board.put(done.release)
    screen.relui.beat()
    if done.ruling.act is not None:
        screen.say(f"{release.id}: {done.ruling.act.text}.")


def _stands(sent: object) -> str:
    return "sent" if sent else "not sent yet"


async def copy_document(screen: Asker, release: Release) -> None:
    """Copy a document as Markdown, choosing which."""
    from relui.desk.documents import DOCUMENTS

    names = list(DOCUMENTS)
    chosen = await screen.app.push_screen_wait(
        Choose("Copy a document", [(name, DOCUMENTS[name]) for name in names])
    )
    if chosen is None:
        return
    text = screen.desk.documents.document(release.id, names[chosen])
    how = copy(screen.app, text)
    screen.say(f"{names[chosen]} {how}.", "muted")
    screen.app.push_screen(Notice(f"{names[chosen]}: {how}", text))
