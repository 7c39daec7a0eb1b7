"""The map of the boroughs: a shape and a point inside it for each of the 33."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from loaders.maps import (
    BOUNDARIES,
    ICB_OUTLINES,
    boundaries,
    centres,
    icb_outlines,
    points_inside,
)
from loaders.read import read_table
from loaders.tables import BOROUGHS, DATA

Ring = list[list[float]]
SQUARE: Ring = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
FAR_AND_SMALL: Ring = [[10, 10], [11, 10], [11, 11], [10, 11], [10, 10]]


def shapes(kind: str, coordinates: object) -> dict[str, Any]:
    feature = {
        "type": "Feature",
        "properties": {"borough_code": "E09000022"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    return {"type": "FeatureCollection", "features": [feature]}


def inside(x: float, y: float, ring: Ring) -> bool:
    """Whether a ray from the point crosses the ring an odd number of times."""
    crossings = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossings += 1
    return crossings % 2 == 1


def committed() -> dict[str, Any]:
    found = boundaries()
    assert found is not None
    return found


def test_every_borough_has_a_shape_and_a_centre_and_nothing_else_has() -> None:
    codes = set(read_table(BOROUGHS, DATA).frame["borough_code"])
    features = committed()["features"]
    assert sorted(feature["properties"]["borough_code"] for feature in features) == sorted(codes)
    assert set(centres(committed())) == codes


def test_the_centre_of_every_borough_lies_in_it() -> None:
    points = centres(committed())
    for feature in committed()["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        x, y = points[feature["properties"]["borough_code"]]
        assert any(inside(x, y, polygon[0]) for polygon in polygons), feature["properties"]


def test_centres_are_where_the_boroughs_are_in_degrees() -> None:
    points = centres(committed())
    assert points["E09000022"] == pytest.approx((-0.117, 51.456), abs=0.02)  # Lambeth
    assert points["E09000001"] == pytest.approx((-0.093, 51.515), abs=0.01)  # City of London
    # Havering lies east of Hillingdon, Enfield north of Croydon.
    assert points["E09000016"][0] > points["E09000017"][0] + 0.5
    assert points["E09000010"][1] > points["E09000008"][1] + 0.2


def test_the_centre_of_a_square_is_its_middle_whichever_way_it_is_drawn() -> None:
    for ring in (SQUARE, SQUARE[::-1]):
        assert centres(shapes("Polygon", [ring])) == {"E09000022": (1, 1)}


def test_a_shape_of_several_parts_has_its_centre_in_the_largest() -> None:
    for order in ([[SQUARE], [FAR_AND_SMALL]], [[FAR_AND_SMALL], [SQUARE]]):
        assert centres(shapes("MultiPolygon", order)) == {"E09000022": (1, 1)}


def test_a_shape_without_an_area_has_one_of_its_own_points_as_centre() -> None:
    line = [[3.0, 4.0], [5.0, 4.0], [3.0, 4.0]]
    assert centres(shapes("Polygon", [line])) == {"E09000022": (3, 4)}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"{}", b'{"features": []}', b"[]", b"null", b'"map"', b"\xff\xfe"],
)
def test_boundaries_that_cannot_be_read_are_none_and_nothing_raises(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / BOUNDARIES).parent.mkdir()
    (tmp_path / BOUNDARIES).write_bytes(content)
    assert boundaries(tmp_path) is None


def test_missing_boundaries_are_none(tmp_path: Path) -> None:
    assert boundaries(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]"])
def test_outlines_of_nhs_areas_that_cannot_be_read_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ICB_OUTLINES).parent.mkdir()
    (tmp_path / ICB_OUTLINES).write_bytes(content)
    assert icb_outlines(tmp_path) is None
    assert icb_outlines(tmp_path / "missing") is None


def test_there_are_five_nhs_areas() -> None:
    outlines = icb_outlines()
    assert outlines is not None
    names = {feature["properties"]["name"] for feature in outlines["features"]}
    assert len(names) == 5
    assert "North East London" in names


def test_every_point_inside_a_borough_lies_in_it_and_the_first_is_its_centre() -> None:
    points, middles = points_inside(committed()), centres(committed())
    assert set(points) == set(middles)
    for feature in committed()["features"]:
        code = feature["properties"]["borough_code"]
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        assert points[code][0] == middles[code]
        for x, y in points[code]:
            assert any(inside(x, y, polygon[0]) for polygon in polygons)


def test_points_inside_are_as_far_apart_as_asked_and_cover_the_shape() -> None:
    (found,) = points_inside(shapes("Polygon", [SQUARE]), step=0.5).values()
    rows = sorted({y for _, y in found[1:]})
    assert rows == pytest.approx([0, 0.5, 1, 1.5]) or rows == pytest.approx([0.5, 1, 1.5])
    assert all(0 <= x <= 2 for x, _ in found)
    assert {round(x / 0.805, 6) for x, _ in found[1:]} <= {0, 1, 2}


def test_a_shape_smaller_than_the_lattice_has_its_centre_alone() -> None:
    small: Ring = [[0.1, 0.1], [0.2, 0.1], [0.2, 0.2], [0.1, 0.2], [0.1, 0.1]]
    (found,) = points_inside(shapes("Polygon", [small]), step=1).values()
    assert found == [pytest.approx((0.15, 0.15))]
