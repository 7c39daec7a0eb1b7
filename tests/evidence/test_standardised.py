"""Standardised rates and means agree with the peers', and say why where there is none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from evidence.statistics import (
    EUROPEAN_STANDARD_POPULATION_2013,
    directly_standardised_rate,
    mean_limits,
    rate_limits,
)

pytestmark = pytest.mark.filterwarnings("error")

# Source: R package PHEindicatormethods, calculate_dsr with multiplier 100,000 and the 2013 European
# Standard Population. For each group: events and people in 19 age bands, then value, 95% limits and
# 99.8% limits (Dobson), or None where there are fewer than 10 events.
PEER = {
    "g1": (
        [1, 4, 7, 7, 9, 15, 21, 20, 20, 21, 24, 25, 26, 34, 27, 40, 43, 34, 35],
        [3573, 3269, 4716, 24747, 37342, 9343, 30303, 6128, 8724, 30302, 35151, 14575, 22506,
         27132, 8640, 30350, 35150, 1494, 28686],
        (166.241121094592, 144.933271937804, 189.161449613792, 133.371160504911, 202.823906838865),
    ),
    "g2": (
        [0, 0, 0, 1, 0, 0, 1, 2, 2, 1, 3, 4, 0, 1, 1, 0, 2, 2, 1],
        [23067, 20602, 35155, 15211, 16956, 35171, 1518, 34410, 39242, 6511, 11630, 2075, 3271,
         15164, 35670, 33928, 533, 34152, 18429],
        (30.8438914647402, 13.0056510084905, 55.5821178699844, 5.40763482562965, 71.8808000323186),
    ),
    "g3": (
        [0, 1, 0, 0, 1, 0, 1, 1, 3, 2, 2, 3, 3, 5, 0, 3, 11, 1, 5],
        [817, 2774, 19986, 23283, 22171, 15066, 8695, 19738, 17494, 39821, 17288, 19457, 17673,
         11868, 10303, 13994, 4723, 30133, 7602],
        (17.442767219578, 11.5123495885649, 24.9096864864483, 8.72526050335127, 29.6584242343491),
    ),
    "g4": (
        [2, 0, 2, 1, 0, 3, 1, 3, 3, 3, 3, 5, 5, 3, 8, 9, 3, 2, 3],
        [20086, 28577, 4836, 18118, 23372, 5780, 11392, 28465, 28181, 2963, 1523, 10872, 30133,
         27731, 10197, 3316, 37669, 19818, 35931],
        (48.9127802957276, 30.2074750406913, 71.6249054628438, 21.105164064888, 85.8664475740321),
    ),
    "g5": (
        [0, 0, 0, 2, 3, 2, 0, 1, 3, 3, 6, 1, 4, 6, 2, 5, 1, 7, 4],
        [32474, 38595, 12659, 2940, 27988, 23827, 10231, 36728, 12000, 34287, 19862, 38518, 25973,
         519, 35204, 33747, 16766, 9042, 10492],
        (76.8008270601382, 29.1317419629352, 135.667194956525, 6.30500917265897, 172.824907220825),
    ),
    "g6": (
        [0, 1, 0, 2, 5, 3, 6, 6, 3, 11, 5, 11, 7, 5, 9, 13, 11, 11, 9],
        [38698, 3086, 9237, 13471, 35830, 1180, 17554, 7806, 11285, 1556, 7386, 18041, 23689,
         24839, 38694, 9036, 31809, 29309, 26359],
        (97.9079324382105, 64.4259358001348, 136.302074759843, 47.2504876022439, 159.823974791499),
    ),
    "g7": (
        [0, 0, 1, 2, 0, 3, 0, 3, 4, 4, 2, 4, 4, 4, 6, 6, 6, 7, 1],
        [21754, 11194, 2200, 21962, 3438, 2094, 24607, 24921, 7214, 34501, 787, 39202, 3128,
         22562, 21157, 22105, 24752, 13706, 5188],
        (48.3010076335138, 21.8046401211242, 80.582806993421, 8.95251651843677, 100.852229220035),
    ),
    "g8": (
        [8, 13, 10, 17, 37, 27, 39, 34, 51, 47, 53, 57, 69, 60, 86, 71, 98, 93, 114],
        [21729, 22978, 32833, 26516, 13736, 5892, 27258, 28555, 32513, 19149, 14547, 34349, 6127,
         20495, 1948, 23010, 27716, 6188, 9535],
        (495.988822248753, 444.529640918589, 549.934966706289, 415.989639721532, 581.725049858067),
    ),
    "g9": (
        [0, 0, 0, 3, 2, 3, 0, 5, 1, 4, 4, 4, 6, 9, 3, 6, 4, 4, 5],
        [9793, 30594, 18123, 18057, 35098, 18101, 35502, 22032, 34637, 26460, 38451, 6420, 26996,
         33594, 4438, 2006, 15539, 16037, 6812],
        (29.7797248492464, 19.033039649537, 42.7463131934116, 13.772334335312, 50.8566031686531),
    ),
    "g10": (
        [1, 4, 3, 10, 8, 12, 10, 16, 22, 24, 22, 22, 19, 25, 28, 28, 42, 36, 34],
        [15281, 34866, 4087, 21210, 16542, 8364, 30551, 1429, 22243, 9359, 27041, 21918, 10347,
         28767, 24705, 5841, 18140, 24680, 37907],
        (186.208525544928, 146.167213232352, 229.476845657847, 124.524813098112, 255.32016220964),
    ),
    "g11": (
        [0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 1, 2, 3, 3, 2, 1, 3, 0, 2],
        [29713, 1560, 517, 7276, 1433, 39050, 2867, 29475, 36137, 6023, 9856, 27977, 5268, 22684,
         9762, 17579, 38400, 6603, 4442],
        (9.00373620765386, 4.43045689452231, 15.3459995794334, 2.48251531838203, 19.524574599045),
    ),
    "g12": (
        [1, 0, 1, 0, 0, 3, 1, 4, 1, 4, 4, 5, 5, 7, 4, 3, 4, 7, 6],
        [39564, 26572, 11272, 4498, 13204, 24153, 15240, 39915, 12483, 2190, 19819, 18865, 3926,
         7240, 32329, 23086, 5933, 26398, 19318],
        (35.4605811033759, 21.2834786696126, 52.6463610873495, 14.3739952768313, 63.4156423817087),
    ),
    "few": (
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 1],
        [2009, 2546, 3921, 2936, 999, 3002, 2663, 3439, 1590, 1810, 2809, 3623, 2178, 1116, 2588,
         1146, 1892, 1686, 1733],
        None,
    ),
}  # fmt: skip


BANDS = list(EUROPEAN_STANDARD_POPULATION_2013.values())


def peers(*names):
    """The input of some of the peer's groups, one row a group and age band."""
    chosen = names or tuple(PEER)
    parts = [
        pd.DataFrame({"group": name, "events": PEER[name][0], "people": PEER[name][1],
                      "standard": BANDS})
        for name in chosen
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def standardise(rows, **how):
    return directly_standardised_rate(
        rows["events"], rows["people"], rows["standard"], group=rows["group"], **how
    )


def test_the_standard_population_has_nineteen_bands_and_a_hundred_thousand_people():
    assert len(BANDS) == 19
    assert sum(BANDS) == 100_000
    assert next(iter(EUROPEAN_STANDARD_POPULATION_2013)) == "0-4"
    assert [*EUROPEAN_STANDARD_POPULATION_2013][-1] == "90+"
    # Half of Europe is under 41 or so: the weights below 40 and from 40 on.
    assert sum(BANDS[:8]) == 47_000


@pytest.mark.parametrize(("confidence", "low"), [(0.95, 1), (0.998, 3)])
def test_standardised_rates_agree_with_the_peer_to_the_ninth_digit(confidence, low):
    found = standardise(peers(), confidence=confidence)
    assert found.index.tolist() == list(PEER)
    for name, (events, _, expected) in PEER.items():
        row = found.loc[name]
        assert row["events"] == sum(events)
        if expected is None:
            assert row[["value", "lower", "upper"]].isna().all()
            assert row["reason"] == "fewer than 10 events, too few for a standardised rate"
        else:
            wanted = [expected[0], expected[low], expected[low + 1]]
            assert row[["value", "lower", "upper"]].tolist() == pytest.approx(wanted, rel=1e-9)
            assert pd.isna(row["reason"])


def test_the_order_of_rows_and_the_mixing_of_groups_change_nothing():
    rows = peers("g1", "g2", "g5")
    mixed = standardise(rows.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(mixed.loc[["g1", "g2", "g5"]], standardise(rows))


def test_a_standard_of_the_groups_own_ages_gives_the_crude_rate_and_its_limits():
    rows = peers("g1")
    rows["standard"] = rows["people"]
    found = standardise(rows).loc["g1"]
    crude = rate_limits(rows["events"].sum(), rows["people"].sum()).iloc[0]
    assert found["value"] == pytest.approx(crude["value"])
    # One rate at every age has the crude rate's variance; here the ages differ.
    assert found["lower"] == pytest.approx(crude["lower"])
    assert found["upper"] == pytest.approx(crude["upper"])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90_000), st.integers(0, 7_000)),
             min_size=1, max_size=19),
    st.floats(0.01, 1000),
)  # fmt: skip
def test_limits_enclose_the_rate_and_only_shares_of_the_standard_matter(bands, factor):
    events, people, standard = np.array(bands, dtype=float).T
    plain = directly_standardised_rate(events, people, standard, group=["a"] * len(bands))
    scaled = directly_standardised_rate(events, people, standard * factor, group=["a"] * len(bands))
    row = plain.iloc[0]
    if standard.sum() == 0 or events.sum() < 10:
        assert pd.notna(row["reason"])
        assert row[["value", "lower", "upper"]].isna().all()
    else:
        assert row["lower"] <= row["value"] <= row["upper"]
        np.testing.assert_allclose(
            plain[["value", "lower", "upper"]], scaled[["value", "lower", "upper"]], rtol=1e-9
        )


