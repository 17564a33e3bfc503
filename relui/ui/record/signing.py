"""Sign-offs: approve or reject a subject of the release, with what is confirmed."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from relui.desk.act import Done
from relui.domain.dossier.definition import lacks
from relui.domain.dossier.signers import authority, required_signers
from relui.domain.dossier.signing import sign
from relui.domain.dossier.signoffs import SUBJECT_WORDS, SUBJECTS, subject_named
from relui.errors import ReluiError
from relui.ui.kit.judged_form import Field
from relui.ui.kit.question import Choose, confirm
from relui.ui.record.forms import read_signing, signing_fields
from relui.ui.record.open_record import OpenRecord, Rule

_VERDICTS = (("approve", "it stands as it is"), ("reject", "with a reason in the comment"))


class Signing:
    """Whoever acts signs as themselves, or for the one whose delegate they are."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    async def sign_here(self) -> None:
        """Approve or reject the subject under the cursor, else one that is chosen."""
        row = self._record.row
        subject = row.section.partition(":")[2] if row is not None else ""
        if subject not in SUBJECTS:
            choices = [(name, SUBJECT_WORDS[name]) for name in SUBJECTS]
            chosen = await self._record.app.push_screen_wait(Choose("Sign", choices))
            if chosen is None:
                return
            subject = SUBJECTS[chosen]
        await self._sign(subject)

    async def _sign(self, subject: str) -> None:
        record, context = self._record, self._record.judged.context
        by, about = record.desk.actor.name, subject_named(subject)
        signers = required_signers(about, record.release, context.organisation)
        fields = [
            Field("verdict", "Decision", "approve", "Approve or reject.", _VERDICTS),
            *signing_fields(record.release, context, subject, by),
        ]

        def rule(values: dict[str, str]) -> Rule:
            more = read_signing(record.release, values)
            return lambda release: sign(release, context.organisation, subject, by, record.now, **more)

        missing = lacks(record.release) if about == "definition" else ""
        who = " and ".join(each.words for each in signers)
        words = f"You sign as {by}. It is to be signed by {who}. {missing}".rstrip()
        try:
            authority(record.release, context.organisation, about, by, context.now, fields[1].value)
        except ReluiError as error:
            words = error.message

        async def sign_incomplete(more: dict[str, Any]) -> Done | None:
            told = f"{missing} It can still be completed, and is to be signed again for what changes."
            if not await confirm(record, "Approve it all the same?", told, yes="Approve"):
                return None
            return record.desk.record.sign(record.release_id, subject, **more)

        def save(values: dict[str, str]) -> Done | Awaitable[Done | None]:
            more = read_signing(record.release, values)
            if missing and more["verdict"] == "approve":
                return sign_incomplete(more)
            return record.desk.record.sign(record.release_id, subject, **more)

        title = f"Sign {SUBJECT_WORDS[about]}"
        if await record.ask_form(title, fields, rule, save, words=words) is not None:
            record.rows.select([("subject", subject)])
