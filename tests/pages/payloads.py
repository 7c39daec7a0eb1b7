"""What people could write to do harm, and what of it must never be on a page as it stands."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from streamlit.testing.v1 import AppTest

from evidence.attachments import examine
from evidence.models import Figure
from evidence.outcomes import DeclineReason, EventKind, Role
from evidence.publication import Programme, Publication
from evidence.review import Step
from evidence.submissions import FORMS, FREE_TEXT, Kind, Suggestion, check, clean
from pages.shared import data
from pages.shared.review_draft import Draft, check_draft
from pages.shared.review_steps import known_now

PAYLOADS = {
    "formula": '=HYPERLINK("https://evil.example","click")',
    "script": "<script>window.__ran=1</script>",
    "picture": '<img src="https://evil.example/i.png" onerror="window.__ran=1">',
    "drawing": '"><svg onload=window.__ran=1>',
    "end of parts": "</bdi></dd></td></p></summary><h1>Mine</h1>",
    "Markdown": "[click](https://evil.example/) ![p](https://evil.example/p.png) **loud**",
    "bare link": "https://evil.example/x www.evil.example",
    "directives": ":red[red] :material/home: :smile: $x^2$ `code`",
    "order": "\u202eright\u202c \u2067turned\u2069 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "not seen": "a\u200bb\u200dc\ufeffd\x00e",
    "emoji": "\U0001f9d1\U0001f3ff\u200d\u2695\ufe0f",
    "command": "'; DROP TABLE suggestions; -- {value} %s {{7*7}} ${7*7}",
}
EVERYTHING = " ".join(PAYLOADS.values())
"""All of them, within the limit of the shortest free text; begun as a formula begins."""
KEPT = clean(EVERYTHING, lines=False)
LONG_WORD = "Verylong" * 50

MEANT = re.compile(
    r"(?<!\\)\[click\\?\]\(|!\[p\]|(?<!\\)\*\*loud|:red\[|:material/home|:smile:|(?<!\\)\$x"
    r"|https://evil|www\.evil"
)
"""What Markdown would make of them, where no sign stands before it that takes its meaning."""


class _Tags(HTMLParser):
    """The tags of a piece of HTML that no page of ours writes, and attributes that run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"img", "svg", "iframe", "object", "embed", "form", "base", "meta"}:
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on")]
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name in {"href", "src"} and re.match(r"\s*(javascript|data|vbscript):", value or "")
        ]


def read_as_markdown(page: AppTest) -> list[str]:
    """Every text of a page that Streamlit reads as Markdown: labels, notices, options."""
    told: list[str] = []
    waiting: list[Any] = [page._tree]
    while waiting:
        node = waiting.pop()
        waiting += list(getattr(node, "children", {}).values())
        proto = getattr(node, "proto", None)
        kind = getattr(node, "type", "")
        if kind in {"markdown", "error", "warning", "info", "success", "caption", "alert"}:
            told.append(str(getattr(node, "value", "")))
        for where in (proto, getattr(proto, "expandable", None)):
            told += [str(getattr(where, name, "") or "") for name in ("label", "help", "caption")]
        if kind in {"radio", "button_group", "segmented_control", "pills"}:
            told += [str(each) for each in getattr(node, "options", [])]
    return told


def drawn(page: AppTest) -> str:
    """Everything of a page that the browser reads as HTML."""
    return "\n".join(html.value for html in page.html)


def in_charts(page: AppTest) -> str:
    """Everything that charts are made of."""
    return "\n".join(each.proto.spec for each in page.get("plotly_chart"))


def harmless(page: AppTest, *, shows: str | None = None) -> str:
    """The HTML of a page, on which nothing that people wrote means more than its letters."""
    assert not page.exception, page.exception
    html = drawn(page)
    without_ours = re.sub(r"<script[^>]*>(?!window\.__ran).*?</script>", "", html, flags=re.DOTALL)
    tags = _Tags()
    tags.feed(without_ours)
    assert tags.found == []
    for part in ("<script>window", "<img", "<svg", "<h1>Mine", "\x00", "\u202e"):
        assert part not in html, part
    for text in read_as_markdown(page):
        # What an address asked for stands in a code span, which it can't close.
        assert not MEANT.search(re.sub(r"`[^`]*`", "", text)), text
    charts = in_charts(page)
    for part in ("<a ", "<script", "<img", "<svg", "<h1"):
        assert part not in charts, part
    if shows is not None:
        assert shows in html, shows
    return html


LAMBETH = "E09000022"


def suggested(store, kind=Kind.STATISTIC, **more):
    """A suggestion of a kind with every payload in every field of people's own words."""
    free = {name: EVERYTHING for name in FORMS[kind].fields if name in FREE_TEXT}
    given = {
        "kind": kind,
        "source_url": "https://www.example.org/?a=1&b='2'",
        "disease_area": "maternity",
        "geography_code": LAMBETH,
        "figure_id": "mat-011",
        "contact": "a@example.org",
    }
    made = check(given | free | more)
    assert isinstance(made, Suggestion), made
    file = examine(f"{PAYLOADS['script']}{PAYLOADS['order']}.csv", b"group,rate\n=1+1,2\n")
    return store.add(made, files=[file]).reference


