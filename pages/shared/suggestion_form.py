"""The form of *Suggest evidence*: its questions, its lists, and what an address fills in."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from evidence.ethnicity import Classification, UnknownGroupError
from evidence.submissions import LONDON
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase

QUESTIONS = {
    "statement": ("What does it say?", "Copy the words and numbers. Say who, where and when."),
    "source_title": ("Where is it from?", "A report, website or group. Or what you remember."),
    "source_url": ("Web address (optional)", "If you have it, so that we can look."),
    "disease_area": ("Health topic (optional)", "The nearest one on the list."),
    "geography_code": ("Part of London (optional)", "One borough, or all of London."),
    "ethnic_group": ("Ethnic group (optional)", "The people that it is about."),
    "notes": ("Anything else? (optional)", "Such as how you came across it. Please give no names."),
    "contact": ("Email or phone (optional)", "Only if you are happy for us to write or call."),
}
"""Each field's question and hint. The question is short: it stays on one line on a phone."""

ABOUT = {
    "about_area": ("disease_area", "health topic"),
    "about_borough": ("geography_code", "part of London"),
    "about_group": ("ethnic_group", "ethnic group"),
}
"""What an address may fill in: the field, and what the notice calls it."""

_HEIGHT = {"statement": 160, "notes": 110}
_AUTOCOMPLETE = {"source_url": "url", "contact": "email"}

STYLE = """<style>
.st-key-suggest_form label p::first-line {font-weight: 700; font-size: 1.1rem}
.st-key-suggest_form label strong {color: light-dark(#a8071a, #ff9c93)}
.st-key-suggest_form {max-width: 46rem}
.suggest-reference {font-size: clamp(1.5rem, 9vw, 3rem); font-weight: 700; margin: 0}
</style>"""

_FOCUS = """<script data-attempt="%d">setTimeout(() => {
  const notice = document.querySelector('.st-key-suggest_notice');
  if (!notice?.textContent.trim()) return;
  notice.tabIndex = -1;
  notice.focus();
  notice.scrollIntoView({block: 'center'});
  notice.querySelectorAll('a').forEach(link => { link.onclick = () => {
    const field = '.st-key-' + link.getAttribute('href').slice(1);
    document.querySelector(field + ' textarea, ' + field + ' input')?.focus();
    return false;
  }; });
}, 150)</script>"""


def key(field: str) -> str:
    """The name of a field's widget in the session state."""
    return f"suggest_{field}"


def choices(base: EvidenceBase) -> dict[str, dict[str, str]]:
    """For each field with a list: each code with its label. An empty code is "not sure"."""
    groups = base.groups
    labels = {code: f"{groups.short(code)} (all groups)" for code in groups.broad}
    asked = _group(groups, st.query_params.get("about_group", ""))
    for code in (*groups.detailed, asked, st.session_state.get(key("ethnic_group"))):
        if code and code in groups:
            labels.setdefault(code, groups.short(code))
    boroughs = zip(base.boroughs["borough_code"], base.boroughs["name"], strict=True)
    return {
        "disease_area": {"": "Not sure"} | {area.value: area.label for area in DiseaseArea},
        "geography_code": {"": "Not sure", LONDON: "All of London"} | dict(boroughs),
        "ethnic_group": {"": "Not sure, or more than one"}
        | {code: labels[code] for code in groups.sort(labels)},
    }


def fill_from_address(base: EvidenceBase, lists: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Take topic, place and group from the address, once; codes, slugs and labels are understood.

    A new address puts an earlier receipt away: the reader came for another form. Returns a
    notice, as Markdown, for each value that is not known.
    """
    notices = []
    names = (*ABOUT, "about_figure")
    asked = {name: st.query_params[name] for name in names if st.query_params.get(name)}
    new = asked != st.session_state.get("suggest_asked", {})
    st.session_state.suggest_asked = dict(asked)
    if new and asked:
        st.session_state.pop("suggest_receipt", None)
    figure = asked.pop("about_figure", "")
    if new and (base.figures["figure_id"] == figure).any():
        st.session_state[key("notes")] = f"This is about figure {figure}."
    slugs = dict(zip(base.boroughs["slug"], base.boroughs["borough_code"], strict=True))
    for name, value in asked.items():
        field, called = ABOUT[name]
        codes = {label.casefold(): code for code, label in lists[field].items()}
        code = codes.get(value.casefold(), slugs.get(value, value))
        if field == "ethnic_group":
            code = _group(base.groups, value) or value
        if code not in lists[field]:
            shown = " ".join(value.replace("`", "'").split())[:60]
            notices.append(f"We know no {called} called `{shown}`. Choose one in the form below.")
        elif new:
            st.session_state[key(field)] = code
    return notices


def _group(groups: Classification, asked: str) -> str | None:
    try:
        return groups.canonical(asked) if asked in groups else groups.resolve(asked)
    except UnknownGroupError:
        return None


def ask(field: str, lists: Mapping[str, Mapping[str, str]], error: str | None = None) -> None:
    """Show a field. Its error is part of its label, so that screen readers tie it to the field.

    Nothing is cut off while people type: the length is checked when the form is sent, and what
    was typed stays. The value outlives a change of page.
    """
    label = "  \n".join([*QUESTIONS[field], *([f"**Error: {error}**"] if error else [])])
    name = key(field)
    if field in lists:
        listed = lists[field]
        st.selectbox(
            label,
            list(listed),
            format_func=lambda code: listed[code],
            key=name,
            persist_state="session",
        )
    elif field in _HEIGHT:
        st.text_area(label, key=name, height=_HEIGHT[field], persist_state="session")
    else:
        st.text_input(
            label, key=name, autocomplete=_AUTOCOMPLETE.get(field, "off"), persist_state="session"
        )


def move_focus(attempt: int) -> None:
    """After a form is sent, bring the reader to the notice; its links lead to their fields.

    The script is ours and holds nothing that anyone typed; ``attempt`` makes it run anew.
    """
    st.html(_FOCUS % attempt, unsafe_allow_javascript=True)
