"""Who may import whom, as the design says, and how long a module may be."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("pages", "charts", "loaders", "evidence")
MAY_IMPORT = {
    "pages": {"pages", "charts", "evidence", "loaders"},
    "charts": {"charts", "evidence"},
    "loaders": {"loaders", "evidence"},
    "evidence": {"evidence"},
}
NEVER = {
    "charts": {"streamlit"},
    "loaders": {"streamlit", "plotly"},
    "evidence": {"streamlit", "plotly"},
}
LONGEST_PAGE, LONGEST_MODULE = 120, 400
MODULES = sorted(
    file.relative_to(ROOT).as_posix() for layer in LAYERS for file in (ROOT / layer).rglob("*.py")
)
PAGES = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "pages").glob("*.py"))


def imported(source: str, module: str) -> set[str]:
    """Every module that a source imports, with what it takes, wherever the import stands."""
    package = module.removesuffix(".py").split("/")[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*above, *filter(None, [node.module])])
            found |= {f"{whole}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {str(ast.literal_eval(node.args[0]))}
    return found


def tops(module: str) -> set[str]:
    source = (ROOT / module).read_text(encoding="utf-8")
    return {name.split(".")[0] for name in imported(source, module)}


def lines_of_code(module: str) -> int:
    """The lines of a module that are neither empty nor a comment."""
    lines = (ROOT / module).read_text(encoding="utf-8").splitlines()
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


def test_imports_are_found_wherever_and_however_they_are_written() -> None:
    source = """
import pages.overview
from ..loaders import read
def late():
    import streamlit as st
    from charts.theme import wrap
    importlib.import_module("plotly.express")
"""
    assert imported(source, "evidence/statistics/limits.py") == {
        "pages.overview",
        "evidence.loaders.read",
        "streamlit",
        "charts.theme.wrap",
        "plotly.express",
    }


def test_every_layer_has_modules() -> None:
    assert {module.split("/")[0] for module in MODULES} == set(LAYERS)
    assert len(MODULES) > 40
    assert "pages/overview.py" in PAGES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_the_layers_below_it(module: str) -> None:
    layer = module.split("/", maxsplit=1)[0]
    of_project = tops(module) & {*LAYERS, "app", "tests"}
    assert of_project <= MAY_IMPORT[layer]


@pytest.mark.parametrize("layer", NEVER)
def test_a_layer_does_without_the_libraries_of_the_layers_above_it(layer: str) -> None:
    found = {
        module: tops(module) & NEVER[layer]
        for module in MODULES
        if module.startswith(f"{layer}/") and tops(module) & NEVER[layer]
    }
    assert found == {}


def test_pages_leave_files_and_statistics_to_the_layers_below() -> None:
    calls = {"read_csv", "read_parquet", "read_json", "open", "read_text", "read_bytes"}
    found = [
        f"{page}, line {node.lineno}: {ast.unparse(node.func)}"
        for page in PAGES
        for node in ast.walk(ast.parse((ROOT / page).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in calls
    ]
    assert found == []
    assert {page for page in PAGES if tops(page) & {"scipy", "numpy", "plotly", "sqlite3"}} == set()


def test_every_download_is_written_where_its_texts_are_made_safe() -> None:
    # The other two write what curators and programs read, and no reader.
    may = {"evidence/downloads.py", "loaders/digests.py", "loaders/reviews.py"}
    writes = {"to_csv", "to_excel", "to_clipboard", "to_html"}
    found = {
        module
        for module in [*MODULES, "app.py"]
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in writes
    }
    assert found <= may
    assert "evidence/downloads.py" in found
    with_writer = {module for module in MODULES if "csv.writer" in (ROOT / module).read_text()}
    assert with_writer <= {"evidence/attachments.py", "loaders/digests.py"}


@pytest.mark.parametrize("page", PAGES)
def test_the_script_of_a_page_is_short_enough_to_read_as_the_page(page: str) -> None:
    # "About 120": a tenth more is tolerated.
    assert lines_of_code(page) <= LONGEST_PAGE * 1.1


def test_no_module_holds_more_than_one_idea() -> None:
    tests = {file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("*.py")}
    assert not tests & set(MODULES)
    long = {
        module: length
        for module in [*MODULES, "app.py"]
        if (length := len((ROOT / module).read_text(encoding="utf-8").splitlines()))
        > LONGEST_MODULE
    }
    assert long == {}
