"""Comparison sets made for tests from counts of events and people."""


def percentages(counts, **more):
    """Cells of percentages with their counts, for the fixture ``made``.

    ``counts`` gives events and people by the code of the group; ``more`` are columns of every cell.
    """
    return [
        {
            "ethnic_group": code,
            "value": round(100 * events / people, 3),
            "numerator": events,
            "denominator": people,
            **more,
        }
        for code, (events, people) in counts.items()
    ]
