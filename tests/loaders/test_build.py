"""The build: what it opens is what the tables hold, and only as long as nothing has changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from time import perf_counter

import pandas as pd
import pytest

import loaders.build
from loaders.__main__ import main
from loaders.build import FaultyTablesError, build, fingerprint, open_built
from loaders.open import EvidenceBase, open_evidence
from loaders.tables import DATA
from tests.loaders.tables_to_break import small_copy

FRAMES = [f.name for f in fields(EvidenceBase) if f.type == "pd.DataFrame"]
FILE = "figures/maternity.csv"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_copy(tmp_path_factory.mktemp("small"))


@pytest.fixture
def data(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "data"))


@pytest.fixture
def built(data: Path, tmp_path: Path) -> Path:
    return build(data, tmp_path / "build")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def same(one: EvidenceBase, other: EvidenceBase) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    assert (one.released, one.reports, one.faults) == (other.released, other.reports, other.faults)


@pytest.fixture
def reads_afresh(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Path], bool]:
    """Tells whether opening passes the build over and reads the tables."""
    read: list[Path] = []

    def reading(data: Path) -> EvidenceBase:
        read.append(data)
        return open_evidence(data)

    def opening(data: Path, folder: Path) -> bool:
        read.clear()
        open_built(data, folder)
        return bool(read)

    monkeypatch.setattr(loaders.build, "open_evidence", reading)
    return opening


def test_every_frame_of_the_committed_tables_is_the_same_from_the_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = build(DATA, tmp_path / "build")
    start = perf_counter()
    fresh = open_evidence(DATA)
    between = perf_counter()
    opened = open_built(DATA, folder)
    end = perf_counter()
    same(opened, fresh)
    assert len(FRAMES) == 13
    assert len(opened.figures) > 25_000
    ratio = (between - start) / (end - between)
    with capsys.disabled():
        print(f"\n[the build opens {ratio:.0f} times as fast as the tables]")
    assert ratio > 1


def test_a_build_is_used_while_nothing_changes(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool]
) -> None:
    assert not reads_afresh(data, built)
    assert not reads_afresh(data, built)


@pytest.mark.parametrize(
    "name",
    [FILE, "sources.csv", "reference/ethnic_groups.csv", "release.toml", "excluded.csv"],
)
def test_a_changed_table_makes_the_build_stale(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool], name: str
) -> None:
    text = (data / name).read_text(encoding="utf-8")
    (data / name).write_text(text + "\n", encoding="utf-8")
    assert reads_afresh(data, built)
    (data / name).write_text(text, encoding="utf-8")
    assert not reads_afresh(data, built)


def test_a_changed_figure_is_seen_at_once(data: Path, built: Path) -> None:
    replace(data / FILE, "risk_ratio,,3.7,", "risk_ratio,,3.9,")
    figures = open_built(data, built).figures.set_index("figure_id")
    assert figures.loc["mat-001", "value"] == 3.9


def test_a_table_that_became_faulty_shows_its_fault_despite_an_older_build(
    data: Path, built: Path
) -> None:
    replace(data / FILE, "risk_ratio,,3.7,", "risk_ratio,,many,")
    base = open_built(data, built)
    assert [fault.column for fault in base.faults] == ["value"]
    assert "mat-001" not in set(base.figures["figure_id"])


@pytest.mark.parametrize("change", ["added", "removed", "moved"])
def test_a_file_that_came_went_or_moved_makes_the_build_stale(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool], change: str
) -> None:
    if change == "added":
        shutil.copy(data / FILE, data / "figures/other.csv")
    elif change == "removed":
        (data / "bulk/school-readiness.parquet").unlink()
    else:
        (data / "figures/mental-health.csv").rename(data / "figures/mental.csv")
    assert reads_afresh(data, built)


def test_changed_code_makes_the_build_stale(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "project"
    for folder in ("evidence", "loaders"):
        shutil.copytree(loaders.build.ROOT / folder, code / folder)
    monkeypatch.setattr(loaders.build, "ROOT", code)
    before = fingerprint(data)
    assert fingerprint(data) == before
    for name in ("evidence/gaps.py", "evidence/statistics/limits.py", "loaders/check.py"):
        with (code / name).open("a", encoding="utf-8") as handle:
            handle.write("# changed\n")
        assert fingerprint(data) != before, name
        before = fingerprint(data)


def test_the_code_of_pages_is_no_part_of_a_build(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "project"
    for folder in ("evidence", "loaders", "pages"):
        shutil.copytree(loaders.build.ROOT / folder, code / folder)
    monkeypatch.setattr(loaders.build, "ROOT", code)
    before = fingerprint(data)
    (code / "pages/overview.py").write_text("", encoding="utf-8")
    assert fingerprint(data) == before


# --- Builds that can't be used --------------------------------------------------------------


def test_without_a_build_the_tables_are_read(data: Path, tmp_path: Path) -> None:
    same(open_built(data, tmp_path / "none"), open_evidence(data))


@pytest.mark.parametrize("kept", [0, 1, 60])
def test_a_build_whose_description_was_cut_off_is_ignored(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool], kept: int
) -> None:
    file = built / "build.json"
    file.write_bytes(file.read_bytes()[:kept])
    assert reads_afresh(data, built)


@pytest.mark.parametrize("text", ["[]", "null", "3", "{}", '{"fingerprint": null}'])
def test_a_build_with_another_description_is_ignored(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool], text: str
) -> None:
    (built / "build.json").write_text(text, encoding="utf-8")
    assert reads_afresh(data, built)


@pytest.mark.parametrize("name", FRAMES)
def test_a_build_of_which_a_file_is_gone_or_cut_off_is_ignored(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool], name: str
) -> None:
    file = built / f"{name}.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    assert reads_afresh(data, built)


def test_a_build_of_which_a_file_is_gone_is_ignored(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool]
) -> None:
    (built / "figures.parquet").unlink()
    assert reads_afresh(data, built)


def test_a_description_without_the_reports_is_ignored(
    data: Path, built: Path, reads_afresh: Callable[[Path, Path], bool]
) -> None:
    about = json.loads((built / "build.json").read_text(encoding="utf-8"))
    del about["reports"]
    (built / "build.json").write_text(json.dumps(about), encoding="utf-8")
    assert reads_afresh(data, built)


def test_a_build_that_was_cut_off_never_mixes_with_the_one_before(
    data: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tables change, the new build stops half way, and the change is taken back.
    sound = open_evidence(data)
    replace(data / FILE, "risk_ratio,,3.7,", "risk_ratio,,3.9,")
    write = pd.DataFrame.to_parquet

    def until_the_gaps(frame: pd.DataFrame, path: Path, **how: object) -> None:
        if path.name == "gaps.parquet":
            raise OSError("no space left")
        write(frame, path, **how)

    with monkeypatch.context() as patch:
        patch.setattr(pd.DataFrame, "to_parquet", until_the_gaps)
        with pytest.raises(OSError, match="no space left"):
            build(data, built)
    replace(data / FILE, "risk_ratio,,3.9,", "risk_ratio,,3.7,")
    same(open_built(data, built), sound)


# --- Faulty tables --------------------------------------------------------------------------


def test_faulty_tables_are_not_built(data: Path, tmp_path: Path) -> None:
    replace(data / FILE, "risk_ratio,,3.7,", "risk_ratio,,many,")
    with pytest.raises(FaultyTablesError, match="1 faults: run python -m loaders check"):
        build(data, tmp_path / "build")
    assert not (tmp_path / "build").exists()


def test_the_build_command_builds_sound_tables_and_says_where(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The command builds where the app looks; here, elsewhere.
    folder = tmp_path / "build"
    monkeypatch.setattr("loaders.__main__.build", lambda data: build(data, folder))
    assert main(["--data", str(data), "build"]) == 0
    assert f"Built {folder}" in capsys.readouterr().out
    assert (folder / "build.json").exists()


def test_the_build_command_builds_nothing_from_faulty_tables_and_fails(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(data / FILE, "risk_ratio,,3.7,", "risk_ratio,,many,")

    def never(data: Path) -> Path:
        raise AssertionError("faulty tables were built")

    monkeypatch.setattr("loaders.__main__.build", never)
    assert main(["--data", str(data), "build"]) == 1
    assert f"{FILE}, row 2, column value" in capsys.readouterr().err
