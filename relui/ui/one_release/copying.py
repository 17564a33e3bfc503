"""What can be copied of a release, from its identifier to a document; a message can be noted as sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from relui.desk.act import Done
from relui.domain.checklist import kept_file
from relui.domain.outline import Node
from relui.ui.kit.question import Choose, ask_line
from relui.ui.kit.reading import Notice
from relui.ui.kit.times import when
from relui.ui.one_release.detail import log_lines
from relui.ui.terminal.clipboard import copy

if TYPE_CHECKING:
    from relui.desk.act import Opened
    from relui.desk.desk import Desk
    from relui.desk.evidence import EvidenceFile
    from relui.domain.release import Release
    from relui.ui.kit.asker import Asker


MESSAGE_OF_ITEM, MESSAGE, DOCUMENT = "its message", "message ...", "document ..."
PATH, READ = "evidence's path", "evidence's text"
OFFERED = (
    (MESSAGE, "one of the release's messages, to be sent"),
    (DOCUMENT, "definition, notes, test summary, hand-off, record ..."),
    ("checklist", "the whole checklist as Markdown"),
    ("log", "the whole log, newest first"),
)
"""What every release offers; what leads on has dots."""


async def copy_from_release(
    screen: Asker, release_id: str, node: Node | None = None, more: Mapping[str, str] | None = None
) -> None:
    """Ask what, copy it, and show the text, since OSC 52 has no acknowledgement; `more` are texts by name."""
    app, desk = screen.relui, screen.desk
    opened = desk.journal.open(release_id)
    release, zone = opened.release, app.zone()
    line = f"{release.id} {release.service} {release.version}, {when(release.go_live, zone, year=0)}"
    texts = [(name, text) for name, text in (more or {}).items() if text]
    texts += [("identifier", release.id), ("title", release.title), ("one line", line)]
    if node is not None:
        texts += [("item", node.text), ("item path", node.path)]
        command = f"relui tick {release.id} {node.path}"
        texts += [("command to tick", command)] if node.is_leaf else []
        recorded = [("reason", node.mark.reason), ("note", node.mark.note)]
        recorded += [("evidence", piece) for piece in node.mark.evidence]
        texts += [(name, text) for name, text in recorded if text]
    files = _evidence(desk, opened, node)
    texts += [(PATH, found.where) for found in files]
    asked = node.item.message if node is not None and node.item is not None else ""
    if asked:  # what the item asks to be said is nearest
        texts.insert(0, (MESSAGE_OF_ITEM, asked))
    choices = [(name, " ".join(text.split())[:60]) for name, text in texts]
    choices += [(READ, found.kept.words) for found in files]
    choices += OFFERED
    chosen = await app.push_screen_wait(Choose("Copy", choices))
    if chosen is None:
        return
    name = choices[chosen][0]
    if name in (MESSAGE, MESSAGE_OF_ITEM):
        await copy_message(screen, release, asked if name == MESSAGE_OF_ITEM else "")
        return
    if name == DOCUMENT:
        await copy_document(screen, release)
        return
    if name == READ:
        text = desk.evidence.text(files[chosen - len(texts)])
    elif name == "checklist":
        text = desk.exchange.markdown(release_id)
    elif name == "log":
        text = "\n".join(content.plain for content in log_lines(opened.entries, (), zone, screen.now))
    else:
        text = texts[chosen][1]
    how = copy(app, text)
    if len(text) <= 60 and "\n" not in text and name != READ:
        screen.say(f"{how}: {text}", "muted")
    else:
        screen.say(f"{name} {how}.", "muted")
        app.push_screen(Notice(f"{name}: {how}", text))


def _evidence(desk: Desk, opened: Opened, node: Node | None) -> list[EvidenceFile]:
    """The files that are kept as evidence, of the item where there is one; else of the whole release."""
    files = [found for found in desk.evidence.files(opened.record.state) if found.there]
    if node is None:
        return files
    own = {kept_file(piece) for piece in node.mark.evidence}
    return [found for found in files if found.kept in own]


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
    screen.relui.board.put(done)
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
