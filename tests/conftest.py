"""What the tests share: the committed evidence base, opened once, and small made tables."""

import os

import pandas as pd
import pytest
from hypothesis import settings

from evidence.gaps import OF_GAP, gaps
from evidence.limits import add_limits
from evidence.models import Figure
from evidence.periods import add_years
from evidence.places import across_boroughs
from evidence.sets import add_sets
from evidence.strength import add_strength
from loaders.open import open_evidence
from loaders.tables import FIGURES
from tests import postgresql

# The same examples in every run, and no limit of time: machines that test are often busy.
settings.register_profile("dashboard", deadline=None, derandomize=True)
settings.load_profile("dashboard")


def join_gaps(figures, found):
    """Figures with the columns of their gaps, as the pages join them."""
    wanted = found.drop(columns="set_id").rename(columns=OF_GAP)
    return figures.merge(wanted, on="figure_id", how="left", validate="one_to_one")


@pytest.fixture(scope="session", autouse=True)
def nothing_suggested(tmp_path_factory):
    """No test sees what people suggested on this machine; the dashboard's organisation is named."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("nothing-suggested")
        patch.setenv("DATABASE_URL", f"sqlite:///{folder / 'none.sqlite3'}")
        patch.setenv("DASHBOARD_ORGANISATION", "Health Equity Example")
        patch.setenv("DASHBOARD_CONTACT", "privacy@example.org")
        for setting in ("REVIEWERS", "REVIEWERS_NEEDED", "FILES_MEGABYTES"):
            patch.delenv(setting, raising=False)
        yield


@pytest.fixture(scope="session")
def base():
    """The evidence base of the committed tables."""
    return open_evidence()


@pytest.fixture(scope="session")
def groups(base):
    return base.groups


@pytest.fixture(scope="session")
def gapped(base):
    """Every committed figure with its gap."""
    return join_gaps(base.figures, base.gaps)


@pytest.fixture(scope="session")
def rows(gapped):
    """Every committed figure with its gap, by figure_id."""
    return {row["figure_id"]: row for row in gapped.to_dict("records")}


@pytest.fixture(scope="session")
def indicators(base):
    """Every committed indicator, by indicator_id."""
    return {row["indicator_id"]: row for row in base.indicators.to_dict("records")}


@pytest.fixture(scope="session")
def postgresql_server():
    """The address of a real PostgreSQL server, running for the tests."""
    with postgresql.server(postgresql_programs()) as url:
        yield url


@pytest.fixture
def durable_postgresql_url():
    """The address of an empty database of a server that waits for its disk."""
    with postgresql.server(postgresql_programs(), durable=True) as url:
        yield postgresql.new_database(url)


def postgresql_programs():
    """The programs of the server; where there are none, the test is skipped or fails."""
    found = postgresql.programs()
    if found is None or os.environ.get(postgresql.WITHOUT):
        (pytest.fail if postgresql.is_needed() else pytest.skip)(postgresql.MISSING)
    return found


def pytest_terminal_summary(terminalreporter):
    """Say at the end of a run what was left out of it."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [each for each in skipped if postgresql.WITHOUT in str(each.longrepr)]
    if left_out:
        count = len(left_out)
        terminalreporter.section("without PostgreSQL")
        terminalreporter.line(f"{count} tests of the database left out. {postgresql.MISSING}")


@pytest.fixture
def postgresql_url(postgresql_server):
    """The address of a new, empty PostgreSQL database."""
    return postgresql.new_database(postgresql_server)


@pytest.fixture(scope="session")
def joined(base):
    """Every committed figure of a borough, with the sets of different boroughs joined."""
    return across_boroughs(pd.concat([base.figures, base.context], ignore_index=True))


@pytest.fixture(scope="session")
def recovery(joined):
    """Recovery after Talking Therapies in 2019-20 in 29 boroughs."""
    wanted = joined["indicator_id"] == "talking-therapies-recovery"
    return joined[wanted & (joined["period"] == "2019-20")]


MADE = {
    "indicator_id": "infant-death",
    "geography_level": "london",
    "geography_code": "E12000007",
    "geography_name": "London",
    "period": "2022",
    "age": "all",
    "sex": "all",
    "ethnic_group": "black",
    "ethnic_group_label": "as printed",
    "measure": "percentage",
    "unit": "%",
    "standardisation": "crude",
    "source_id": "made-source",
    "confidence": "primary",
}


MADE_SOURCES = pd.DataFrame(
    {
        "source_id": ["made-source"],
        "published": ["2023"],
        "kind": ["official-statistics"],
        "publisher": ["Made for tests"],
    }
)


@pytest.fixture(scope="session")
def made(groups):
    """Make figures of a few cells each, checked by their model, with limits, sets and gaps."""

    def make(*cells):
        checked = [
            Figure.model_validate({**MADE, "figure_id": f"made-{n}", **some}).model_dump(
                mode="json"
            )
            for n, some in enumerate(cells, start=1)
        ]
        figures = add_sets(add_limits(FIGURES.frame(checked)), groups)
        figures = add_years(figures, MADE_SOURCES)
        figures = add_strength(figures, MADE_SOURCES, this_year=2026)
        figures["disease_area"] = "maternity"
        return join_gaps(figures, gaps(figures, groups))

    return make
