"""A small copy of the tables, and copies of it for tests to break."""

import shutil
from pathlib import Path

import pytest

from loaders.open import EvidenceBase, open_evidence
from tests.loaders.tables_to_break import small_copy


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_copy(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def sound(small: Path) -> EvidenceBase:
    base = open_evidence(small)
    assert base.faults == ()
    return base


@pytest.fixture
def data(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "data"))
