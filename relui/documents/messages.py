"""The messages of a release, generated from it by templates that a team can change [S1.23]."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from relui.documents.facts import Paper
from relui.documents.message_facts import VARIABLES, message_facts
from relui.documents.message_template import MessageTemplate
from relui.domain.dossier.notices import AUDIENCES, MESSAGE_WORDS, Notice, last_sent, notices
from relui.domain.release import Release
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput


class Message(Struct, frozen=True):
    """A message as it can be sent: its text, to whom it goes, and until when it is due (UTC, if known)."""

    name: str
    subject: str
    text: str
    audience: str
    due: datetime | None

    @property
    def whole(self) -> str:
        """Subject and text, as they are copied."""
        return f"{self.subject}\n\n{self.text}"


def checked_message(name: str) -> str:
    """The message of that name. Raises BadInput with the nearest."""
    if name in MESSAGE_WORDS:
        return name
    raise BadInput(f"There is no message {quoted(name)}.{did_you_mean(name, MESSAGE_WORDS)}")


def checked_template(text: str, shown: str) -> MessageTemplate:
    """A message's template, of the file `shown`. Raises BadInput by file and line."""
    return MessageTemplate(text, shown, VARIABLES)


def message(release: Release, name: str, paper: Paper, template: MessageTemplate) -> Message:
    """A message of a release by its template. Raises BadInput for an unknown one, or a broken template."""
    notice = notice_of(release, checked_message(name), paper)
    rendered = template.render(message_facts(release, notice, paper))
    return Message(name, rendered.subject, rendered.text, notice.audience, notice.due)


def notice_of(release: Release, name: str, paper: Paper) -> Notice:
    """What is known of a message: to whom and until when; also of one that the release does not owe."""
    owed = {each.message: each for each in notices(release, paper.organisation.holidays)}
    return owed.get(name) or Notice(name, _audience(release, name), None, last_sent(release, name))


def _audience(release: Release, name: str) -> str:
    others = {"support-live": "support team", "customer-announcement": "customers"}
    return others.get(name, AUDIENCES[release.impact])
