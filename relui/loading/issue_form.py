"""GitHub's issue forms (YAML), whose check boxes are a checklist, as the Markdown that an issue shows."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from relui.errors import BadInput


def form_as_markdown(data: bytes | str, shown: str) -> str | None:
    """The Markdown of an issue form; None for a file that is not named as YAML.

    Raises BadInput for YAML that is no issue form, or one without check boxes.
    """
    if PurePath(shown).suffix.lower() not in (".yml", ".yaml"):
        return None
    from relui.loading.foreign_text import readable
    from relui.loading.yaml_reader import parse_yaml

    form = parse_yaml(readable(data, shown).text, shown).data
    body = form.get("body") if isinstance(form, dict) else None
    lines: list[str] = []
    for part in body if isinstance(body, list) else ():
        if isinstance(part, dict) and isinstance(part.get("attributes"), dict):
            lines += _part(part["attributes"])
    if not lines:
        raise BadInput(
            f"{shown}: this is YAML, and neither Markdown nor an issue form with check boxes. A template of "
            "relui goes into the templates folder as it is: relui info says where that is."
        )
    title = form.get("name")
    return "\n".join([f"# {title}", ""] * bool(title) + lines) + "\n"


def _part(attributes: dict[str, Any]) -> list[str]:
    """A part of a form: its label as a heading, texts as they are, its options as tasks."""
    lines = [f"## {attributes['label']}", ""] if attributes.get("label") else []
    lines += [str(attributes[name]).rstrip() for name in ("description", "value") if attributes.get(name)]
    options = attributes.get("options")
    for option in options if isinstance(options, list) else ():
        if isinstance(option, dict) and option.get("label"):
            lines.append(f"- [ ] {' '.join(str(option['label']).split())}")
    return [*lines, ""]
