"""Rows of boroughs for tests to make: see the fixture "made"."""

NAMES = {"E09000022": "Lambeth", "E09000005": "Brent", "E09000028": "Southwark"}
LAMBETH, BRENT, SOUTHWARK = NAMES


def here(code, group, value=None, **cells):
    """The cells of a figure of a borough; one without a value is suppressed unless said."""
    if value is None:
        cells.setdefault("blank_reason", "suppressed")
    return {
        "geography_level": "borough",
        "geography_code": code,
        "geography_name": NAMES[code],
        "ethnic_group": group,
        "value": value,
        **cells,
    }
