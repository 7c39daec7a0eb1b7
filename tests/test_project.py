"""The project as it is kept: it names no machine, no package index and no large file."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
CONSTRAINTS = ROOT / "constraints.txt"
ADDRESS = re.compile(r"https?:|git\+|file:|ftp:|--(extra-)?index|--find-links|\s-i\s|@\s")
# Put together, so that this file does not name a machine itself.
MACHINE = re.compile("|".join(rf"(?<![\w.:/-])/{top}/" for top in ("root", "home", "work")))
STARTED_WITH = {"streamlit": (1, 67), "pandas": (3,), "pydantic": (2,)}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository, with those that are new and not ignored."""
    assert shutil.which("git"), "git is needed to tell the project's files from what it makes"
    assert (ROOT / ".git").exists(), "run the tests in a git checkout"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return found["project"]


def requirements() -> list[str]:
    optional = project()["optional-dependencies"].values()
    return [*project()["dependencies"], *(line for lines in optional for line in lines)]


def name_of(requirement: str) -> str:
    name = re.split(r"[\[<>=!~;\s]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    stated = [line.split("#")[0].strip() for line in lines]
    return {name_of(line): line for line in stated if line}


def test_every_dependency_has_a_lower_bound() -> None:
    assert len(requirements()) > 10
    for requirement in requirements():
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?>=\d[\d.]*(,<\d[\d.]*)?", requirement)


def test_the_libraries_that_the_project_is_built_on_are_new_enough() -> None:
    bounds = {
        name_of(line): tuple(map(int, line.split(">=")[1].split(",")[0].split(".")))
        for line in requirements()
    }
    for name, least in STARTED_WITH.items():
        assert bounds[name] >= least, name
    assert project()["requires-python"] == ">=3.11"


def test_dependencies_come_from_no_address() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert [line for line in requirements() if ADDRESS.search(line)] == []
    assert "--index" not in text


def test_constraints_name_exact_versions_and_no_address() -> None:
    assert CONSTRAINTS.exists()
    assert ADDRESS.search("pandas @ https://example.org/pandas.whl")
    assert ADDRESS.search("--index https://example.org/simple")
    assert not ADDRESS.search("pandas==3.0.0")
    for line in pins().values():
        assert not ADDRESS.search(line), line
        assert re.fullmatch(r"[A-Za-z0-9._\[\]-]+==[^\s=;]+(\s*;.+)?", line), line
    assert not ADDRESS.search(re.sub(r"(?m)#.*$", "", CONSTRAINTS.read_text(encoding="utf-8")))


def test_every_dependency_is_pinned_and_its_pin_satisfies_its_bound() -> None:
    found = pins()
    for requirement in requirements():
        name, least = name_of(requirement), requirement.split(">=")[1].split(",")[0]
        assert name in found, requirement
        pinned = found[name].split("==")[1].split(";")[0].strip()
        assert numbers(pinned) >= numbers(least), f"{found[name]} is below {requirement}"


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def test_no_file_names_a_path_of_somebody_s_machine() -> None:
    assert MACHINE.search("see /" + "root/.venv/bin")
    assert not MACHINE.search("https://example.org/" + "home/page")
    found = [
        f"{file.relative_to(ROOT)}, line {number}: {line.strip()[:80]}"
        for file in tracked()
        if b"\0" not in (content := file.read_bytes())
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1)
        if MACHINE.search(line)
    ]
    assert found == []


def test_no_file_is_larger_than_five_megabytes() -> None:
    assert len(tracked()) > 50
    large = {str(file): file.stat().st_size for file in tracked()}
    assert {name: size for name, size in large.items() if size > 5 * MEGABYTE} == {}


def test_nothing_built_or_private_is_kept() -> None:
    kept = {file.relative_to(ROOT).as_posix() for file in tracked()}
    unwanted = re.compile(
        r"(^|/)(build|var|\.venv|__pycache__)/|\.(pyc|db|sqlite3?)$|(^|/)(\.env|secrets\.toml)$"
    )
    assert [name for name in kept if unwanted.search(name)] == []


def test_text_files_are_utf_8() -> None:
    for file in tracked():
        content = file.read_bytes()
        if b"\0" not in content and file.suffix not in {".woff2", ".parquet", ".png"}:
            content.decode("utf-8")
