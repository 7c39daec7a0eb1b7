"""Who lives where: shares of ethnic groups at the censuses."""

from __future__ import annotations

import pandas as pd

from evidence.downloads import to_csv
from evidence.ethnicity import Classification

LONDON = "E12000007"
NOT_WHITE = "asian+black+mixed+other"
"""Everyone but White people, as the code of a joined group."""


def composition(population: pd.DataFrame, area_code: str, groups: Classification) -> pd.DataFrame:
    """The share of each ethnic group among residents of an area, with London beside it.

    Parameters
    ----------
    population
        Columns of the Population model.
    area_code
        The area's ONS code.
    groups
        The classification, whose order the rows take.

    Returns
    -------
    pandas.DataFrame
        One row a broad or detailed group: ethnic_group, residents (2021), borough and london
        (percentages in 2021) and before (the area's percentage in 2011, missing for a group
        that was not counted apart). Empty if the table has nothing for the area.
    """
    counts = population.pivot_table(
        index="ethnic_group", columns=["area_code", "census"], values="residents", aggfunc="sum"
    )
    wanted = [(area_code, 2021), (LONDON, 2021), (area_code, 2011)]
    if any(column not in counts for column in wanted) or "all" not in counts.index:
        return pd.DataFrame(columns=["ethnic_group", "residents", "borough", "london", "before"])
    counts = counts[wanted]
    shares = counts.div(counts.loc["all"]) * 100
    shares.columns = pd.Index(["borough", "london", "before"])
    shares.insert(0, "residents", counts.iloc[:, 0])
    listed = [
        code for code in groups.sort([*groups.broad, *groups.detailed]) if code in shares.index
    ]
    return shares.loc[listed].rename_axis("ethnic_group").reset_index()


def composition_csv(shares: pd.DataFrame, place: str, groups: Classification, cited: str) -> bytes:
    """:func:`composition` as UTF-8 CSV that spreadsheets open rightly, with its citation.

    Parameters
    ----------
    shares
        :func:`composition`.
    place
        The area's name.
    groups
        The classification.
    cited
        How the census tables are cited.
    """
    labels = [groups.short(code) for code in shares["ethnic_group"]]
    frame = shares.round({"borough": 2, "london": 2, "before": 2}).rename(
        columns={
            "residents": "residents_2021",
            "borough": "percentage_2021",
            "london": "london_percentage_2021",
            "before": "percentage_2011",
        }
    )
    frame.insert(0, "place", place)
    frame.insert(2, "ethnic_group_label", labels)
    frame["citation"] = cited
    return to_csv(frame)


def age_structure(ages: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """The share of residents in each band of age, with London and the earlier census beside it.

    Parameters
    ----------
    ages
        Columns of the AgeGroup model.
    area_code
        The area's ONS code.

    Returns
    -------
    pandas.DataFrame
        One row a band, the youngest first: age, residents (2021), area and london (percentages
        of everyone in 2021), and white and others (percentages of White people and of everyone
        else in the area in 2011, the only census that has them). Empty if the table has nothing
        for the area.
    """
    wanted = {
        "area": (area_code, 2021, "all"),
        "london": (LONDON, 2021, "all"),
        "white": (area_code, 2011, "white"),
        "others": (area_code, 2011, NOT_WHITE),
    }
    counts = ages.pivot_table(
        index="age",
        columns=["area_code", "census", "ethnic_group"],
        values="residents",
        aggfunc="sum",
        sort=False,
    )
    if any(column not in counts for column in wanted.values()):
        return pd.DataFrame(columns=["age", "residents", *wanted])
    found = pd.DataFrame({name: counts[column] for name, column in wanted.items()})
    shares = found.div(found.sum()) * 100
    shares.insert(0, "residents", found["area"])
    return shares.rename_axis("age").reset_index()
