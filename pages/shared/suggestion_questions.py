"""What *Suggest evidence* asks: the questions of each kind of suggestion, and their lists."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from evidence.ethnicity import Classification, UnknownGroupError
from evidence.submissions import FORMS, LONDON, Kind
from evidence.vocabulary import DiseaseArea
from loaders.open import EvidenceBase

KIND_QUESTION = "What do you want to tell us?"

KIND_HINTS = {
    Kind.STATISTIC: "From a report, a website or an official table.",
    Kind.RESEARCH: "By a community group, a charity, a student or you.",
    Kind.CORRECTION: "Best from the link “Is this wrong?” beside the figure.",
    Kind.PROGRAMME: "Something people do to make health fairer.",
    Kind.READ: "“I read that…, but I don't remember where.” We help you to find it.",
}

_ALL = {
    "source_url": ("Web address", "If you have it, so that we can look."),
    "period": ("When is it from?", "The year or years, such as 2021."),
    "disease_area": ("Health topic", "The nearest one on the list."),
    "geography_code": ("Part of London", "One borough, or all of London."),
    "ethnic_group": ("Ethnic group", "The people that it is about."),
    "notes": ("Anything else?", "Such as how you came across it. Please give no names."),
    "contact": ("Email or phone", "Only if you are happy for us to write or call."),
}

_OWN = {
    Kind.STATISTIC: {
        "statement": ("What does it say?", "Copy the words and numbers. Say who, where and when."),
        "source_title": ("Where is it from?", "A report, website or group."),
    },
    Kind.RESEARCH: {
        "statement": ("What did you find?", "The words and numbers. Say who, where and when."),
        "source_title": ("What is it called?", "The name of the report or survey, or who did it."),
        "method": ("How did you find it?", "How many people took part, and how you asked them."),
        "period": ("When did you ask?", "The month or year."),
    },
    Kind.CORRECTION: {
        "figure_id": ("Which figure is it?", "Its number, such as mat-011, or its web address."),
        "statement": ("What is wrong with it?", "Say what does not look right to you, and why."),
        "should_say": ("What should it say?", "If you know the right number or words."),
        "source_title": ("How do you know?", "A report, website or group that shows it."),
    },
    Kind.PROGRAMME: {
        "source_title": ("What is it called?", "The name of the programme, project or group."),
        "run_by": ("Who runs it?", "A council, an NHS trust, a charity, a community group."),
        "statement": ("What does it do?", "And for whom, and where."),
        "outcomes": ("What has changed?", "If it has reported what came of it."),
    },
    Kind.READ: {
        "statement": ("What did you read or hear?", "Any number, and whom and where it was about."),
        "source_title": (
            "Where did you see it?",
            "What you remember: a website, a poster, a talk, a friend, about when.",
        ),
    },
}
"""Questions are short: each stays on one line on a phone."""


def question(kind: Kind, field: str) -> tuple[str, str]:
    """A field's question and hint; the question says where no answer is needed."""
    asked, hint = _OWN[kind].get(field) or _ALL[field]
    return (asked if field in FORMS[kind].missing else f"{asked} (optional)"), hint


def choices(base: EvidenceBase, chosen: str | None) -> dict[str, dict[str, str]]:
    """For each field with a list: each code with its label. An empty code is "not sure".

    ``chosen`` is an ethnic group that is on the list even where it is not among the usual ones.
    """
    groups = base.groups
    labels = {code: f"{groups.short(code)} (all groups)" for code in groups.broad}
    asked = group_named(groups, st.query_params.get("about_group", ""))
    for code in (*groups.detailed, asked, chosen):
        if code and code in groups:
            labels.setdefault(code, groups.short(code))
    boroughs = zip(base.boroughs["borough_code"], base.boroughs["name"], strict=True)
    return {
        "disease_area": {"": "Not sure"} | {area.value: area.label for area in DiseaseArea},
        "geography_code": {"": "Not sure", LONDON: "All of London"} | dict(boroughs),
        "ethnic_group": {"": "Not sure, or more than one"}
        | {code: labels[code] for code in groups.sort(labels)},
    }


def group_named(groups: Classification, asked: str) -> str | None:
    """The code of an ethnic group from its code or any of its names, else None."""
    try:
        return groups.canonical(asked) if asked in groups else groups.resolve(asked)
    except UnknownGroupError:
        return None


def answer_words(field: str, value: object, lists: Mapping[str, Mapping[str, str]]) -> str:
    """An answer as people read it: the label for a code of a list, else as it was typed."""
    if value is None or value == "":
        return ""
    return lists.get(field, {}).get(str(value), str(value))