def test_nine_events_give_no_rate_and_ten_do():
    found = directly_standardised_rate([9, 10], 1000, 1, group=["nine", "ten"])
    assert found["value"].isna().tolist() == [True, False]
    assert found["events"].tolist() == [9, 10]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"events": np.nan}, "a count is missing"),
        ({"people": np.nan}, "a count is missing"),
        ({"people": 0}, "an age band has nobody in it"),
    ],
)
def test_a_band_that_says_nothing_leaves_its_group_without_a_rate(change, reason):
    rows = peers("g1", "g3").astype({"events": float, "people": float})
    rows.loc[25, list(change)] = list(change.values())
    found = standardise(rows)
    assert found.loc["g3", ["value", "lower", "upper"]].isna().all()
    assert found.loc["g3", "reason"] == reason
    assert found.loc["g1", "value"] == pytest.approx(PEER["g1"][2][0])


def test_an_age_band_that_only_one_group_lacks_is_noticed():
    found = standardise(peers("g1", "g3").drop(index=20))
    assert found.loc["g3", "reason"] == "an age band of the standard is missing"
    assert np.isnan(found.loc["g3", "value"])
    assert found.loc["g1", "value"] > 0


def test_two_bands_of_three_alike_are_one_missing_and_not_one_twice():
    found = directly_standardised_rate([20] * 5, 100, 5, group=list("aabbb"))
    assert found["reason"].isna().tolist() == [False, True]


