"""The quick reader agrees with YAML on everything that it reads, and leaves the rest to the full one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from relui.errors import BadInput
from relui.loading.flat_yaml import quick_read, read_flat

_PIECES = [
    *(
        "a",
        "b-c",
        "no",
        "1.10",
        "0x1",
        "~",
        "ctrl+r",
        "é",
        "/",
        "?",
        "-",
        "- ",
        ".",
        "_",
        "\\",
        "&a",
        "*a",
        "!t",
    ),
    *(
        ":",
        ": ",
        ":  ",
        " ",
        "  ",
        "\n",
        "\n  ",
        "\n    ",
        "#",
        " #",
        " # c\n",
        "[",
        "]",
        "[a]",
        ", ",
        "{",
        "}",
        "|",
    ),
    *(
        '"',
        "'",
        '"x"',
        "'y'",
        '"#"',
        "a: b\n",
        "s:\n  k: v\n",
        "\t",
        "\u2028",
        "\x85",
        "\ufeff",
        "---\n",
        "%",
        "<<",
    ),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_what_is_read_quickly_is_what_yaml_says(text: str) -> None:
    quick = quick_read(text, "f")
    if quick is not None:
        assert quick.data == (yaml.load(text, Loader=yaml.CBaseLoader) or {})


@given(
    st.dictionaries(
        st.sampled_from(["a", "theme", "b.c", "no"]),
        st.one_of(st.sampled_from(_PIECES), st.lists(st.sampled_from(_PIECES), max_size=3)),
        max_size=4,
    )
)
def test_both_readers_give_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("flat") / "f.yaml"
    text = yaml.safe_dump(content, default_flow_style=None)
    path.write_text(text, encoding="utf-8")
    quick = quick_read(text, str(path))
    if quick is not None:
        assert dict(quick.data) == yaml.load(text, Loader=yaml.CBaseLoader)
        assert read_flat(path) == quick


def test_settings_and_themes_as_people_write_them_are_read_quickly() -> None:
    quick = quick_read(
        "# mine\ntheme: relui-dark   # at night\nzone: Europe/London\n\ncolours:\n"
        '  ground: "#1b2230"\n  # a comment\n  text: ansi_bright_white\nkeys: [ctrl+r, "?", \'[\']\nlast:\n',
        "f",
    )
    assert quick is not None
    assert quick.data["colours"] == {"ground": "#1b2230", "text": "ansi_bright_white"}
    assert quick.data["keys"] == ["ctrl+r", "?", "["]
    assert quick.data["last"] == ""
    assert quick.at("colours", "text") == "f:8"
    assert quick.at("nothing") == "f:1"


def test_block_lists_and_escapes_are_left_to_the_full_reader(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text('a:\n- x\n- "\\u0041"\ns:\n    deep: 1\n')
    assert quick_read(path.read_text(), "f") is None
    read = read_flat(path)
    assert read.data == {"a": ["x", "A"], "s": {"deep": "1"}}
    assert read.at("s", "deep") == f"{path}:5"


def test_a_comment_alone_is_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("# nothing yet\n")
    assert read_flat(path).data == {}


@pytest.mark.parametrize(
    "content",
    [
        b"- a\n",
        b"just words\n",
        b"a: b\na: c\n",
        b"a: &x b\nc: *x\n",
        b"a: \xff\n",
        b"a: [\n",
        b"x" * 300_000,
    ],
)
def test_what_is_no_safe_mapping_is_refused_with_file_and_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"f\.yaml:\d+: "):
        read_flat(path)


def test_a_missing_file_is_not_bad_input(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_flat(tmp_path / "none.yaml")


def test_a_folder_in_the_files_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_flat(tmp_path)


def test_a_plain_file_is_read_without_pyyaml_and_pydantic(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("theme: relui-dark\n")
    code = (
        "import sys; from pathlib import Path; from relui.loading.flat_yaml import read_flat;"
        f"read_flat(Path({str(path)!r})); sys.exit('yaml' in sys.modules or 'pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
