"""The classification: five broad groups, nineteen detailed ones, and what sources call them."""

import re
from collections import defaultdict

import pytest

from evidence.ethnicity import UnknownGroupError

BROAD = ["Asian", "Black", "Mixed", "White", "Other"]
DETAILED = {
    "asian": ["Bangladeshi", "Chinese", "Indian", "Pakistani", "Other Asian"],
    "black": ["Black African", "Black Caribbean", "Other Black"],
    "mixed": [
        "Mixed White and Asian",
        "Mixed White and Black African",
        "Mixed White and Black Caribbean",
        "Other Mixed",
    ],
    "white": ["White British", "Gypsy or Irish Traveller", "White Irish", "Roma", "White other"],
    "other": ["Arab", "Any other ethnic group"],
}

NOT_RESOLVED = {
    ("Black British", "black"): "means all Black groups in one source, other Black in two papers",
    ("BME", "ethnic-minority"): "NHS England counts White minorities in it; most sources don't",
    ("Asian five-year-olds", "asian"): "an age in the label",
    ("Black women (normal BMI)", "black"): "a body mass index in the label",
    ("babies born to Black mothers", "black"): "a clause, not a name",
    ("South East Asian", "asian-other"): "of the nineteen it is in Other Asian; not a group's name",
    ("White European (White Eastern European)", "white-other"): "one paper's wording",
    ("White European/Other", "white-other"): "one paper's wording",
    ("Black ethnic minorities", "black"): "reads like two groups; a curator decided",
    ("Black, Asian, and Multi-Ethnic residents", "ethnic-minority-excl-white"): "one council's",
    ("black or other ethnic minority groups", "ethnic-minority-excl-white"): "one paper's",
    ("All residents (average)", "all"): "an average in the label",
    ("borough average", "all"): "an average, not a group",
    ("all borough households", "all"): "a place in the label",
    ("all men tested", "all"): "who is counted is no name of a group",
    ("general male population", "all"): "who is counted is no name of a group",
    ("African descent", "black"): "Caribbean and West African people in one survey",
    ("people of African descent", "black"): "Caribbean and West African people in one survey",
    ("Afro-Caribbeans", "black"): "one council's word for all Black people",
    ("Black COPD patients", "black"): "an illness in the label",
    ("black COPD patients", "black"): "an illness in the label",
    ("Black-African origin", "black"): "the study has one Black group",
    ("black person of any age", "black"): "a clause, not a name",
    ("Somali", "black-african"): "part of the group; population says so",
    ("black African adults attending social and commercial venues", "black-african"): "a clause",
    ("heterosexual people of black African ethnicity", "black-african"): "a clause, not a name",
    ("non-Caribbean/non-African black", "black-other"): "what two other groups leave",
    ("ethnic and religious minority groups", "ethnic-minority"): "one survey's",
    ("Black, Asian or from another minority ethnic background", "ethnic-minority-excl-white"): (
        "one survey's"
    ),
    ("an ethnic minority background", "ethnic-minority-excl-white"): "the source leaves out White",
    ("an ethnic minority group", "ethnic-minority-excl-white"): "the source leaves out White",
    ("Ethnic minority", "ethnic-minority-excl-white"): "the source leaves out White",
    ("ethnic minorities", "ethnic-minority-excl-white"): "the source leaves out White",
    ("ethnic minority Londoners", "ethnic-minority-excl-white"): "the source leaves out White",
    ("ethnic minority gay and bisexual men", "ethnic-minority-excl-white"): "leaves out White",
    ("ethnic minority groups", "ethnic-minority-excl-white"): "the source leaves out White",
    ("minoritised ethnic groups", "ethnic-minority-excl-white"): "the source leaves out White",
    ("minority ethnic groups", "ethnic-minority-excl-white"): "the source leaves out White",
    ("'Other' ethnic minorities", "other"): "reads like the aggregate; one release's Other",
    ("Any other ethnic group", "other"): "broad where the source has no Arab group",
    ("children from other ethnic groups", "other"): "a clause, not a name",
    ("Other", "other-any"): "a source of sixteen groups, in which Arab stands elsewhere",
    ("Asian women", "south-asian"): "Indian, Pakistani and Bangladeshi in one study",
    ("Europeans", "white"): "one survey's word for White people",
    ("White or White British boys", "white"): "White British is a part of the group",
    ("Black, African, Caribbean, or black British", "black"): "a list of parts, in one survey",
}
"""Labels of single groups that a curator coded by reading the source, and why no alias does."""


