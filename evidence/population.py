"""Who lives where: shares of ethnic groups at the censuses."""

from __future__ import annotations

import pandas as pd

from evidence.ethnicity import Classification

LONDON = "E12000007"


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
