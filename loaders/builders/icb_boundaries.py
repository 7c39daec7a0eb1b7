"""The outlines of London's five NHS areas, dissolved from the boundaries of the boroughs.

Method: in TopoJSON (Bostock and Metcalf, 2013) two neighbours share the arc between them, so the
outline of a group of boroughs is made of the arcs that its members use once, and needs no
geometry to be worked out: what lies between two members is used twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from loaders.builders import boundaries
from loaders.builders.boundaries import Point, Ring, arcs_of, doubled_area, metadata, wound
from loaders.builders.raw import BuildError, icbs_of_boroughs

INPUT: Final = boundaries.INPUT
OUTPUT: Final = "reference/icbs.geojson"

TITLE: Final = "Outlines of the five Integrated Care Boards of London, simplified"


def build(folder: Path) -> dict[str, Any]:
    """A GeoJSON feature collection of the Integrated Care Boards of 2022, in order of code.

    Which borough lies in which stands in ``data/reference/boroughs.csv``. Properties icb_code
    and name; coordinates, winding and ``metadata`` as in :func:`loaders.builders.boundaries.build`.

    ``folder`` is that of the unpacked npm package vega-datasets.
    Raises :class:`loaders.builders.raw.BuildError` as that does, and for an outline that doesn't
    close.
    """
    boundaries.build(folder)  # which names every borough that is missing or not known
    topology = json.loads((folder / INPUT[0]).read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    areas = icbs_of_boroughs()
    members: dict[tuple[str, str], list[int]] = {}
    for shape in topology["objects"]["boroughs"]["geometries"]:
        members.setdefault(areas[shape["id"]], []).extend(_indexes(shape))
    features = []
    for (code, name), indexes in sorted(members.items()):
        polygons = [[ring] for ring in _rings(_used_once(indexes), arcs, name)]
        features.append(
            {
                "type": "Feature",
                "id": code,
                "properties": {"icb_code": code, "name": name},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
        )
    return {"type": "FeatureCollection", "metadata": metadata(TITLE), "features": features}


def _indexes(shape: Mapping[str, Any]) -> Iterable[int]:
    """The arcs of a borough's rings; ``~i`` is arc ``i`` walked backwards."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return (index for polygon in polygons for ring in polygon for index in ring)


def _used_once(indexes: list[int]) -> list[int]:
    """The arcs that no two boroughs of a group share, each in its direction."""
    uses = Counter(max(index, ~index) for index in indexes)
    return [index for index in indexes if uses[max(index, ~index)] == 1]


def _rings(indexes: list[int], arcs: list[Ring], name: str) -> list[Ring]:
    """Arcs joined end to start until each ring closes."""
    waiting: dict[Point, list[Ring]] = {}
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        waiting.setdefault(points[0], []).append(points)
    rings = []
    while waiting:
        ring: Ring = [next(iter(waiting))]
        while len(ring) == 1 or ring[-1] != ring[0]:
            if ring[-1] not in waiting:
                raise BuildError(
                    INPUT[0], f"the outline of {name} does not close", "Use vega-datasets 3.2.1"
                )
            following = waiting[ring[-1]]
            points = following.pop()
            if not following:
                del waiting[ring[-1]]
            ring.extend(points[1:])
        if doubled_area(ring):
            rings.append(wound(ring, clockwise=True))
    if not rings:
        raise BuildError(INPUT[0], f"{name} has no outline", "Use vega-datasets 3.2.1")
    return rings
