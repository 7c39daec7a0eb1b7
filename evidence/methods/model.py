"""What a method is: its formula in signs and in words, its source, and a worked example."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import NormalDist
from urllib.parse import quote

from evidence.numbers import is_blank, number
from evidence.statements import RowLike

Z = NormalDist().inv_cdf(0.975)
"""How many standard errors either side hold 95 in 100: 1.96."""


class Family(StrEnum):
    """What kind of number a method gives."""

    FIGURE = "One figure and its limits"
    COMPARISON = "Two groups compared"
    WHOLE_SET = "How unequal a whole set of groups is"
    TIME = "Change over time"
    PROTECTION = "Protecting people"


@dataclass(frozen=True)
class Reference:
    """The publication that a method is from.

    Attributes
    ----------
    authors, year, title, where
        As the publication has them; ``where`` is the journal with volume and pages, or the
        publisher.
    doi
        The digital object identifier, or empty where none was seen.
    seen_at
        Where author, year and identifier were read: an address, or a repository and file.
    """

    authors: str
    year: int
    title: str
    where: str
    doi: str = ""
    seen_at: str = ""

    @property
    def url(self) -> str:
        """The address of the publication, or an empty string."""
        return f"https://doi.org/{quote(self.doi, safe='/():;.')}" if self.doi else ""

    @property
    def short(self) -> str:
        """Author and year in one: "Wilson 1927"."""
        names = [one.strip().rpartition(" ")[0] or one for one in self.authors.split(",")]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{listed if len(names) < 4 else f'{names[0]} and others'} {self.year}"


class FigureGoneError(LookupError):
    """A figure that an example is made from stands no longer in the tables, or is blank."""


@dataclass
class Reader:
    """The tables as an example reads them: what was read is kept, so that it can be checked.

    ``row_of`` gives the row of a figure by its figure_id, with the columns that
    :func:`evidence.limits.add_limits` adds, and raises KeyError where there is none.
    """

    row_of: Callable[[str], RowLike]
    read: list[tuple[str, str, float]] = field(default_factory=list)

    def __call__(self, figure_id: str, column: str) -> float:
        """One number of one figure.

        Raises
        ------
        FigureGoneError
            If the tables have no such figure, or the number is blank.
        """
        try:
            value = self.row_of(figure_id)[column]
        except KeyError as gone:
            raise FigureGoneError(f"no figure {figure_id}") from gone
        if is_blank(value):
            raise FigureGoneError(f"{figure_id} has no {column}")
        found = float(str(value))
        self.read.append((figure_id, column, found))
        return found

    def counts(self, figure_id: str) -> tuple[float, float]:
        """Numerator and denominator of a figure."""
        return self(figure_id, "numerator"), self(figure_id, "denominator")

    def limits(self, figure_id: str) -> tuple[float, float, float]:
        """What a figure is compared by, with its limits."""
        low, high = self(figure_id, "limit_lower"), self(figure_id, "limit_upper")
        return self(figure_id, "estimate"), low, high


@dataclass(frozen=True)
class Example:
    """A method worked through on real figures.

    Attributes
    ----------
    steps
        The reckoning in plain text, a line a step; the last one says what the page prints.
    results
        The numbers that it ends in, not rounded, by the names of the statistics' columns.
    inputs
        What was read: figure_id, column and number.
    """

    steps: tuple[str, ...]
    results: Mapping[str, float]
    inputs: tuple[tuple[str, str, float], ...] = ()

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """The figures that the numbers are from, in the order in which they were read."""
        return tuple(dict.fromkeys(name for name, _, _ in self.inputs))


Work = Callable[[Reader], tuple[Sequence[str], Mapping[str, float]]]
"""An example's reckoning: reads figures, returns its steps and its results."""


@dataclass(frozen=True)
class Method:
    """One way in which a number of the dashboard is got.

    Attributes
    ----------
    key
        Its name in addresses: ``formulas?method=wilson``.
    name, answers
        What it is called, and the question that it answers, in one plain line.
    formulas
        LaTeX, a display line each.
    words
        The formulas in plain words: what is shown beside them, and read out in their place.
    symbols
        Each symbol (LaTeX) with its meaning.
    used, limits_of_use
        When it is used, and what it can't do.
    function
        The function that works it out.
    work
        The example, or None.
    no_example
        Why there is none.
    """

    key: str
    name: str
    family: Family
    answers: str
    formulas: tuple[str, ...]
    words: str
    symbols: tuple[tuple[str, str], ...]
    used: str
    limits_of_use: str
    references: tuple[Reference, ...]
    function: str
    work: Work | None = None
    no_example: str = ""

    def example(self, row_of: Callable[[str], RowLike]) -> Example | None:
        """The example from the tables, or None where it has none or its figures are gone.

        ``row_of`` is that of a :class:`Reader`.
        """
        if self.work is None:
            return None
        reader = Reader(row_of)
        try:
            steps, results = self.work(reader)
        except FigureGoneError:
            return None
        return Example(tuple(steps), results, tuple(reader.read))


def to(value: float, places: int) -> str:
    """A number on the way to a result, to so many decimals: "0.2157", "12,193"."""
    return number(float(f"{value:.{places}f}") + 0.0)
