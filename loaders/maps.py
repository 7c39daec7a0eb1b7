"""The map of the boroughs: boundaries and a point well inside each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from loaders.tables import DATA

BOUNDARIES = "reference/boroughs.geojson"
ICB_OUTLINES = "reference/icbs.geojson"

STEP = 0.02
"""Degrees of latitude between the points at which a borough can be pointed at: two kilometres, so
that all but the smallest boroughs have several."""

NARROWER = 1.61
"""How much shorter a degree of longitude is in London than one of latitude."""


def boundaries(data: Path = DATA) -> dict[str, Any] | None:
    """The boundaries as GeoJSON (longitude and latitude), or None if they can't be read."""
    return _geojson(data / BOUNDARIES)


def icb_outlines(data: Path = DATA) -> dict[str, Any] | None:
    """The outlines of the NHS areas as GeoJSON, or None if they can't be read."""
    return _geojson(data / ICB_OUTLINES)


def _geojson(path: Path) -> dict[str, Any] | None:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("features") else None


def centres(shapes: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """The centroid of the largest polygon of each feature, by ``borough_code``."""
    found = {}
    for feature in shapes["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = [_area_and_centre(polygon[0]) for polygon in polygons]
        found[feature["properties"]["borough_code"]] = max(rings)[1]
    return found


def points_inside(
    shapes: dict[str, Any], step: float = STEP
) -> dict[str, list[tuple[float, float]]]:
    """Points of a lattice that lie in each feature, its centre first, by ``borough_code``.

    Parameters
    ----------
    shapes
        The boundaries.
    step
        Degrees of latitude between the rows of the lattice; its columns are as far apart.
    """
    found = {}
    for feature in shapes["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        code = feature["properties"]["borough_code"]
        found[code] = [centres({"features": [feature]})[code]]
        for polygon in polygons:
            ring = np.array(polygon[0], dtype=float)
            found[code] += _lattice(ring, step)
    return found


def _lattice(ring: np.ndarray, step: float) -> list[tuple[float, float]]:
    """The points of the lattice from which a line to the east crosses the ring an odd time."""
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    across = step * NARROWER
    x = np.arange(np.ceil(west / across), np.floor(east / across) + 1) * across
    y = np.arange(np.ceil(south / step), np.floor(north / step) + 1) * step
    points = np.array([(one, other) for one in x for other in y]).reshape(-1, 2)
    x0, y0 = ring[:-1, 0], ring[:-1, 1]
    x1, y1 = ring[1:, 0], ring[1:, 1]
    px, py = points[:, :1], points[:, 1:]
    spans = (y0 > py) != (y1 > py)
    rise = np.where(y1 == y0, 1, y1 - y0)  # level edges span no point
    crosses = spans & (px < x0 + (py - y0) * (x1 - x0) / rise)
    inside = points[crosses.sum(axis=1) % 2 == 1]
    return [(float(one), float(other)) for one, other in inside]


def _area_and_centre(ring: list[list[float]]) -> tuple[float, tuple[float, float]]:
    """The shoelace formulas for the area and centroid of a closed ring."""
    twice = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        twice += cross
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    if not twice:
        return 0.0, (ring[0][0], ring[0][1])
    return abs(twice) / 2, (x / (3 * twice), y / (3 * twice))
