"""The map of the boroughs: boundaries and a point well inside each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loaders.tables import DATA

BOUNDARIES = "reference/boroughs.geojson"


def boundaries(data: Path = DATA) -> dict[str, Any] | None:
    """The boundaries as GeoJSON (longitude and latitude), or None if they can't be read."""
    try:
        content: Any = json.loads((data / BOUNDARIES).read_text(encoding="utf-8"))
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