def spelled(label):
    """A label without case, punctuation or the words that stand round every group's name."""
    words = re.findall(r"[a-z0-9]+", label.casefold())
    return " ".join(w for w in words if w not in {"ethnic", "group", "groups", "background"})


def test_there_are_five_broad_and_nineteen_detailed_groups(groups):
    assert len(groups.broad) == 5
    assert len(groups.detailed) == 19
    assert sum(map(len, DETAILED.values())) == 19


def test_broad_groups_are_listed_alphabetically_with_other_last(groups):
    assert [groups.short(code) for code in groups.broad] == BROAD


@pytest.mark.parametrize("broad", DETAILED)
def test_detailed_groups_are_listed_alphabetically_within_their_broad_group(groups, broad):
    inside = [code for code in groups.detailed if groups[code].parent == broad]
    assert [groups.short(code) for code in inside] == DETAILED[broad]


def test_each_broad_group_stands_before_its_own_detailed_groups_and_unknown_last(groups):
    listed = groups.sort([group.code for group in reversed(groups.groups)])
    for broad in groups.broad:
        at = listed.index(broad)
        own = [code for code in listed if groups[code].parent == broad]
        assert listed[at + 1 : at + 1 + len(own)] == own
    assert listed[-1] == "unknown"
    assert listed.index("all") > listed.index("other-any")


def test_joined_groups_are_listed_after_their_last_part(groups):
    assert groups.sort(["black-caribbean", "black-african+black-caribbean", "black-other"]) == [
        "black-caribbean",
        "black-african+black-caribbean",
        "black-other",
    ]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Black or Black British: African", "black-african"),
        ("Black or Black British - African", "black-african"),
        ("BLACK AFRICAN", "black-african"),
        ("Black African women", "black-african"),
        ("Any other Asian background", "asian-other"),
        ("Other Asian", "asian-other"),
        ("BME", "ethnic-minority-excl-white"),
        ("BAME groups", "ethnic-minority-excl-white"),
        ("Ethnic minorities", "ethnic-minority"),
        ("Asian, Asian British or Asian Welsh: Bangladeshi", "asian-bangladeshi"),
        ("Other ethnic groups - Chinese", "asian-chinese"),
        ("White: English, Welsh, Scottish, Northern Irish or British", "white-british"),
        ("White: Irish", "white-irish"),
        ("Traveller of Irish heritage", "white-gypsy-irish-traveller"),
        ("White: Roma", "white-roma"),
        ("Any other White background", "white-other"),
        (
            "Mixed or Multiple ethnic groups: White and Black Caribbean",
            "mixed-white-black-caribbean",
        ),
        ("Any other ethnic group", "other-any"),
        ("Other ethnic group", "other"),
        ("Not stated", "unknown"),
        ("All women", "all"),
        ("black-caribbean", "black-caribbean"),
    ],
)
def test_labels_that_sources_print_resolve_to_their_group(groups, label, code):
    assert groups.resolve(label) == code


def test_no_label_belongs_to_two_groups(groups):
    owners = defaultdict(set)
    for group in groups.groups:
        names = [group.code, group.label, group.short_label, *(group.aliases or "").split("|")]
        for name in names:
            if name.strip():
                owners[spelled(name) or name].add(group.code)
    shared = {name: codes for name, codes in owners.items() if len(codes) > 1}
    # "Other ethnic group" is a broad group and "Any other ethnic group" a detailed one: what is
    # left of both without the common words still tells them apart.
    assert shared == {}


def test_every_name_in_the_table_resolves_to_its_own_group(groups):
    for group in groups.groups:
        for name in [group.label, group.short_label, *(group.aliases or "").split("|")]:
            if name.strip():
                assert groups.resolve(name) == group.code, name


def test_every_label_in_the_tables_resolves_to_its_code_or_is_a_known_exception(base, groups):
    single = base.figures[~base.figures["ethnic_group"].str.contains("+", regex=False)]
    pairs = set(single[["ethnic_group_label", "ethnic_group"]].itertuples(index=False, name=None))
    assert len(pairs) > 100

    def resolves(label, code):
        try:
            return groups.resolve(label) == code
        except UnknownGroupError:
            return False

    assert {pair for pair in pairs if not resolves(*pair)} == set(NOT_RESOLVED)