def test_a_band_that_most_groups_lack_is_missing_from_them():
    found = directly_standardised_rate(
        20, 100, [5, 7, 5, 7, 5, 7, 9], group=list("aabbccc"), band=[*"yo" * 3, "oldest"]
    )
    assert found["reason"].isna().tolist() == [False, False, True]
    unnamed = directly_standardised_rate(20, 100, [5, 7, 5, 7, 5, 7, 9], group=list("aabbccc"))
    pd.testing.assert_frame_equal(found, unnamed)


def test_named_bands_change_nothing_where_they_are_whole():
    rows = peers("g1", "g2")
    named = standardise(rows, band=[*EUROPEAN_STANDARD_POPULATION_2013] * 2)
    pd.testing.assert_frame_equal(named, standardise(rows))


@pytest.mark.parametrize(
    ("standard", "groups", "bands", "message"),
    [
        ([5, 7, 7], "aaa", "yoo", "row 2, counted from 0: the group a has the age band o twice"),
        ([5, 7, 5, 8], "aabb", "yoyo",
         "row 3, counted from 0: the group b has the age band o with another standard"),
        ([5, 7, 50, 70], "aabb", None, "row 0, .*: the standard population of the group a isn't"),
        ([5, 7, 5, 8], "aabb", None, "row 1, .*: the standard population of the group a isn't"),
        ([5, 7, 5, 7, 5, 7], "aabbbb", None, "row 4, .*: the group b has an age band twice"),
        ([5, 7, 5, 7, 5, 7, 7], "aabbccc", None, "row 6, .*: the group c has an age band twice"),
        ([5, 7], "aa", "yoo", "2 rows of counts have 3 rows of bands"),
        ([5, 7], "aa", ["y", None], "row 1, counted from 0: no band is given"),
    ],
)  # fmt: skip
def test_groups_must_share_one_standard_with_each_band_once(standard, groups, bands, message):
    bands = None if bands is None else list(bands)
    counts = np.full(len(standard), 20)
    with pytest.raises(ValueError, match=message):
        directly_standardised_rate(counts, 100, standard, group=list(groups), band=bands)


