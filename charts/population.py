"""Who lives in a borough: shares of ethnic groups, with London beside them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.chart import Chart
from charts.theme import Palette, finish, wrap
from evidence.ethnicity import Classification


def population_chart(
    shares: pd.DataFrame, place: str, census: int, groups: Classification, colours: Palette
) -> Chart:
    """The share of residents in each group, in a borough and in London.

    Parameters
    ----------
    shares
        One row a group, in order: ethnic_group (code), borough and london (percentages).
    place
        The borough's name.
    census
        The census year.
    groups
        The classification.
    colours
        The theme's colours.
    """
    names = [wrap(groups.short(code), 22) for code in shares["ethnic_group"]]
    figure = go.Figure()
    for name, borough, london in zip(names, shares["borough"], shares["london"], strict=True):
        figure.add_scatter(
            x=[borough, london],
            y=[name, name],
            mode="lines",
            line={"color": colours.line, "width": 6},
            hoverinfo="skip",
        )
    # The label goes to the outer side of each mark, so that two near marks stay legible.
    right = shares["borough"] >= shares["london"]
    for column, label, colour, symbol, ahead in (
        ("london", "London", colours.mark, "diamond", ~right),
        ("borough", place, colours.accent, "circle", right),
    ):
        figure.add_scatter(
            x=shares[column],
            y=names,
            mode="markers+text",
            marker={"size": 14, "color": colour, "symbol": symbol},
            text=[f"  {value:.1f}%  " for value in shares[column]],
            textposition=["middle right" if side else "middle left" for side in ahead],
            textfont={"size": 13, "color": colour if column == "borough" else colours.muted},
            hovertemplate=f"{label}: %{{x:.1f}}%<extra>%{{y}}</extra>",
            cliponaxis=False,
        )
    top = float(shares[["borough", "london"]].to_numpy().max())
    figure.update_xaxes(range=[-top * 0.16, top * 1.16], showticklabels=False, showgrid=False)
    figure.update_yaxes(autorange="reversed")
    finish(figure, colours, height=40 + 52 * len(shares))
    apart = (shares["borough"] - shares["london"]).abs()
    widest = shares[apart == apart.max()].iloc[0].to_dict()
    more = "larger" if widest["borough"] > widest["london"] else "smaller"
    title = (
        f"The {groups.short(widest['ethnic_group'])} share of residents is {more} than London's: "
        f"{widest['borough']:.1f}% against {widest['london']:.1f}%"
    )
    told = "; ".join(
        f"{groups.short(row['ethnic_group'])} {row['borough']:.1f}%, London {row['london']:.1f}%"
        for row in shares.to_dict("records")
    )
    return Chart(
        figure,
        title,
        f"Share of usual residents, Census {census}. Circle: {place}. Diamond: London.",
        f"Share of residents by ethnic group in {place} and London, Census {census}: {told}.",
    )
