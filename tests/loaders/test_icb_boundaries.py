"""The outlines of the NHS areas: dissolved from the boroughs' own, with nothing left inside."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from loaders.builders import BuildError, boundaries, icb_boundaries
from loaders.tables import BOROUGHS, DATA

TABLE = pd.read_csv(BOROUGHS.files(DATA)[0], dtype="str")
BY_ICB = TABLE.sort_values(["icb_code", "name"])


def row_of_squares(folder: Path, table: pd.DataFrame) -> Path:
    """A TopoJSON file in which the boroughs are unit squares side by side, from west to east.

    Arc ``n`` is the wall at ``n``, walked north; then come the floors and the roofs, walked east.
    """
    count = len(table)
    walls = [[[place, 0], [0, 1]] for place in range(count + 1)]
    floors = [[[place, 0], [1, 0]] for place in range(count)]
    roofs = [[[place, 1], [1, 0]] for place in range(count)]
    shapes = []
    for place, name in enumerate(table["name"]):
        floor, roof = count + 1 + place, 2 * count + 1 + place
        ring = [place, roof, ~(place + 1), ~floor]
        shapes.append({"type": "Polygon", "id": name, "arcs": [ring]})
    content: dict[str, Any] = {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [*walls, *floors, *roofs],
        "objects": {"boroughs": {"geometries": shapes}},
    }
    file = folder / icb_boundaries.INPUT[0]
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return folder


def area(ring: list[Any]) -> float:
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2


def outer_rings(collection: dict[str, Any], key: str) -> dict[str, list[list[Any]]]:
    """The outer rings of each feature, by a property."""
    found = {}
    for feature in collection["features"]:
        shape = feature["geometry"]
        many = shape["type"] == "MultiPolygon"
        polygons = shape["coordinates"] if many else [shape["coordinates"]]
        found[feature["properties"][key]] = [polygon[0] for polygon in polygons]
    return found


def test_neighbours_dissolve_into_one_outline_without_the_walls_between_them(
    tmp_path: Path,
) -> None:
    built = outer_rings(icb_boundaries.build(row_of_squares(tmp_path, BY_ICB)), "icb_code")
    west = 0
    for code, members in BY_ICB.groupby("icb_code"):
        (ring,) = built[str(code)]
        east = west + len(members)
        assert area(ring) == len(members)
        corners = {(west, 0), (west, 1), (east, 0), (east, 1)}
        assert corners <= set(ring)
        assert ring[0] == ring[-1]
        assert len(ring) - 1 == len(set(ring)) == 2 * (len(members) + 1)
        west = east


def test_parts_that_do_not_touch_are_outlines_of_their_own(tmp_path: Path) -> None:
    apart = pd.concat([BY_ICB.iloc[1:], BY_ICB.iloc[:1]])
    built = outer_rings(icb_boundaries.build(row_of_squares(tmp_path, apart)), "icb_code")
    rings = built[str(BY_ICB["icb_code"].iloc[0])]
    size = int((TABLE["icb_code"] == BY_ICB["icb_code"].iloc[0]).sum())
    assert sorted(area(ring) for ring in rings) == [1, size - 1]


def test_boundaries_that_cannot_be_dissolved_are_refused(tmp_path: Path) -> None:
    folder = row_of_squares(tmp_path, BY_ICB)
    file = folder / icb_boundaries.INPUT[0]
    content = json.loads(file.read_text(encoding="utf-8"))
    content["objects"]["boroughs"]["geometries"][0]["arcs"][0].pop(0)
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BuildError, match="the outline of North West London does not close"):
        icb_boundaries.build(folder)


def test_a_missing_borough_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="boroughs missing: Brent"):
        icb_boundaries.build(row_of_squares(tmp_path, BY_ICB[BY_ICB["name"] != "Brent"]))


def test_the_committed_outlines_hold_the_area_of_their_boroughs_and_no_more() -> None:
    icbs = json.loads((DATA / icb_boundaries.OUTPUT).read_text(encoding="utf-8"))
    boroughs = json.loads((DATA / boundaries.OUTPUT).read_text(encoding="utf-8"))
    assert icbs["metadata"]["attribution"] == boroughs["metadata"]["attribution"]
    names = {one["properties"]["icb_code"]: one["properties"]["name"] for one in icbs["features"]}
    assert names == dict(zip(TABLE["icb_code"], TABLE["icb_name"], strict=True))
    of_borough = outer_rings(boroughs, "borough_code")
    for code, rings in outer_rings(icbs, "icb_code").items():
        members = TABLE.loc[TABLE["icb_code"] == code, "borough_code"]
        whole = sum(area(ring) for borough in members for ring in of_borough[borough])
        assert sum(map(area, rings)) == pytest.approx(whole, rel=1e-6)
        points = {tuple(point) for borough in members for ring in of_borough[borough]
                  for point in ring}  # fmt: skip
        assert {tuple(point) for ring in rings for point in ring} <= points