def test_an_unknown_label_is_named_with_the_nearest_ones(groups):
    with pytest.raises(UnknownGroupError, match=r"'Bangladesh'.*Did you mean: bangladeshi"):
        groups.resolve("Bangladesh")


@pytest.mark.parametrize("label", ["", "people", "ethnic group", "???"])
def test_a_label_that_names_no_group_is_refused(groups, label):
    with pytest.raises(UnknownGroupError):
        groups.resolve(label)


def test_an_unknown_code_is_refused(groups):
    assert "martian" not in groups
    assert "black-african+martian" not in groups
    assert None not in groups
    assert "black-african+black-caribbean" in groups
    with pytest.raises(UnknownGroupError, match="martian"):
        groups["martian"]


def test_every_code_in_the_tables_is_in_the_classification(base, groups):
    used = {*base.figures["ethnic_group"], *base.figures["comparator"].dropna()}
    used |= set(base.population["ethnic_group"])
    assert [code for code in used if code not in groups] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("black", "black-african"),
        ("all", "white"),
        ("all", "unknown"),
        ("ethnic-minority", "white"),
        ("ethnic-minority", "white-irish"),
        ("ethnic-minority-excl-white", "mixed-other"),
        ("south-asian", "asian"),
        ("south-asian", "asian-indian"),
        ("black-african+black-caribbean", "black-caribbean"),
        ("mixed+other", "other-arab"),
    ],
)
def test_groups_that_hold_some_of_the_same_people_overlap_either_way_round(groups, one, other):
    assert groups.overlap(one, other)
    assert groups.overlap(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("black", "white"),
        ("white-irish", "white-british"),
        ("ethnic-minority", "white-british"),
        ("ethnic-minority-excl-white", "white"),
        ("south-asian", "asian-chinese"),
        ("black-african+black-caribbean", "black-other"),
        ("unknown", "white"),
    ],
)
def test_groups_with_no_people_in_common_do_not_overlap(groups, one, other):
    assert not groups.overlap(one, other)
    assert not groups.overlap(other, one)


def test_all_ethnic_groups_together_cover_every_detailed_group(groups):
    assert groups.members("all") == {*groups.detailed, "unknown"}
    assert groups.members("ethnic-minority") == {*groups.detailed} - {"white-british"}


@pytest.mark.parametrize(
    ("code", "broad"),
    [
        ("black-african", "black"),
        ("black", "black"),
        ("south-asian", "asian"),
        ("black-african+black-caribbean", "black"),
        ("mixed+other", None),
        ("white-british+black-african", None),
        ("all", None),
        ("unknown", None),
    ],
)
def test_a_code_lies_in_the_one_broad_group_that_holds_it(groups, code, broad):
    assert groups.broad_of(code) == broad


@pytest.mark.parametrize(
    ("code", "noun", "words"),
    [
        ("asian-pakistani", "women", "women from the Pakistani ethnic group"),
        ("black", "people", "people from Black ethnic groups"),
        ("asian-other", "babies", "babies from other Asian ethnic groups"),
        ("other-any", "people", "people from the “any other” ethnic group"),
        ("unknown", "people", "people whose ethnic group is not known"),
        ("all", "children", "children of all ethnic groups"),
        (
            "black-african+black-caribbean",
            "women",
            "women from the Black African and Black Caribbean ethnic groups",
        ),
        ("mixed+other", "adults", "adults from Mixed and Other ethnic groups"),
        (
            "black+mixed-white-black-african+mixed-white-black-caribbean",
            "women",
            "women from Black, Mixed White and Black African and Mixed White and Black Caribbean"
            " ethnic groups",
        ),
    ],
)
def test_groups_are_written_as_people(groups, code, noun, words):
    assert groups.people(code, noun) == words


def test_no_group_is_shown_as_an_abbreviation(groups):
    for group in groups.groups:
        shown = " ".join([group.label, group.short_label, group.people])
        assert not re.search(r"\bBA?ME\b", shown, re.IGNORECASE), group.code


def test_joined_codes_have_one_spelling(groups):
    assert groups.canonical("black-caribbean+black-african") == "black-african+black-caribbean"
    assert groups.short("black-caribbean+black-african") == "Black Caribbean and Black African"
