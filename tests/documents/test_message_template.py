"""What a message's template may hold: everything else is refused by file and line, and everything ends."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relui.documents.message_sandbox import LOOP
from relui.documents.message_template import FILTERS, OUTPUT_LIMIT, MessageTemplate, Variable
from relui.errors import BadInput

VARIABLES = {
    "service": Variable("a text"),
    "empty": Variable("an empty text"),
    "partial": Variable("yes or no", "yes-no"),
    "services": Variable("texts", "texts"),
    "changes": Variable("rows", "rows", ("reference", "summary")),
}
FACTS = {
    "service": "Payments",
    "empty": "",
    "partial": True,
    "services": ["a", "b"],
    "changes": [{"reference": "C-1", "summary": "one"}, {"reference": "C-2", "summary": "two"}],
}


def made(body: str, subject: str = "x") -> MessageTemplate:
    return MessageTemplate(f"Subject: {subject}\n{body}", "mine.txt.j2", VARIABLES)


def rendered(body: str, **facts: object) -> str:
    return made(body).render({**FACTS, **facts}).text


def refused(body: str) -> str:
    with pytest.raises(BadInput) as caught:
        made(body)
    assert caught.value.message.startswith("mine.txt.j2:")
    return caught.value.message


@pytest.mark.parametrize(("body", "text"), [
    ("Hello {{ service }}", "Hello Payments\n"),
    ("{% if partial %}in part{% else %}whole{% endif %}", "in part\n"),
    ("{% if not partial or service == 'Ledger' %}a{% elif 'a' in services %}b{% endif %}", "b\n"),
    ("{% if service in ['Payments', 'Ledger'] %}ours{% endif %}", "ours\n"),
    ("{% for one in changes %}\n- {{ one.reference }}: {{ one.summary }}\n{% endfor %}", "- C-1: one\n- C-2: two\n"),  # noqa: E501
    ("{% for s in services %}{{ loop.index }}/{{ loop.length }}{{ s }}{% if not loop.last %}, {% endif %}{% endfor %}",  # noqa: E501
     "1/2a, 2/2b\n"),
    ("{% for one in changes if one.reference != 'C-1' %}{{ one.summary }}{% else %}none{% endfor %}", "two\n"),  # noqa: E501
    ("{{ services|join(', ')|upper }} {{ changes|length }}", "A, B 2\n"),
    ("{{ empty or service|lower }} {{ 'yes' if partial else 'no' }}", "payments yes\n"),
    ("{{ 'a b c d e f g h i j k l m'|wrap(20) }}", "a b c d e f g h i j\nk l m\n"),
    ("a\n\n{% if empty %}\nx\n{% endif %}\n\n\nb  \n", "a\n\nb\n"),
    ("{# nobody sees this #}a", "a\n"),
])  # fmt: skip
def test_texts_variables_conditions_loops_and_filters_are_written(body: str, text: str) -> None:
    assert rendered(body) == text


def test_the_subject_is_one_line_whatever_stands_in_it() -> None:
    found = made("body", "About {{ service }}").render({**FACTS, "service": "Pay\nments\x1b[31m"})
    assert (found.subject, found.text) == ("About Pay ments", "body\n")


def test_what_people_wrote_is_never_a_template_and_never_a_command_for_the_terminal() -> None:
    assert (
        rendered("{{ service }}", service="{{ changes }}{% for %}\x1b]0;x\x07\u202e")
        == "{{ changes }}{% for %}\n"
    )


@pytest.mark.parametrize(("body", "line", "words"), [
    ("a\n{{ servce }}", 3, "Did you mean 'service'?"),
    ("{% for one in changes %}\n{{ one.sumary }}\n{% endfor %}", 3, "Did you mean 'summary'?"),
    ("{% for one in changes %}{{ loop.cycle }}{% endfor %}", 2, "no field 'cycle'"),
    ("{{ service|uper }}", 2, "Did you mean 'upper'?"),
    ("{{ service|join }}", 2, "takes texts"),
    ("{{ changes }}", 2, "{% for %}"),
    ("{{ services }}", 2, "|join"),
    ("{{ partial }}", 2, "{% if %}"),
    ("{{ services or service }}", 2, "no text"),
    ("{{ service if partial }}", 2, "needs its else"),
    ("{% for one in service %}{% endfor %}", 2, "goes over a list"),
    ("{% for a, b in changes %}{% endfor %}", 2, "one in list"),
    ("{% for service in services %}{% endfor %}", 2, "has a meaning already"),
    ("\n\n{% if partial %}", 4, "Unexpected end of template"),
    ("{% for one in changes %}{% endfor %}{{ one }}", 2, "no variable 'one'"),
    ("{% nonsense %}", 2, "unknown tag 'nonsense'"),
    ("{{ service", 2, "unexpected end"),
    ("{% if changes == services %}{% endif %}", 2, "Only texts and numbers"),
])  # fmt: skip
def test_a_mistake_is_told_by_line_with_the_nearest_right_name(body: str, line: int, words: str) -> None:
    message = refused(body)
    assert message.startswith(f"mine.txt.j2:{line}: ") and words in message, message


@pytest.mark.parametrize("body", [
    "{{ service.__class__.__mro__ }}",
    "{{ ''.__class__ }}",
    "{{ service['__class__'] }}",
    "{{ changes[0].summary }}",
    "{{ service|attr('__class__') }}",
    "{{ service.format() }}",
    "{{ self }}",
    "{{ config }}",
    "{{ range(10) }}",
    "{% for n in range(999999999) %}{% endfor %}",
    "{% for n in [1] * 999999999 %}{% endfor %}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'x' * 999999999 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ service ~ service }}",
    "{{ service + service }}",
    "{{ service|indent(999999999) }}",
    "{{ service|wrap(0) }}",
    "{{ services|join(service) }}",
    "{{ services|join(attribute='x') }}",
    "{{ service|upper(*services) }}",
    "{{ service|center(999999999) }}",
    "{{ lipsum() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ namespace() }}",
    "{{ [changes, changes] }}",
    "{{ {'a': 1} }}",
    "{{ service is defined }}",
    "{% set x = 1 %}",
    "{% set x %}a{% endset %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base' %}",
    "{% block a %}{% endblock %}",
    "{% with a = 1 %}{% endwith %}",
    "{% for one in changes recursive %}{{ loop(one) }}{% endfor %}",
])  # fmt: skip
def test_whatever_reaches_python_or_can_grow_is_refused_by_its_line(body: str) -> None:
    assert refused(body).startswith("mine.txt.j2:2: ")


def test_a_template_without_a_subject_is_refused() -> None:
    with pytest.raises(BadInput, match=r"mine:1: The first line must begin with 'Subject:'"):
        MessageTemplate("Hello", "mine", VARIABLES)


def test_a_subject_that_comes_out_empty_is_an_error() -> None:
    with pytest.raises(BadInput, match="the subject is empty"):
        made("body", "{{ empty }}").render(FACTS)


@pytest.mark.parametrize("body", [
    "(" * 5000,
    "{{ " + "(" * 5000 + "service" + ")" * 5000 + " }}",
    "{% if " + "not " * 5000 + "partial %}{% endif %}",
    "{{ " + " or ".join(["service"] * 3000) + " }}",
    "".join(f"{{% for a{n} in changes %}}" for n in range(30)) + "{% endfor %}" * 30,
    "{{ " + "9" * 20_000 + " }}",
])  # fmt: skip
def test_what_is_nested_too_deeply_ends_in_a_sentence_or_a_text(body: str) -> None:
    try:
        made(body).render(FACTS)
    except BadInput as error:
        assert error.message.startswith("mine.txt.j2")


def test_a_loop_in_a_loop_is_stopped_soon() -> None:
    """Nothing is written in it, so only its rounds can be counted."""
    loops = "".join(f"{{% for a{n} in changes %}}" for n in range(6)) + "{% endfor %}" * 6
    rows = [{"reference": "C", "summary": "s"}] * 50
    began = time.process_time()
    with pytest.raises(BadInput, match="loop in a loop goes on too long"):
        rendered(loops, changes=rows)
    assert time.process_time() - began < 5


def test_a_text_that_grows_is_stopped() -> None:
    rows = [{"reference": "C", "summary": "s"}] * 50
    body = "{% for a in changes %}{% for b in changes %}" + "x" * 1000 + "{% endfor %}{% endfor %}"
    with pytest.raises(BadInput, match=f"more than {OUTPUT_LIMIT:,} characters"):
        rendered(body, changes=rows)


def test_a_template_renders_as_often_as_it_is_asked() -> None:
    """The count begins anew each time."""
    rows = [{"reference": "C", "summary": "s"}] * 50
    template = made("{% for a in changes %}{% for b in changes %}{% endfor %}{% endfor %}ok")
    assert {template.render({**FACTS, "changes": rows}).text for _ in range(30)} == {"ok\n"}


_PIECES = st.sampled_from([
    "{{ service }}", "{{", "}}", "{%", "%}", " if ", " for ", " in ", "changes", "services", "service", "endfor",  # noqa: E501
    "endif", "else", "|", "join", "upper", "(", ")", "[", "]", "'", '"', ".", "__class__", "~", "+", "*", "9",
    " or ", " not ", "==", "loop", "one", ",", "\n", "{#", "#}", "raw", "set", "x", "=", "{", "}", "-",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_any_file_gives_a_text_or_a_sentence(body: str) -> None:
    """Nothing but BadInput is raised, whatever somebody writes."""
    try:
        assert isinstance(made(body).render(FACTS).text, str)
    except BadInput as error:
        assert error.message.startswith("mine.txt.j2")


def test_every_filter_and_part_of_a_loop_works() -> None:
    for name, (takes, _, words) in FILTERS.items():
        value = {"text": "service", "texts": "services", "rows": "changes"}[takes[0]]
        assert words and rendered(f"{{{{ {value}|{name} }}}}")
    for part in LOOP:
        assert "yes" in rendered(
            f"{{% for s in services %}}{{% if loop.{part} %}}yes{{% endif %}}{{% endfor %}}"
        )
