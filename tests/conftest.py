"""What the tests share: the committed evidence base, opened once, and small made tables."""

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
    """No test sees what people suggested on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("nothing-suggested")
        patch.setenv("DATABASE_URL", f"sqlite:///{folder / 'none.sqlite3'}")
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
    programs = postgresql.programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server: install Debian's package postgresql")
    with postgresql.server(programs) as url:
        yield url


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
