"""Under every chart stand its source and its period, whichever page it is on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_known_pages import nodes, plain

ROOT = Path(__file__).resolve().parents[2]
LAMBETH = {
    "area": "Mental health",
    "indicator": "Recovery after Talking Therapies",
    "place": "Lambeth",
}
VIEWS = [
    ("disease_areas", LAMBETH, 1),
    ("disease_areas", LAMBETH | {"show": "Over the years"}, 3),
    ("boroughs", {"borough": "Lambeth"}, 1),
    ("maps", {"map": "Boundaries"}, 1),
    ("maps", {"map": "Squares"}, 1),
    ("maps", {"map": "Small multiples"}, 1),
    ("maps", {"map": "Groups"}, 1),
    ("explorer", {}, 1),
]
"""Pages with what a reader chose, and how many charts of figures each has at least."""

WITHOUT_FIGURES = "Map of the 33 London boroughs"
"""The map by which a borough is chosen has no figures, so that nothing is to be cited."""


def charts_with_what_follows(test: AppTest) -> list[tuple[str, str]]:
    """Each chart's text alternative, with all that stands under it up to the next chart."""
    found: list[tuple[str, str]] = []
    for node in nodes(test.main):
        if node.type == "plotly_chart":
            found.append((str(node.proto.alt), ""))
        elif node.type == "html" and found:
            found[-1] = (found[-1][0], found[-1][1] + str(node.proto.body))
    return found


@pytest.mark.parametrize(("page", "query", "count"), VIEWS, ids=lambda one: str(one)[:60])
def test_the_source_and_the_period_stand_under_every_chart(
    page: str, query: dict[str, str], count: int
) -> None:
    test = AppTest.from_file(str(ROOT / f"pages/{page}.py"), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    charts = charts_with_what_follows(test)
    cited = 0
    for alt, under in charts:
        lines = re.findall(r'<p class="source">(.*?)</p>', under, flags=re.DOTALL)
        assert lines, alt
        told = " ".join(plain(line) for line in lines)
        if WITHOUT_FIGURES in alt:
            continue
        cited += 1
        assert re.search(r"Source|Calculated by this dashboard from", told), alt
        assert re.search(r"(Data: |Census )[^.]*\d{4}", told), told
    assert cited >= count
