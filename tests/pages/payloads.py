"""What people could write to do harm, and what of it must never be on a page as it stands."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from streamlit.testing.v1 import AppTest

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
