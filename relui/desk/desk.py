"""The release desk: every act in one place. Screens and the command line only call it."""

from __future__ import annotations

from relui.desk.archive import ArchiveActs
from relui.desk.deploying import GuardActs
from relui.desk.documents import DocumentActs
from relui.desk.dossier import DossierActs
from relui.desk.exchange import ExchangeActs
from relui.desk.health import HealthActs
from relui.desk.history import HistoryActs
from relui.desk.late_notices import LateNotices


class Desk(
    DocumentActs, ArchiveActs, DossierActs, HistoryActs, ExchangeActs, GuardActs, HealthActs, LateNotices
):
    """Each act: lock, load the latest, apply a pure rule, write once, return the new release."""
