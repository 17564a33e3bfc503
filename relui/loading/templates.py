"""The templates that a release can be made from: the bundled ones and a team's own, which go first [S0.7].

Files are read when they are asked for and read again when they change. A broken file is reported once,
by file and line, and the others go on; a broken own file never gives way silently to the bundled one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.template import Template
from relui.domain.text import clean, did_you_mean
from relui.errors import BadInput
from relui.files import read_regular
from relui.loading.keymap import CommandKeys, load_keymap
from relui.loading.settings import load_settings
from relui.loading.template_checks import cross_check, rough_check
from relui.loading.themes import load_theme, load_themes
from relui.loading.yaml_models import checked
from relui.loading.yaml_reader import SIZE_LIMIT, Problem, UnfitFile, YamlDocument, listed, read_yaml

if TYPE_CHECKING:
    from relui.locations import Locations


Source = Literal["bundled", "own"]
KINDS = ("base", "emergency", "pack")
"""The kinds of templates, in the order in which they are listed."""

_NAMED = re.compile(r"^template:[ \t]*[\"']?([A-Za-z0-9-]{1,64})", re.MULTILINE)


class TemplateEntry(Struct, frozen=True):
    """A template as a list shows it. `kind` is empty when the file is too broken to tell.

    `shadows` is true for an own template in the place of a bundled one; `problem` is the first thing
    that is wrong with it, or None.
    """

    name: str
    title: str
    kind: str
    source: Source
    path: Path
    shadows: bool = False
    problem: str | None = None


class _Loaded(Struct, frozen=True):
    """A file as it was read: its template when the shape is right, its problems when not."""

    name: str
    path: Path
    source: Source
    document: YamlDocument | None = None
    template: Template | None = None
    problems: tuple[Problem, ...] = ()
    empty: bool = False


class TemplateLibrary:
    """All templates by name. `own` is the team's folder, which may be absent."""

    def __init__(self, bundled: Path, own: Path | None) -> None:
        self._bundled = bundled
        self._own = own
        self._read: dict[Path, tuple[tuple[int, int], _Loaded]] = {}

    def names(self) -> list[TemplateEntry]:
        """Every template once, by kind and name; an own one stands in the place of the bundled."""
        found = self._files()
        bundled = {loaded.name for loaded in found if loaded.source == "bundled"}
        chosen = self._chosen(found)
        entries = [self._entry(loaded, bundled, chosen) for loaded in chosen.values()]
        order = {kind: at for at, kind in enumerate(KINDS)}
        return sorted(entries, key=lambda entry: (order.get(entry.kind, len(KINDS)), entry.name))

    def packs(self) -> list[TemplateEntry]:
        """The packs that can be added to a template."""
        return [entry for entry in self.names() if entry.kind == "pack"]

    def get(self, name: str) -> Template:
        """The template of that name.

        Raises BadInput with the nearest name when there is none, and with every problem by file and
        line when it is broken.
        """
        chosen = self._chosen(self._files())
        loaded = chosen.get(name)
        if loaded is None:
            raise BadInput(f"There is no template '{clean(name)[:80]}'.{did_you_mean(name, chosen)}")
        found = self._problems_of(loaded, chosen)
        if loaded.template is None or found:
            raise BadInput(f"The template '{name}' cannot be used:\n{listed(found)}")
        return loaded.template

    def packs_for(self, base: Template, added: Sequence[str] = ()) -> list[Template]:
        """The packs that a template brings along, and the `added` ones, each once.

        Raises BadInput for an unknown or broken one; that each is a pack is for composing to see.
        """
        return [self.get(name) for name in dict.fromkeys((*base.packs, *added))]

    def owed_by(self, base: Template) -> Template | None:
        """The full checklist that an emergency owes afterwards [S1.36]. Raises BadInput like `get`."""
        return self.get(base.owes) if base.owes else None

    def problems(self) -> list[Problem]:
        """Everything that is wrong in the team's own files, shadowed duplicates included."""
        found = self._files()
        chosen = self._chosen(found)
        own = [loaded for loaded in (*found, *chosen.values()) if loaded.source == "own"]
        told = [problem for loaded in own for problem in self._problems_of(loaded, chosen)]
        return list(dict.fromkeys((*self._folder_problem(), *told)))

    def lint_file(self, path: Path) -> list[Problem]:
        """All that is wrong with one template file, inside and against the templates known here."""
        loaded = _load(path, "own")
        chosen = self._chosen(self._files())
        return sorted(
            {*self._problems_of(loaded, chosen), *self._roughly(loaded, chosen)},
            key=lambda problem: (problem.line, problem.message),
        )

    def _roughly(self, loaded: _Loaded, chosen: dict[str, _Loaded]) -> list[Problem]:
        """What else is wrong with a file whose shape is: all mistakes are told in one go."""
        if loaded.document is None or loaded.template is not None:
            return []
        from relui.loading.template_checks import sketched

        sketch = sketched(loaded.document.data)
        known = {name: other.template for name, other in chosen.items() if other.template is not None}
        return rough_check(sketch, loaded.document, known) if sketch is not None else []

    def _entry(self, loaded: _Loaded, bundled: set[str], chosen: dict[str, _Loaded]) -> TemplateEntry:
        found = self._problems_of(loaded, chosen)
        data = loaded.document.data if loaded.document is not None else None
        said = data if isinstance(data, dict) else {}
        title, kind = said.get("name"), said.get("kind")
        return TemplateEntry(
            name=loaded.name,
            title=clean(title).strip() if isinstance(title, str) else loaded.name,
            kind=kind if kind in KINDS else "",
            source=loaded.source,
            path=loaded.path,
            shadows=loaded.source == "own" and loaded.name in bundled,
            problem=str(found[0]) if found else None,
        )

    def _problems_of(self, loaded: _Loaded, chosen: dict[str, _Loaded]) -> list[Problem]:
        if loaded.document is None or loaded.template is None or loaded.problems:
            return list(loaded.problems)
        known = {name: other.template for name, other in chosen.items() if other.template is not None}
        return cross_check(loaded.template, loaded.document, known)

    def _chosen(self, found: list[_Loaded]) -> dict[str, _Loaded]:
        """One file for each name: own before bundled. Two own files of one name are both refused."""
        chosen: dict[str, _Loaded] = {}
        for loaded in found:
            other = chosen.get(loaded.name)
            if other is not None and loaded.empty:
                continue  # it is just being written (`relui template show NAME > FILE`)
            if other is not None and other.source == loaded.source:
                told = (
                    f"the template '{loaded.name}' is also in {clean(other.path.name)}. Rename or remove one."
                )
                line = loaded.document.line(("template",)) if loaded.document else 1
                clash = Problem(clean(str(loaded.path)), line, told)
                chosen[loaded.name] = replace(loaded, problems=(*loaded.problems, clash))
            else:
                chosen[loaded.name] = loaded
        return chosen

    def _files(self) -> list[_Loaded]:
        """Every template file, bundled before own, as it is on the disk now."""
        found = [self._current(path, "bundled") for path in _listing(self._bundled)]
        if self._own is not None:
            found += [self._current(path, "own") for path in _listing(self._own)]
        return found

    def _current(self, path: Path, source: Source) -> _Loaded:
        try:
            status = path.stat()
        except OSError:
            return _load(path, source)
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = self._read[path] = (stamp, _load(path, source))
        return known[1]

    def _folder_problem(self) -> Iterator[Problem]:
        if self._own is None:
            return
        shown = clean(str(self._own))
        try:
            with os.scandir(self._own):
                return
        except FileNotFoundError:
            return
        except NotADirectoryError:
            yield Problem(shown, 0, "is no folder. Move it away, and keep templates in a folder.")
        except OSError as error:
            yield Problem(shown, 0, f"cannot be read: {error.strerror}. Check the folder's owner and mode.")


