"""The page of evidence gaps: every cell leads where it says, and every filter keeps its word."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from evidence.gap_map import Known, borough_map, group_map
from evidence.search import Counted, Filters, search
from evidence.submissions import Kind
from evidence.vocabulary import DiseaseArea
from pages.shared.gap_map import cell_link
from tests.pages.test_pages import run, text

CELL = re.compile(r'<a class="known (known-[a-z-]+)" href="([^"]+)" target="_self">(.*?)</a>', re.S)
HIDDEN = re.compile(r"<[^>]+>")


def cells(test):
    """The look, the address and the name of each cell of the map."""
    page = " ".join(str(block.proto.body) for block in test.get("html"))
    return [
        (look, unescape(url), unescape(HIDDEN.sub(" ", inner)))
        for look, url, inner in CELL.findall(page)
    ]


def form_of(asked):
    """The form of a published statistic, as a link opens it."""
    form = run("suggest", **asked)
    assert not form.warning
    form.radio[0].set_value(Kind.STATISTIC.value).run()
    assert not form.exception
    return form


def test_the_map_has_a_cell_for_every_borough_and_area_in_a_table_with_headings():
    test = run("gap_map")
    assert not test.exception
    assert len(cells(test)) == 33 * len(DiseaseArea)
    page = text(test)
    assert page.count('<th scope="row">') == 33
    assert page.count('<th scope="col">') == 1 + len(DiseaseArea)
    assert re.search(r"<caption[^>]*>.*?All disease areas by borough: whose figures", page)
    assert 'role="group"' in page
    assert 'tabindex="0"' in page
    assert "what evidence there is, not what it says" in page
    assert "Tables of 22 November 2026" in page


def test_a_cell_says_its_area_its_place_how_many_and_how_new(base):
    found = borough_map(base.figures, base.areas, base.boroughs)
    own = found[(found["borough"] == "Lambeth") & (found["disease_area"] == "diabetes")].iloc[0]
    _, url, name = next(
        one for one in cells(run("gap_map")) if one[2].strip().startswith("Diabetes in Lambeth:")
    )
    plain = " ".join(name.split())
    assert plain.startswith(f"Diabetes in Lambeth: {own['figures']} own figures, newest 2018")
    assert "1 indicator, 1 source" in plain
    assert parse_qs(urlsplit(url).query) == {
        "area": ["Diabetes"],
        "place": ["Lambeth"],
        "counted": ["Of ethnic groups, since 2010"],
    }


def test_every_cell_of_one_borough_opens_a_library_that_holds_its_figures(base):
    found = borough_map(base.figures, base.areas, base.boroughs)
    here = found[found["borough"] == "Hackney"].set_index("disease_area")
    links = cells(run("gap_map", borough="Hackney"))
    assert len(links) == len(DiseaseArea)
    for (_, url, _), area in zip(links, DiseaseArea, strict=True):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["area"] == area.label
        assert asked["place"] == here.loc[area, "place"]
        library = run("library", **asked)
        assert not library.warning, asked
        told = re.search(r"<h2>([\d,]+) figures?</h2>", text(library))
        assert int(told[1].replace(",", "")) == here.loc[area, "figures"]


@pytest.mark.parametrize("by", ["borough", "group", "group in Brent"])
def test_the_number_in_every_cell_is_that_of_the_figures_that_its_link_opens(base, by):
    if by == "borough":
        found, home = borough_map(base.figures, base.areas, base.boroughs), Known.OWN
    else:
        code = "E09000005" if by.endswith("Brent") else None
        found = group_map(base.figures, base.areas, base.groups, code)
        home = Known.OWN if code else Known.LONDON
    known = found[found["known"] != Known.NOTHING]
    areas = {area.label: area for area in DiseaseArea}
    shorts = {
        base.groups.short(code): code for code in base.groups.sort(found.get("ethnic_group", []))
    }
    seen = set()
    for row in known.to_dict("records"):
        url = unescape(CELL.findall(cell_link(row, home, base.groups))[0][1])
        asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        if tuple(asked.values()) in seen:
            continue
        seen.add(tuple(asked.values()))
        codes = base.figures["ethnic_group"].unique()
        filters = Filters(
            area=areas[asked["area"]],
            place=asked["place"],
            groups=tuple(base.groups.within(shorts[asked["group"]], codes))
            if "group" in asked
            else (),
            counted=next(one for one in Counted if one.label == asked["counted"]),
        )
        held = search(base.figures, filters, base.indicators, base.sources)
        assert len(held) == row["figures"], asked
    assert len(seen) > 30


def test_a_cell_of_a_group_opens_the_library_of_that_group_or_the_form_filled_in(base):
    links = cells(run("gap_map", by="By ethnic group"))
    assert len(links) == 24 * len(DiseaseArea)
    found = group_map(base.figures, base.areas, base.groups)
    nothing = found[found["known"] == Known.NOTHING]
    empty = [(url, name) for look, url, name in links if look == "known-nothing"]
    assert len(empty) == len(nothing) > 0
    for url, name in empty:
        asked = parse_qs(urlsplit(url).query)
        assert urlsplit(url).path == "suggest"
        assert asked["about_area"][0] in name
        assert "suggest evidence" in name
    first = {key: values[0] for key, values in parse_qs(urlsplit(empty[0][0]).query).items()}
    form = form_of(first)
    assert form.selectbox(key="suggest_ethnic_group").value == first["about_group"]
    area = form.selectbox(key="suggest_disease_area").value
    assert DiseaseArea(area).label == first["about_area"]
    known = next(url for look, url, _ in links if look == "known-own")
    library = run("library", **{k: v[0] for k, v in parse_qs(urlsplit(known).query).items()})
    assert not library.warning


def test_an_empty_cell_of_a_borough_fills_in_area_borough_and_group():
    links = cells(run("gap_map", group="Roma"))
    assert {look for look, *_ in links} == {"known-nothing"}
    _, url, _ = next(one for one in links if "Cancer in Brent for Roma" in " ".join(one[2].split()))
    asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    assert asked == {"about_area": "Cancer", "about_borough": "Brent", "about_group": "white-roma"}
    form = form_of(asked)
    assert form.selectbox(key="suggest_geography_code").value == "E09000005"


def test_one_area_or_one_borough_is_a_list_that_needs_no_wide_screen():
    page = text(run("gap_map", area="Diabetes"))
    assert 'class="gap-map gap-list"' in page
    assert "4 figures of its own on 1 indicator from 1 source, newest 2018" in page
    assert "of 33 boroughs have figures of the borough itself" in page
    one = run("gap_map", borough="Lambeth")
    assert "gap-explorer?unmeasured=Lambeth" in text(one)


def test_a_strength_narrows_the_map_and_goes_with_its_links():
    links = cells(run("gap_map", strength="Strong"))
    opened = [url for look, url, _ in links if look != "known-nothing"]
    assert opened
    assert all("strength=Strong" in url for url in opened)
    assert len(opened) < 33 * len(DiseaseArea), "strong evidence is not everywhere"


@pytest.mark.parametrize("name", ["by", "area", "borough", "group", "strength"])
def test_an_unknown_value_in_the_address_of_the_map_is_named(name):
    test = run("gap_map", **{name: "Atlantis"})
    assert not test.exception
    assert "`Atlantis`" in test.warning[0].value


def test_what_was_measured_but_left_blank_is_told_in_the_cell(groups):
    cell = {
        "disease_area": "cancer",
        "borough": "Brent",
        "ethnic_group": None,
        "known": "wider",
        "place": "England",
        "figures": 2,
        "indicators": 1,
        "sources": 1,
        "newest": 2020,
        "suppressed": 3,
        "not_collected": 0,
        "not_published": 1,
        "not_applicable": 0,
    }
    assert "own suppressed and not published" in cell_link(cell, Known.OWN, groups)
    assert "own suppressed" not in cell_link({**cell, "known": "own"}, Known.OWN, groups)


def test_names_from_the_tables_are_escaped(groups):
    cell = {
        "disease_area": "cancer",
        "borough": "<b>Brent",
        "ethnic_group": None,
        "known": "part",
        "place": "<script>",
        **dict.fromkeys(["figures", "indicators", "sources"], 1),
        "newest": 2020,
        **dict.fromkeys(["suppressed", "not_collected", "not_published", "not_applicable"], 0),
    }
    for long in (False, True):
        made = cell_link(cell, Known.OWN, groups, long=long)
        assert "<script>" not in made
        assert "<b>Brent" not in made


def test_the_map_can_be_downloaded():
    test = run("gap_map", area="Diabetes", by="By ethnic group")
    assert [button.label for button in test.get("download_button")] == ["Download this map (CSV)"]
