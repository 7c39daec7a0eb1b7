"""The ethnic group classification: codes, parents, labels as people, and what contains what.

The groups are those of the harmonised 2021 classification of the Office for National Statistics
(five broad groups, nineteen detailed ones) and the aggregates that sources use. A figure may be
about several groups together; its code then joins theirs with "+".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidence.models import EthnicGroup

REFERENCE_GROUPS = ("white-british", "white")
"""The groups that others are compared with, the first that a comparison set holds."""

NOT_GROUPS = frozenset({"all", "unknown"})
"""Codes that are no ethnic group: everyone, and people whose group is not known."""

_LABEL_NOISE = re.compile(
    r"\b(ethnic(ity)?|groups?|backgrounds?|people|persons?|women|men|babies|children|mothers"
    r"|patients|adults|residents|communities|category|males|females|boys|girls|pupils|infants"
    r"|staff|workers|smokers|households|londoners|heterosexual|gay and bisexual)\b"
)


class UnknownGroupError(ValueError):
    """A code or label that the classification does not have."""


@dataclass(frozen=True)
class Classification:
    """The groups of the reference table, with everything that is asked of them."""

    groups: tuple[EthnicGroup, ...]

    def __post_init__(self) -> None:
        by_code = {group.code: group for group in self.groups}
        aliases: dict[str, str] = {}
        for group in self.groups:
            names = [group.code, group.label, group.short_label]
            names += [alias.strip() for alias in (group.aliases or "").split("|")]
            for name in filter(None, map(_plain, names)):
                aliases.setdefault(name, group.code)
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_aliases", aliases)

    _by_code: dict[str, EthnicGroup] = field(init=False, repr=False, compare=False)
    _aliases: dict[str, str] = field(init=False, repr=False, compare=False)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and all(part in self._by_code for part in code.split("+"))

    def __getitem__(self, code: str) -> EthnicGroup:
        """The group of one code, not of several joined.

        Raises
        ------
        UnknownGroupError
            If the classification has no such code.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownGroupError(self._unknown(code, self._by_code)) from None

    @property
    def broad(self) -> list[str]:
        """The codes of the five broad groups, in order."""
        return [group.code for group in self.groups if group.level == "broad"]

    @property
    def detailed(self) -> list[str]:
        """The codes of the nineteen detailed groups, in order."""
        return [group.code for group in self.groups if group.level == "detailed"]

    def resolve(self, label: str) -> str:
        """The code of a label as a source prints it.

        Parameters
        ----------
        label
            Such as "Black or Black British: African", "BLACK AFRICAN" or "Any other Asian
            background". Case, punctuation and words such as "women" or "background" don't count.

        Raises
        ------
        UnknownGroupError
            If no group has such an alias; the message names the nearest ones.
        """
        plain = _plain(label)
        for candidate in (plain, _plain(_LABEL_NOISE.sub(" ", plain))):
            if candidate in self._aliases:
                return self._aliases[candidate]
        bare = {_plain(_LABEL_NOISE.sub(" ", alias)): code for alias, code in self._aliases.items()}
        found = bare.get(_plain(_LABEL_NOISE.sub(" ", plain)))
        if found:
            return found
        raise UnknownGroupError(self._unknown(label, self._aliases))

    def canonical(self, code: str) -> str:
        """A code with its parts in the classification's order ("black-african+black-caribbean")."""
        return "+".join(sorted(code.split("+"), key=lambda part: self[part].order))

    def members(self, code: str) -> frozenset[str]:
        """The smallest groups that a code covers, as codes.

        A broad group covers its detailed groups; an aggregate what it is made of.
        """
        covered: set[str] = set()
        for part in code.split("+"):
            group = self[part]
            if group.members:
                for member in group.members.split():
                    covered |= self.members(member)
            elif group.level == "broad":
                covered |= {g.code for g in self.groups if g.parent == part}
            else:
                covered.add(part)
        return frozenset(covered)

    def overlap(self, one: str, other: str) -> bool:
        """True where some people belong to both groups, so that they can't be set apart."""
        return bool(self.members(one) & self.members(other))

    def within(self, code: str, codes: Iterable[str]) -> list[str]:
        """Those of ``codes`` that are about a group: itself, its parts, and what joins it.

        For a broad group its detailed groups count too ("black" holds "black-african"); for an
        aggregate only the aggregate itself.
        """
        wanted = self.members(code)
        return [
            other
            for other in codes
            if other == code
            or code in other.split("+")
            or (self[code].level == "broad" and self.members(other) <= wanted)
        ]

    def broad_of(self, code: str) -> str | None:
        """The broad group that a code lies in, or None where it spans several."""
        parts = {self[part].parent or part for part in code.split("+")}
        only = parts.pop() if len(parts) == 1 else None
        if only == "south-asian":
            return "asian"
        return only if only in self.broad else None

    def order(self, code: str) -> tuple[int, int]:
        """A sort key: alphabetical within broad groups, joined groups after single ones."""
        parts = code.split("+")
        return (max(self[part].order for part in parts) if parts else 0, len(parts))

    def sort(self, codes: Iterable[str]) -> list[str]:
        """Codes in the order in which they are listed."""
        return sorted(codes, key=self.order)

    def short(self, code: str) -> str:
        """A label for an axis, a cell or a list: "Black African"."""
        if "+" not in code:
            return self[code].short_label
        return _join([self[part].short_label for part in code.split("+")])

    def people(self, code: str, noun: str = "people") -> str:
        """The group as people: "people from the Bangladeshi ethnic group".

        Parameters
        ----------
        code
            A code, or several joined with "+".
        noun
            Who is counted: "people", "women", "babies".
        """
        if "+" not in code:
            return f"{noun} {self[code].people}"
        parts = [self[part] for part in code.split("+")]
        article = "the " if all(part.level == "detailed" for part in parts) else ""
        names = _join([part.short_label for part in parts])
        return f"{noun} from {article}{names} ethnic groups"

    @staticmethod
    def _unknown(asked: str, known: Iterable[str]) -> str:
        near = difflib.get_close_matches(_plain(asked), list(known), n=3, cutoff=0.6)
        hint = f" Did you mean: {', '.join(near)}?" if near else ""
        return f"no ethnic group is called {asked!r}.{hint}"


def _plain(label: str) -> str:
    """A label in lower case without punctuation, so that spelling variants meet."""
    return re.sub(r"[^a-z0-9]+", " ", label.casefold()).strip()


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
