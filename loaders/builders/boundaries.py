"""The boundaries of London's boroughs as GeoJSON, decoded from a small TopoJSON file.

Method: the TopoJSON specification (Bostock and Metcalf, 2013). Each arc is a list of steps from
point to point on a whole-number grid, laid on the map by a scale and a shift; a ring is a chain
of arcs, of which ``~i`` is arc ``i`` walked backwards.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from loaders.builders.raw import BuildError, borough_codes

INPUT: Final = ("data/londonBoroughs.json",)
OUTPUT: Final = "reference/boroughs.geojson"

DECIMALS: Final = 5
"""A fifth decimal place of a degree is about a metre, finer than the file's own grid."""

TITLE: Final = "Boundaries of the London boroughs and the City of London, simplified"

METADATA: Final = {
    "attribution": (
        "Contains National Statistics data © Crown copyright and database right 2015. "
        "Contains Ordnance Survey data © Crown copyright and database right 2015."
    ),
    "licence": "Open Government Licence v3.0",
    "licence_url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "publisher": "Greater London Authority, London Datastore",
    "source": "https://data.london.gov.uk/dataset/statistical-gis-boundary-files-london",
    "source_id": "gla-london-boundaries",
    "note": (
        "Reprojected and simplified by the vega-datasets project (npm package vega-datasets "
        "3.2.1, londonBoroughs.json); turned into GeoJSON here. For maps, not for measuring."
    ),
}

_NO_AREA: Final = 1e-10
"""Square degrees: about half a square metre."""

Point = tuple[float, float]
Ring = list[Point]


def build(folder: Path) -> dict[str, Any]:
    """A GeoJSON feature collection of the 33 boroughs, in order of code.

    Properties borough_code and name; longitude and latitude (WGS84) to 5 decimal places.
    Outer rings run clockwise and holes the other way, as d3-geo and so Plotly read them: this
    is the reverse of RFC 7946, under which Plotly fills the world outside the borough.
    ``metadata`` holds the attribution, which has to be printed with every map.

    ``folder`` is that of the unpacked npm package vega-datasets.
    Raises :class:`loaders.builders.raw.BuildError` for a missing file, a borough that is not
    known and one that is missing.
    """
    file = folder / INPUT[0]
    if not file.is_file():
        raise BuildError(INPUT[0], f"the file is not in {folder}", "Unpack vega-datasets there")
    topology = json.loads(file.read_text(encoding="utf-8"))
    if "boroughs" not in topology.get("objects", {}):
        raise BuildError(INPUT[0], "the object 'boroughs' is missing", "Use vega-datasets 3.2.1")
    arcs = arcs_of(topology)
    codes = borough_codes()
    features = {}
    for shape in topology["objects"]["boroughs"]["geometries"]:
        name = shape.get("id")
        if name not in codes:
            raise BuildError(
                INPUT[0],
                f"borough not known: {name!r}",
                "Use the names of data/reference/boroughs.csv",
            )
        features[codes[name]] = {
            "type": "Feature",
            "id": codes[name],
            "properties": {"borough_code": codes[name], "name": name},
            "geometry": _geometry(shape, arcs),
        }
    missing = sorted(name for name, code in codes.items() if code not in features)
    if missing:
        raise BuildError(
            INPUT[0], f"boroughs missing: {', '.join(missing)}", "Use vega-datasets 3.2.1"
        )
    return {
        "type": "FeatureCollection",
        "metadata": metadata(TITLE),
        "features": [features[code] for code in sorted(features)],
    }


def metadata(title: str) -> dict[str, str]:
    """What stands at the head of a file of boundaries: its title, attribution and licence."""
    return {"title": title, **METADATA}


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """The arcs of a topology as longitude and latitude."""
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    decoded = []
    for steps in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in steps:
            x += step_x
            y += step_y
            points.append(
                (round(x * scale_x + shift_x, DECIMALS), round(y * scale_y + shift_y, DECIMALS))
            )
        decoded.append(points)
    return decoded


def _geometry(shape: dict[str, Any], arcs: list[Ring]) -> dict[str, Any]:
    if shape["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": _polygon(shape["arcs"], arcs)}
    polygons = [_polygon(rings, arcs) for rings in shape["arcs"]]
    # Simplifying leaves slivers without area, which d3-geo would take for the whole world.
    whole = [polygon for polygon in polygons if doubled_area(polygon[0])]
    return {"type": "MultiPolygon", "coordinates": whole}


def _polygon(rings: list[list[int]], arcs: list[Ring]) -> list[Ring]:
    return [wound(_ring(ring, arcs), clockwise=place == 0) for place, ring in enumerate(rings)]


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        # Each arc begins where the one before it ended.
        ring.extend(points[1:] if ring else points)
    return ring


def wound(ring: Ring, *, clockwise: bool) -> Ring:
    """A ring that runs the way asked for."""
    return ring if (doubled_area(ring) < 0) == clockwise else ring[::-1]


def doubled_area(ring: Ring) -> float:
    """Twice the area by the shoelace formula: below nought where the ring runs clockwise."""
    doubled = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    # Far below one step of the file's grid there is no area, only the rounding of floats.
    return 0.0 if abs(doubled) < _NO_AREA else doubled