def _listing(folder: Path) -> list[Path]:
    """What has the name of a YAML file in a folder, by name; nothing when it is absent or closed to us."""
    try:
        return sorted(
            path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and not path.is_dir()
        )
    except OSError:
        return []


def _load(path: Path, source: Source) -> _Loaded:
    try:
        document = read_yaml(path)
    except UnfitFile as error:
        return _Loaded(_name_in_text(path), path, source, problems=(error.problem,), empty=_is_empty(path))
    said = document.data.get("template") if isinstance(document.data, dict) else None
    name = clean(said if isinstance(said, str) and said else path.stem)
    template, found = checked(document, Template)
    return _Loaded(name, path, source, document, template, tuple(found))


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except (OSError, ValueError):
        return False


def _name_in_text(path: Path) -> str:
    """The name that an unreadable file claims: it must not give way silently to another of that name."""
    try:
        text = read_regular(path, SIZE_LIMIT).decode("utf-8", errors="replace")
    except (OSError, ValueError):
        text = ""
    found = _NAMED.search(text)
    return found[1] if found else clean(path.stem)


def own_file_problems(
    places: Locations,
    templates: TemplateLibrary,
    keys: Callable[[], Mapping[str, CommandKeys]],
    *,
    theme: str = "",
) -> list[str]:
    """Every problem by file and line, as the files are now, each once.

    `keys` is asked only when there is a keymap. `theme` is the chosen one, the settings' own unless said.
    """
    settings, found = load_settings(places.settings)
    found += load_theme(theme or settings.theme, places.themes, places.own_themes)[1]
    found += load_themes(places.themes, places.own_themes)[1]
    found += map(str, templates.problems())
    try:
        if places.keymap.exists():
            found += load_keymap(places.keymap, keys())[1]
    except OSError as error:
        found.append(f"{places.keymap} cannot be read: {error.strerror}.")
    return list(dict.fromkeys(found))
