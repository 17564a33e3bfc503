"""Manifests of checksums in every usual form: read line by line, nothing taken half, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.errors import BadInput
from relui.loading.source_files import load_sums, read_sums

A, B = "a1" * 32, "b2" * 32
LONG = "c3" * 64


def read(text: str, name: str = "SHA256SUMS") -> dict[str, str]:
    return read_sums(text.encode(), name).files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A}  app.tar.gz\n", {"app.tar.gz": f"sha256:{A}"}),
        (f"{A} *app.tar.gz\r\n{B}  b.sql\r\n", {"app.tar.gz": f"sha256:{A}", "b.sql": f"sha256:{B}"}),
        (f"{A.upper()}\tapp.jar\n", {"app.jar": f"sha256:{A}"}),
        (f"# comment\n\n{A}  ./dist/a b.zip\n", {"./dist/a b.zip": f"sha256:{A}"}),
        (f"{LONG}  app.jar\n", {"app.jar": f"sha512:{LONG}"}),
        (f"{'d4' * 20}  app.jar\n", {"app.jar": f"sha1:{'d4' * 20}"}),
        (f"{'d4' * 16}  app.jar\n", {"app.jar": f"md5:{'d4' * 16}"}),
        (f"SHA256 (app.jar) = {A}\n", {"app.jar": f"sha256:{A}"}),
        (f"SHA512 (a (1).jar) = {LONG}\n", {"a (1).jar": f"sha512:{LONG}"}),
        (f"SHA256(app.jar)= {A}\n", {"app.jar": f"sha256:{A}"}),
        (f"SHA2-256(app.jar)= {A}\n", {"app.jar": f"sha256:{A}"}),
        (f"SHA512/256 (app.jar) = {A}\n", {"app.jar": f"sha512-256:{A}"}),
        (f"BLAKE2b (app.jar) = {LONG}\n", {"app.jar": f"blake2b:{LONG}"}),
        (f"\\{A}  a\\\\b\\nc.txt\n", {"a\\b c.txt": f"sha256:{A}"}),
        (f"\\SHA256 (a\\\\b) = {A}\n", {"a\\b": f"sha256:{A}"}),
        (f"{A}  a\\b.txt\n", {"a\\b.txt": f"sha256:{A}"}),
        (f"{A}  app.jar\n{A} *app.jar\n", {"app.jar": f"sha256:{A}"}),
        (f"SHA512 (app.jar) = {LONG}\nSHA256 (app.jar) = {A}\n", {"app.jar": f"sha256:{A}"}),
        (f"\ufeff{A}  app.jar\n", {"app.jar": f"sha256:{A}"}),
        (f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{A}  app.jar\n"
         "-----BEGIN PGP SIGNATURE-----\n\nxy=\n",
         {"app.jar": f"sha256:{A}"}),
    ],
)  # fmt: skip
def test_every_usual_form_is_read(text: str, expected: dict[str, str]) -> None:
    """[S1.9]"""
    assert read(text) == expected


def test_a_file_of_one_checksum_is_of_what_it_is_called_after() -> None:
    assert read(f"{A}\n", "app.tar.gz.sha256") == {"app.tar.gz": f"sha256:{A}"}
    assert read(f"{A}\n", "app.jar.sha256sum") == {"app.jar": f"sha256:{A}"}
    assert read(f"{LONG}  x\n", "B2SUMS") == {"x": f"blake2b:{LONG}"}


def test_utf16_as_powershell_writes_it_is_read() -> None:
    assert read_sums(f"{A}  app.jar\r\n".encode("utf-16"), "x").files == {"app.jar": f"sha256:{A}"}


def test_a_signature_is_told_not_to_be_verified() -> None:
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{A}  a\n-----BEGIN PGP SIGNATURE-----\n"
    assert "was not verified" in read_sums(text.encode(), "SHA256SUMS").told[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no checksum in it"),
        ("# nothing\n", "has no checksum in it"),
        (f"{A}  a\nnonsense\n", "line 2: 'nonsense' is no line of a manifest"),
        (f"{A}  a\n{B}  a\n", "line 2: 'a' has another checksum in line 1"),
        (f"SHA256 (a) = {LONG}\n", "128 digits are no sha256"),
        (f"{A[:-2]}  a\n", "62 digits are no checksum"),
        (f"CRC32X (a) = {A}\n", "'CRC32X' is no known algorithm"),
        ("PK\0\x03", "is not a text file"),
        (f"{A}\n{B}\n", "line 1"),
    ],
)
def test_what_is_no_manifest_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert words in refused.value.message and refused.value.message.startswith("SHA256SUMS")


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none", "There is no file"), (tmp_path, "is a folder")):
        with pytest.raises(BadInput, match=words):
            load_sums(path)


@given(
    st.dictionaries(
        st.text(
            st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=20
        ).filter(lambda name: "\\" not in name),
        st.binary(min_size=32, max_size=32),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["{1}  {0}", "{1} *{0}", "SHA256 ({0}) = {1}"]),
)
def test_what_was_written_is_read_back(files: dict[str, bytes], form: str) -> None:
    text = "\n".join(form.format(name, digest.hex()) for name, digest in files.items())
    wanted = {name: f"sha256:{digest.hex()}" for name, digest in files.items()}
    if form == "{1}  {0}" and any(name.startswith("*") for name in files):
        return
    assert read(text) == wanted


@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_bad_input(data: bytes) -> None:
    try:
        found = read_sums(data, "x").files
    except BadInput:
        return
    assert found