def test_a_band_without_weight_needs_nobody_in_it():
    found = directly_standardised_rate([50, 0], [1000, 0], [5, 0], group=["a", "a"])
    assert found["value"].tolist() == pytest.approx([5000])


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("events", -1, "row 3, counted from 0: the numerator is below zero"),
        ("people", -1, "row 3, counted from 0: the denominator is below zero"),
        ("people", np.inf, "row 3, counted from 0: the denominator is infinite"),
        ("standard", np.nan, "row 3, counted from 0: the standard population is missing"),
        ("standard", -5, "row 3, counted from 0: the standard population is missing or below"),
        ("group", None, "row 3, counted from 0: no group is given"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(column, value, message):
    rows = peers("g1").astype({"events": float, "people": float, "standard": float})
    rows.loc[3, column] = value
    with pytest.raises(ValueError, match=message):
        standardise(rows)


def test_counts_and_groups_must_be_of_one_length():
    with pytest.raises(ValueError, match="2 rows of counts have 1 rows of groups"):
        directly_standardised_rate([20, 30], [100, 100], [1, 1], group=["a"])


def test_limits_of_a_mean_are_students():
    # A textbook case: 25 people, mean 10, standard deviation 2: 10 +/- 2.0639 x 0.4.
    found = mean_limits(10, 2, 25).iloc[0]
    assert found["lower"] == pytest.approx(10 - 2.0638986 * 0.4)
    assert found["upper"] == pytest.approx(10 + 2.0638986 * 0.4)
    lower, upper = t.interval(0.998, 6, loc=3, scale=1.5 / np.sqrt(7))
    found = mean_limits(3, 1.5, 7, confidence=0.998).iloc[0]
    assert found[["lower", "upper"]].tolist() == pytest.approx([lower, upper], rel=1e-9)


def test_means_without_limits_say_why():
    found = mean_limits([10, 10, np.nan, 10], [2, np.nan, 1, 2], [1, 30, 30, np.nan])
    assert found["lower"].isna().all()
    assert found["value"].tolist()[:2] == [10, 10]
    assert found["reason"].tolist() == [
        "fewer than two people were measured", "no standard deviation or count",
        "the mean is missing", "no standard deviation or count",
    ]  # fmt: skip


def test_means_of_impossible_spread_or_count_are_refused_with_their_row():
    with pytest.raises(ValueError, match="row 1, counted from 0: the standard deviation is below"):
        mean_limits([1, 2], [1, -1], 10)
    with pytest.raises(ValueError, match="row 0, counted from 0: the count is below zero"):
        mean_limits(1, 1, -3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_limits(1, 1, 3, confidence=1)
