"""Disease areas: choose an area, an indicator, a place and a group; see how they compare."""

from __future__ import annotations

import streamlit as st

from charts.groups import ratio_chart, value_chart
from evidence.selection import latest_sets, summarise_sets, widest_gaps
from evidence.vocabulary import DiseaseArea, LifeStage, Measure
from pages.shared.address import choose
from pages.shared.chart import show_set
from pages.shared.data import against, evidence_base, indicator_row, with_gaps
from pages.shared.figures import gap_cards, sentence
from pages.shared.indicator import about_indicator, set_label
from pages.shared.layout import page_header, section, statement, theme

base = evidence_base()
every = with_gaps()
page_header(
    "Disease areas",
    "How outcomes, care and experience differ between ethnic groups, one indicator at a time.",
)
areas = [area for area in DiseaseArea if (every["disease_area"] == area).any()]
if not areas:
    st.info("No figures can be shown: the tables can't be read. See the notice for curators.")
    st.stop()
area = choose("Disease area", areas, "area", kind="a disease area", show=lambda a: a.label)
rows = every[(every["disease_area"] == area) & every["value"].notna()]

top = widest_gaps(rows, base.indicators, base.sources, this_year=base.released.year).head(3)
if len(top):
    section("Key figures", "The widest gaps that are recent, well sourced and clear of chance.")
    st.html(gap_cards(top))

section("Compare groups")
names = base.indicators.set_index("indicator_id")["name"]
ids = sorted(rows["indicator_id"].unique(), key=lambda key: str(names[key]))
order = latest_sets(rows)["indicator_id"]
with st.container(horizontal=True, vertical_alignment="center", key="sentence"):
    indicator_id = choose(
        "Indicator",
        ids,
        "indicator",
        kind="an indicator",
        show=lambda key: str(names[key]),
        default=order.value_counts().index[0],
        width=380,
        visible=False,
    )
    here = rows[rows["indicator_id"] == indicator_id]
    listed = base.areas.set_index("area_code").loc[here["geography_code"].unique()]
    st.markdown("in")
    distance = here.groupby("geography_name")["geography_level"].first()
    places = sorted(
        listed["name"].unique(), key=lambda name: (distance[name] != "london", str(name))
    )
    place = choose("Place", places, "place", kind="a place", width=260, visible=False)
    sets = summarise_sets(here[here["geography_name"] == place])
    st.markdown("figures from")
    ids_of_sets = sets["set_id"].tolist()
    labels = {row["set_id"]: set_label(row) for row in sets.to_dict("records")}
    set_id = choose(
        "Period and source",
        ids_of_sets,
        "set",
        kind="a set of figures",
        show=lambda key: labels[key],
        width=380,
        visible=False,
    )
    chosen_set = here[here["set_id"] == set_id]
    reference = chosen_set["reference_group"].dropna().unique()
    codes = base.groups.sort(chosen_set["ethnic_group"].unique())
    others = [code for code in codes if code not in {*reference, "all", "unknown"}] or codes
    st.markdown("for")
    group = choose(
        "Ethnic group",
        others,
        "group",
        kind="an ethnic group",
        show=lambda code: base.groups.people(code),
        default="black" if "black" in others else others[0],
        width=380,
        visible=False,
    )
    st.markdown("compared with")
    fixed = Measure(chosen_set["measure"].iloc[0]).is_published_comparison
    rivals = [*reference] if fixed else [code for code in codes if code not in {"all", "unknown"}]
    with_whom = choose(
        "Compared with",
        rivals or others,
        "with",
        kind="a group to compare with",
        show=base.groups.short,
        default=reference[0] if len(reference) else None,
        width=260,
        visible=False,
    )

indicator = indicator_row(str(indicator_id))
if len(reference) and with_whom != reference[0] and not fixed:
    chosen_set = against(chosen_set, str(with_whom))
own = chosen_set[chosen_set["ethnic_group"] == group]
if len(own):
    statement(sentence(own.iloc[0].to_dict()))
ratios = ratio_chart(chosen_set, indicator, base.groups, theme(), chosen=group)
values = None if fixed else value_chart(chosen_set, indicator, base.groups, theme(), chosen=group)
show_set(ratios or values, chosen_set, indicator, key="chosen", chosen=group)
about_indicator(indicator, chosen_set)

section("All indicators", "Open an indicator for its definition and each of its sets of figures.")
for stage in LifeStage:
    listed_ids = [key for key in ids if indicator_row(key)["life_stage"] == stage]
    if not listed_ids:
        continue
    st.html(f"<h3>{stage.label}</h3>")
    for key in listed_ids:
        of_key = rows[rows["indicator_id"] == key]
        row = indicator_row(key)
        places_told = of_key["geography_name"].nunique()
        label = f"{row['name']} ({of_key['set_id'].nunique()} sets, {places_told} places)"
        with st.expander(label, key=f"open-{key}", on_change="rerun") as box:
            if not box.open:
                continue
            about_indicator(row, of_key)
            shown = summarise_sets(of_key)
            for found in shown.head(8)["set_id"]:
                one = of_key[of_key["set_id"] == found]
                chart = ratio_chart(one, row, base.groups, theme())
                chart = chart or value_chart(one, row, base.groups, theme())
                show_set(chart, one, row, key=f"all-{found}", heading=4)
            if len(shown) > 8:
                st.write(f"{len(shown) - 8} more sets: choose them in the sentence above.")