def stepped(store, reference, kind, role=Role.REVIEWER, **holds):
    who = f"bo@example.org {PAYLOADS['script']}" if role is Role.REVIEWER else None
    store.step(reference, Step(kind=kind, role=role, who=who, **holds), base=known_now())


def figures(number: int) -> Publication:
    """Two figures with a source and an indicator of their own, payloads in every text."""
    text = f"{EVERYTHING} {number}"
    draft = Draft(
        common={
            "indicator_id": "+new",
            "source_id": "+new",
            "geography_code": LAMBETH,
            "period": text,
            "age": text,
            "sex": "all",
            "population": text,
            "adjusted_for": text,
            "measure": "rate",
            "unit": text,
            "standardisation": "not-stated",
            "confidence": "secondary",
            "note": text,
            "comparator_label": text,
        },
        groups=[
            {"ethnic_group": code, "ethnic_group_label": text, "value": value, "numerator": count,
             "denominator": "1000"}
            for code, value, count in (("black", "61", "61"), ("white", "32", "32"))
        ],
        source={
            "title": text,
            "authors": text,
            "publisher": text,
            "published": "2026",
            "kind": "community-research",
            "url": "https://www.example.org/?a=%22&b='2'",
            "licence": text,
            "accessed": "2026-03-14",
            "note": text,
        },
        indicator={
            "name": text,
            "disease_area": "maternity",
            "life_stage": "starting-well",
            "definition": text,
            "measure": "rate",
            "unit": text,
            "direction": "higher-is-worse",
            "people": text.replace("{", "(").replace("}", ")"),
            "outcome": text,
            "phrase": "it holds {value} and {people} " + KEPT.replace("{", "(").replace("}", ")"),
            "caveats": text,
        },
    )  # fmt: skip
    made, errors = check_draft(draft, Kind.STATISTIC, number, None, known_now())
    assert made is not None, errors
    return made


def publish(store, reference, publication):
    for kind, holds in (
        (EventKind.TAKEN, {"words": EVERYTHING}),
        (EventKind.PREPARED, {"publication": publication, "words": EVERYTHING}),
        (EventKind.ACCEPTED, {"words": EVERYTHING}),
        (EventKind.PUBLISHED, {"words": EVERYTHING}),
    ):
        stepped(store, reference, kind, **holds)


def filled(store):
    """Put every payload into every field of every suggestion and review of an empty database.

    Gives the reference number of each suggestion by what became of it, and under "whole" the
    figures that are published. The database is the one that DATABASE_URL names.
    """
    found = {"published": suggested(store)}
    whole = figures(1)
    publish(store, found["published"], whole)
    found["programme"] = suggested(store, Kind.PROGRAMME)
    acts = Programme(
        name=KEPT,
        run_by=KEPT,
        does=KEPT,
        outcomes=KEPT,
        url="https://www.example.org/?a=%22&b='2'",
        disease_area="maternity",
        areas=("Lambeth",),
        ethnic_group="black",
    )
    publish(store, found["programme"], Publication(programme=acts))
    found["correction"] = suggested(store, Kind.CORRECTION)
    row = data.evidence_base().figures.set_index("figure_id", drop=False).loc["mat-011"]
    right = {name: row[name] for name in Figure.model_fields if row[name] == row[name]}
    right |= {"correction": KEPT, "note": KEPT}
    publish(store, found["correction"], Publication(figures=(Figure.model_validate(right),)))
    found["declined"] = suggested(store, Kind.RESEARCH)
    stepped(store, found["declined"], EventKind.TAKEN)
    stepped(
        store, found["declined"], EventKind.CORRECTED, words=EVERYTHING, fields={"notes": KEPT[:99]}
    )
    stepped(
        store,
        found["declined"],
        EventKind.DECLINED,
        reason=DeclineReason.NO_SOURCE,
        words=EVERYTHING,
    )
    stepped(store, found["declined"], EventKind.APPEALED, Role.SENDER, words=EVERYTHING)
    found["merged"] = suggested(store, Kind.READ)
    stepped(store, found["merged"], EventKind.TAKEN)
    stepped(store, found["merged"], EventKind.MERGED, into=found["declined"], words=EVERYTHING)
    found["asked"] = suggested(store, notes=LONG_WORD)
    stepped(store, found["asked"], EventKind.TAKEN)
    stepped(store, found["asked"], EventKind.NOTED, words=EVERYTHING)
    stepped(store, found["asked"], EventKind.ASKED, words=EVERYTHING)
    stepped(store, found["asked"], EventKind.ANSWERED, Role.SENDER, words=EVERYTHING)
    stepped(store, found["asked"], EventKind.ASKED, words=EVERYTHING)
    return found | {"whole": whole}
