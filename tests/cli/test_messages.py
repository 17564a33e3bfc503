"""`relui message`: what it prints, what it records, and templates that a team changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from relui.domain.template import MESSAGES
from tests.cli.conftest import CommandLine


@pytest.fixture
def own(cli: CommandLine) -> Path:
    """The team's own folder of messages."""
    folder = cli.data.parent / "config" / "messages"
    folder.mkdir(parents=True)
    return folder


def test_a_message_is_printed_with_its_subject(cli: CommandLine, release: str) -> None:
    """[S1.23]"""
    answer = cli.ok("message", release, "planned-release")
    assert answer.out.startswith("Planned release: payments 2.4.0, Saturday 21 November 2026, 20:00\n\n")
    assert "Expected duration: 2 hours, until 22:00\n" in answer.out and not answer.err
    made = cli.json("message", release[4:], "planned-release")
    assert made["id"] == release
    assert made["message"]["name"] == "planned-release"
    assert made["message"]["audience"] == "affected users, support team"
    assert made["message"]["due"] == "2026-11-18T22:59:59Z"
    assert answer.out == f"{made['message']['subject']}\n\n{made['message']['text']}"
    assert "sent" not in cli.state(release).get("dossier", {})


def test_what_was_sent_is_recorded_with_sender_recipients_and_text(cli: CommandLine, release: str) -> None:
    """[S1.23] When, by whom, to whom."""
    answer = cli.ok("message", release, "planned-release", "--sent-to", "everybody@shop")
    (sent,) = cli.state(release)["dossier"]["sent"]
    assert (sent["message"], sent["by"], sent["to"]) == ("planned-release", "ada", "everybody@shop")
    assert sent["at"] == "2026-11-16T09:00:00Z" and sent["text"].strip() == answer.out.strip()
    assert "sent 'Planned release' to everybody@shop" in answer.err
    assert cli.log(release)[-1]["act"] == "send" and not cli.log(release)[-1].get("reversible")
    act = cli.json("message", release, "deploy-starting", "--sent-to", "ops", "--text", "Now.",
                   "--when", "2026-11-16T09:30")  # fmt: skip
    assert act["id"] == release
    other = cli.state(release)["dossier"]["sent"][1]
    assert (other["text"], other["at"]) == ("Now.", "2026-11-16T08:30:00Z")


def test_a_record_of_a_message_is_withdrawn_with_a_reason(cli: CommandLine, release: str) -> None:
    """[S1.23] Never removed."""
    cli.ok("message", release, "planned-release", "--sent-to", "all")
    assert cli("message", release, "planned-release", "--withdraw", " ").code == 2
    cli.ok("message", release, "planned-release", "--withdraw", "It came back")
    sent = cli.state(release)["dossier"]["sent"]
    assert [each.get("withdraws") for each in sent] == [None, "M-1"]
    assert "is not recorded" in cli.ok("message", release, "planned-release", "--withdraw", "Again").err


def test_what_is_owed_is_listed_with_due_and_trouble(
    cli: CommandLine, release: str, at: Callable[[str], None]
) -> None:
    """[S1.23] Overdue notices show."""
    cli.ok("message", release, "deploy-starting", "--sent-to", "ops")
    rows = cli.ok("message", release).out.splitlines()
    assert rows[1].split()[:4] == ["planned-release", "Wed", "2026-11-18", "23:59"]
    assert "overdue" not in rows[1] and "ops" in rows[2]
    assert cli("message", "list", release).out.splitlines() == rows
    at("2026-11-19T09:00:00+00:00")
    assert cli.ok("message", release).out.splitlines()[1].endswith("overdue")
    first = cli.json("message", release)["messages"][0]
    assert first["name"] == "planned-release" and first["sent"] is None and first["in_time"] is False


def test_an_own_template_goes_first_and_is_named_in_the_list(
    cli: CommandLine, release: str, own: Path
) -> None:
    """[S1.23] The team can change each message."""
    (own / "support-live.txt.j2").write_text("Subject: {{ service|upper }} lives\n\nHello {{ audience }}.\n")
    answer = cli.ok("message", release, "support-live")
    assert answer.out == "PAYMENTS lives\n\nHello support team.\n"
    listed = cli.json("message", "list")
    assert [each["name"] for each in listed["templates"]] == list(MESSAGES)
    assert [each["name"] for each in listed["templates"] if each["source"] == "own"] == ["support-live"]
    assert str(own / "support-live.txt.j2") in cli.ok("message", "list").out


def test_a_broken_own_template_is_told_by_file_and_line_and_nothing_is_recorded(
    cli: CommandLine, release: str, own: Path
) -> None:
    path = own / "support-live.txt.j2"
    path.write_text("Subject: x\n\n{{ ().__class__ }}\n")
    before = cli.state(release)
    for more in ((), ("--sent-to", "all")):
        answer = cli("message", release, "support-live", *more)
        assert answer.code == 2 and f"{path}:3: " in answer.err and not answer.out
    assert cli.state(release) == before
    (own / "typo.txt.j2").write_text("")
    listed = cli("message", "list")
    assert listed.code == 2 and f"{path}:3: " in listed.err and "typo.txt.j2 is no message's" in listed.err
    cli.ok("message", release, "deploy-starting")


@pytest.mark.parametrize(("arguments", "words"), [
    (("planed-release",), "Did you mean 'planned-release'?"),
    (("planned-release", "--when", "2026-11-16"), "--when and --text belong to --sent-to"),
    (("planned-release", "--sent-to", " "), "To whom it was sent is empty"),
    (("planned-release", "--sent-to", "all", "--when", "2026-11-20"), "still to come"),
    (("planned-release", "--sent-to", "all", "--withdraw", "x"), "Either --sent-to or --withdraw"),
    (("--sent-to", "all"), "Say which message"),
])  # fmt: skip
def test_wrong_usage_is_2_and_changes_nothing(
    cli: CommandLine, release: str, arguments: tuple[str, ...], words: str
) -> None:
    before = cli.state(release)
    answer = cli("message", release, *arguments)
    assert answer.code == 2 and words in answer.err
    assert cli.state(release) == before


def test_read_only_prints_and_records_nothing(cli: CommandLine, release: str) -> None:
    before = cli.state(release)
    cli.ok("--readonly", "message", release, "planned-release")
    assert cli("--readonly", "message", release, "planned-release", "--sent-to", "all").code == 3
    assert cli.state(release) == before


def test_an_archived_release_still_gives_its_messages_and_records_none(
    cli: CommandLine, release: str
) -> None:
    cli.ok("close", release, "--outcome", "cancelled", "--reason", "r")
    cli.ok("message", release, "release-failed")
    assert cli("message", release, "release-failed", "--sent-to", "all").code == 1
