"""Where everything is: the data, the configuration, and what comes with relui. Creates nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from relui.errors import BadInput


class Locations(Struct, frozen=True):
    """The folders of one run. `data` is the record's, `config` the person's, `bundled` comes with relui."""

    data: Path
    config: Path
    bundled: Path

    @property
    def themes(self) -> Path:
        """The colour themes that come with relui."""
        return self.bundled / "themes"

    @property
    def templates(self) -> Path:
        """The checklists and packs that come with relui."""
        return self.bundled / "templates"

    @property
    def demo(self) -> Path:
        """The demo organisation and its releases."""
        return self.bundled / "data"

    @property
    def own_themes(self) -> Path:
        """The person's own themes; they go before bundled ones of the same name."""
        return self.config / "themes"

    @property
    def own_templates(self) -> Path:
        """The person's own templates; they go before bundled ones of the same name."""
        return self.config / "templates"

    @property
    def messages(self) -> Path:
        """The templates of messages that come with relui."""
        return self.templates / "messages"

    @property
    def own_messages(self) -> Path:
        """The person's own templates of messages; they go before bundled ones of the same name."""
        return self.config / "messages"

    @property
    def settings(self) -> Path:
        """The settings file (relui/settings.py)."""
        return self.config / "settings.yaml"

    @property
    def keymap(self) -> Path:
        """The person's own keys (relui/loading/keymap.py)."""
        return self.config / "keymap.yaml"


def find_locations(data: str | None, env: Mapping[str, str]) -> Locations:
    """Find the folders: `data` (--data), else RELUI_DATA, else the system's place; RELUI_CONFIG likewise.

    Relative paths and `~` are resolved, symbolic links are not. Raises BadInput for a `~name` without a home.
    """
    if data is not None and not data.strip():
        raise BadInput("--data is empty. Name the folder that holds the releases.")
    return Locations(
        data=chosen_folder("--data", data)
        or chosen_folder("RELUI_DATA", env.get("RELUI_DATA"))
        or _system_data(),
        config=chosen_folder("RELUI_CONFIG", env.get("RELUI_CONFIG")) or _system_config(),
        bundled=bundled_folder(),
    )


def chosen_folder(source: str, folder: str | None) -> Path | None:
    """The whole path of a folder that `source` names; None for none. Raises BadInput when it has no home."""
    if folder is None or not folder.strip():
        return None
    if "\0" in folder:
        raise BadInput(f"{source}: a folder's name cannot hold a NUL character.")
    try:
        return Path(folder).expanduser().absolute()
    except RuntimeError:
        raise BadInput(f"{source}: there is no home folder for '{folder}'. Write the full path.") from None
    except OSError as error:  # the current folder was deleted
        raise BadInput(
            f"{source}: '{folder}' cannot be resolved ({error.strerror}). Write the full path."
        ) from None


def _system_data() -> Path:
    import platformdirs  # 4 ms: only when nobody named a folder

    return platformdirs.user_data_path("relui", appauthor=False)


def _system_config() -> Path:
    import platformdirs

    return platformdirs.user_config_path("relui", appauthor=False)


def bundled_folder() -> Path:
    """`relui/bundled` in an installed wheel, the top of the checkout otherwise."""
    package = Path(__file__).parent
    inside = package / "bundled"
    return inside if inside.is_dir() else package.parent
