"""The release desk: every act in one place, by parts over one journal; screens and commands call it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from relui.clock import Clock
from relui.desk.act import Signing
from relui.desk.journal import Journal
from relui.desk.organisation import OrganisationActs
from relui.domain.log import Actor

if TYPE_CHECKING:
    from relui.desk.archive import ArchiveActs
    from relui.desk.calendar import CalendarActs
    from relui.desk.deployment import DeploymentActs
    from relui.desk.documents import DocumentActs
    from relui.desk.evidence import EvidenceActs
    from relui.desk.exchange import ExchangeActs
    from relui.desk.health import HealthActs
    from relui.desk.imports import ImportActs
    from relui.desk.items import ItemActs
    from relui.desk.learning import LearningActs
    from relui.desk.planning import PlanningActs
    from relui.desk.record import RecordActs
    from relui.desk.releases import ReleaseActs
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary
    from relui.store.seam import DraftStore, Store


class Desk:
    """Builds the parts, each when it is first asked for: a tick on the command line imports no calendar."""

    def __init__(
        self,
        store: Store,
        *,
        data: Path,
        clock: Clock,
        actor: Actor,
        library: Callable[[], TemplateLibrary],
        host_zone: Callable[[], str],
        display_zone: str | None = None,
        messages: Callable[[], MessageLibrary] | None = None,
    ) -> None:
        """`store` keeps everything; `data` is the folder within which the policy names the calendar file.

        `messages` are the bundled templates of messages and the team's own; the bundled ones unless said.
        """
        self.store = store
        self.data = data
        self.read_only = store.read_only
        self._library = library
        self._messages = messages
        self.signing = Signing(actor, clock)
        self.organisation = OrganisationActs(
            store,
            self.signing,
            library=library,
            host_zone=host_zone,
            display_zone=display_zone,
            releases=lambda: self.calendar.read().releases,
            changed=lambda: self.calendar.settle_windows(),  # noqa: PLW0108 - it is built when it is asked for
        )
        self.journal = Journal(
            store,
            self.signing,
            self.organisation,
            lambda release: self.learning.follow(release),  # noqa: PLW0108 - the same
        )

    @property
    def clock(self) -> Clock:
        """The one clock."""
        return self.signing.clock

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.signing.actor

    @property
    def templates(self) -> TemplateLibrary:
        """The bundled templates and the user's own, read when they are asked for."""
        return self._library()

    @property
    def drafts(self) -> DraftStore:
        """Text that the acting person typed and did not save yet."""
        return self.store.drafts(self.actor.name)

    @cached_property
    def items(self) -> ItemActs:
        """Acts on checklist items."""
        from relui.desk.items import ItemActs

        return ItemActs(self.journal, self.organisation, self._library)

    @cached_property
    def calendar(self) -> CalendarActs:
        """The calendar, and who holds which slot."""
        from relui.desk.calendar import CalendarActs

        return CalendarActs(self.journal, self.organisation, self.data)

    @cached_property
    def learning(self) -> LearningActs:
        """Retrospectives, and the actions that follow from them."""
        from relui.desk.learning import LearningActs

        return LearningActs(self.journal, self.organisation, self._library)

    @cached_property
    def planning(self) -> PlanningActs:
        """What a new release would be."""
        from relui.desk.planning import PlanningActs

        return PlanningActs(self.journal, self.organisation, self.calendar, self.learning, self._library)

    @cached_property
    def archive(self) -> ArchiveActs:
        """What was released: figures, reviews, debts, retention."""
        from relui.desk.archive import ArchiveActs

        return ArchiveActs(self.journal, self.organisation, self.calendar, self.learning)

    @cached_property
    def releases(self) -> ReleaseActs:
        """Acts on whole releases."""
        from relui.desk.releases import ReleaseActs

        return ReleaseActs(
            self.journal, self.organisation, self.calendar, self.learning, self.planning, self.archive
        )

    @cached_property
    def record(self) -> RecordActs:
        """Acts on a release's record: parts, gates, sign-offs."""
        from relui.desk.record import RecordActs

        return RecordActs(self.journal, self.organisation, self.calendar)

    @cached_property
    def evidence(self) -> EvidenceActs:
        """What is kept as evidence."""
        from relui.desk.evidence import EvidenceActs

        return EvidenceActs(self.journal)

    @cached_property
    def imports(self) -> ImportActs:
        """What others wrote, read into a record."""
        from relui.desk.imports import ImportActs

        return ImportActs(self.journal, self.organisation, self.evidence)

    @cached_property
    def health(self) -> HealthActs:
        """Proofs, check-ups and repairs."""
        from relui.desk.health import HealthActs

        return HealthActs(self.journal, self.organisation, self.calendar, self.learning)

    @cached_property
    def documents(self) -> DocumentActs:
        """Messages and documents."""
        from relui.desk.documents import DocumentActs

        return DocumentActs(
            self.journal, self.organisation, self.calendar, self.evidence, self.health, self._messages
        )

    @cached_property
    def deployment(self) -> DeploymentActs:
        """Decisions, and the guard."""
        from relui.desk.deployment import DeploymentActs

        return DeploymentActs(self.journal, self.organisation, self.calendar, self.releases)

    @cached_property
    def exchange(self) -> ExchangeActs:
        """Releases and templates in and out."""
        from relui.desk.exchange import ExchangeActs

        return ExchangeActs(self.journal, self.organisation, self._library)
