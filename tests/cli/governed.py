"""A governed release led on the command line, step by step: each test takes what it needs of the way."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from relui.domain.dossier.package import KINDS_OF_COMPONENTS
from tests.cli.conftest import CommandLine

ORGANISATION = """
zone: Europe/Berlin
services:
  - {id: payments, owner: grace}
people:
  - {id: ada, name: Ada, roles: [release-owner], delegate: ben}
  - {id: ben, name: Ben, roles: [release-manager]}
  - {id: grace, name: Grace, roles: [service-owner], delegate: heidi}
  - {id: heidi, name: Heidi}
  - {id: carl, name: Carl, roles: [cab]}
  - {id: olga, name: Olga, roles: [operations], contact: "4200"}
windows:
  - {id: nights, name: Weekend nights, weekly: [sat, sun], from: "18:00", to: "06:00"}
"""
GO_LIVE = "2026-12-12T20:00"
DAY = "2026-12-12T17:00:00+00:00"
"""Two hours before the go-live."""
SLOT = "2026-12-12T19:05:00+00:00"
AFTER = "2026-12-12T20:10:00+00:00"

At = Callable[[str], None]


def organised(cli: CommandLine) -> None:
    path = cli.data.parent / "organisation.yaml"
    path.write_text(ORGANISATION)
    cli.ok("org", "import", path)


def new(cli: CommandLine, *given: str) -> str:
    return cli.ok(
        "new", "--service", "payments", "--version", "2.4.0", "--template", "governed", "--owner", "ada",
        "--go-live", GO_LIVE, "--rationale", "New features alone", *given,
    ).out.strip()  # fmt: skip


def change(cli: CommandLine, release: str, number: int, *given: str) -> str:
    reference = f"CHG-2026-{number:04d}"
    cli.ok("change", "add", release, reference, "--summary", f"Change {number}", "--status", "approved",
           "--target", "2026-12-31", "--owner", "ben", "--ready", "yes", *given)  # fmt: skip
    return reference


def defined(cli: CommandLine, release: str) -> None:
    """Everything that planning asks for, without the signature."""
    cli.ok("edit", release, "--set", "risk=Low", "rollback=Put the former image back", "resources=Two people",
           "rollback-minutes=30m", "rollback-limit=4h", "rollback-triggers=No payment goes through",
           "test-plan=All of the matrix")  # fmt: skip
    for number in (1, 2, 3):
        change(cli, release, number)
    for name, day in (("test", "08"), ("staging", "10"), ("production", "12")):
        cli.ok("environment", "add", release, name, "--planned", f"2026-12-{day}T19:00")
    cli.ok("contact", "add", release, "incident-response", "--person", "olga", "--reach", "4200")
    cli.ok("confirm", release, "prerequisite", "--note", "the service catalogue")
    cli.ok("book", release)


def planned(cli: CommandLine, release: str) -> None:
    defined(cli, release)
    cli.ok("sign", release, "definition", "--as", "grace")
    cli.ok("advance", release)


def built(cli: CommandLine, release: str) -> None:
    cli.ok("edit", release, "--set", "package-at=store/payments", "package-access=Deployment team",
           f"package-tag={release}_2.4.0", "build-logs=https://ci/77")  # fmt: skip
    package = cli.data.parent / "image.tar"
    package.write_text("an image")
    cli.ok(
        "component",
        "add",
        release,
        "the-image",
        "--kind",
        "image",
        "--location",
        "store",
        "--presence",
        "missing",
    )
    cli.ok("component", "checksum", release, "the-image", package)
    cli.ok("component", "edit", release, "the-image", "--presence", "present")
    rest = [kind for kind in KINDS_OF_COMPONENTS if kind != "image"]
    cli.ok("component", "not-needed", release, *rest[:2], "--reason", "an image is all there is")
    cli.ok("component", "not-needed", release, "all", "--reason", "an image is all there is")
    verified(cli, release)
    cli.ok("environment", "edit", release, "test", "--baseline", "as documented")
    cli.ok("environment", "promote", release, "test", "--access-verified")
    cli.ok("sign", release, "test-plan", "--as", "grace")
    cli.ok("advance", release)


def verified(cli: CommandLine, release: str) -> None:
    cli.ok("confirm", release, "build", "notes")


RUNS = (
    ("smoke", ""),
    ("functional-changed", ""),
    ("functional-unchanged", ""),
    ("regression", "full suite"),
    ("integration", "all interfaces"),
    ("performance", "baseline comparison"),
    ("security", "vulnerability scan"),
)


def run_tests(cli: CommandLine, release: str) -> None:
    for category, scope in RUNS:
        given = ("--scope", scope) if scope else ()
        cli.ok("test", "add", release, "--category", category, "--cases", f"passed {category}-1", *given)


def tested(cli: CommandLine, release: str) -> None:
    run_tests(cli, release)
    cli.ok("advance", release)


def staged(cli: CommandLine, release: str) -> None:
    cli.ok("environment", "promote", release, "staging", "--access-verified")
    cli.ok("rehearse", release, "--deviations", "none")
    cli.ok("confirm", release, "acceptance", "--note", "four users, by telephone, until Thursday")
    cli.ok("sign", release, "acceptance", "--confirm", "all", "--as", "grace")
    cli.ok("advance", release)


def sent(cli: CommandLine, release: str, *messages: str) -> None:
    """Record messages as sent, now and as they read."""
    for message in messages:
        cli.ok("message", release, message, "--sent-to", "everybody")


def refused(cli: CommandLine, release: str, *act: object) -> str:
    """What a rule says against an act; nothing of the record was touched."""
    before = cli.file(release).read_bytes()
    answer = cli(act[0], release, *act[1:])
    assert (answer.code, answer.out) == (1, ""), answer
    assert cli.file(release).read_bytes() == before
    return answer.err


DOCUMENTS = ("definition", "notes", "test-summary", "record")


def documents(cli: CommandLine, release: str) -> dict[str, str]:
    """Write every document, the bundle too, into a folder; their texts by name."""
    folder = cli.data.parent / "documents"
    for name in DOCUMENTS:
        cli.ok(name, release, "--to", folder / f"{name}.md")
    cli.ok("handoff", release, "--to", folder / "handoff")
    assert zipfile.ZipFile(folder / "handoff.zip").testzip() is None
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.md")}


def ready(cli: CommandLine, release: str) -> None:
    """What the go decision waits for, without the decision."""
    cli.ok("confirm", release, "window", "readiness", "--note", "Olga")
    cli.ok("sign", release, "readiness", "--as", "ben")


def handed_off(cli: CommandLine, release: str) -> None:
    cli.ok("confirm", release, "handoff", "--note", "the deployment team")


def to_the_day(cli: CommandLine, at: At) -> str:
    """A release on its day, with everything that go asks for."""
    organised(cli)
    release = new(cli)
    planned(cli, release)
    built(cli, release)
    tested(cli, release)
    staged(cli, release)
    sent(cli, release, "planned-release")
    at(DAY)
    ready(cli, release)
    return release


def deployed(cli: CommandLine, at: At) -> str:
    release = to_the_day(cli, at)
    cli.ok("go", release, "--confirm", "all", "--as", "grace")
    handed_off(cli, release)
    at(SLOT)
    cli.ok("start", release)
    return release


def unmet(cli: CommandLine, release: str, gate: str) -> dict[str, str]:
    """The criteria of a gate that are not met, and why; the exit code says the same."""
    found = cli.json("gate", release, gate, code=1)
    assert found["met"] is False
    return {line["criterion"]: line["why"] for line in found["lines"] if line["state"] == "unmet"}
