"""The five build verifications [S1.12]: points that are confirmed, known to more than the package's rules."""

from __future__ import annotations

from collections.abc import Mapping

BUILD_CHECKS: Mapping[str, str] = {
    "build.components": "All declared components are present",
    "build.binaries": "Binaries execute and find their dependencies",
    "build.configuration": "Configuration files parse",
    "build.database": "Database scripts apply to a clean schema",
    "build.images": "Images start and answer a health check",
}
"""The five build verifications [S1.12], given as confirmations: id -> words."""
