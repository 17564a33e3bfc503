"""The stores that the contract of the seam (relui/store/seam.py) is run on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from relui.store.file_store import FileStore
from relui.store.seam import CatalogueStore, ReleaseStore, Store
from tests.store.memory_store import MemoryStore


def files(folder: Path, read_only: bool) -> Store:
    return FileStore(folder / "data", read_only=read_only)


def memory(_: Path, read_only: bool) -> Store:
    return MemoryStore(read_only=read_only)


STORES = (files, memory)
"""Each makes an empty store; another one is tested by its line here."""


@pytest.fixture(params=STORES, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[bool], Store]:
    return partial(request.param, tmp_path)


@pytest.fixture
def everything(make: Callable[[bool], Store]) -> Store:
    return make(False)


@pytest.fixture
def store(everything: Store) -> ReleaseStore:
    return everything.releases


@pytest.fixture
def catalogue(everything: Store) -> CatalogueStore:
    return everything.catalogue


@pytest.fixture
def sealed(make: Callable[[bool], Store]) -> Store:
    """A store that was opened read-only."""
    return make(True)
