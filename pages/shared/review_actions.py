"""What a reviewer can do now, one form at a time, each with its why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from evidence.history import TAKES_DOWN, comes_back, held_by_hand, on_pages, published_by
from evidence.outcomes import DeclineReason, EventKind, Role, State
from evidence.review import (
    CORRECTABLE,
    GONE,
    OPEN,
    PUBLIC_WORDS,
    SENDER_WORDS,
    Rules,
    allowed,
    barred_by_appeal,
)
from evidence.submissions import FORMS, PUBLIC_ANSWERS, Kind
from evidence.vocabulary import DiseaseArea
from loaders.submissions import StoredSuggestion
from pages.shared.data import Tables
from pages.shared.review_fields import group_options
from pages.shared.review_prepare import ask_what_is_published
from pages.shared.review_steps import key, take
from pages.shared.review_text import ANSWERS, places
from pages.shared.sign_in import Reviewer

DO = {
    EventKind.TAKEN: ("Start looking", "Why (optional)"),
    EventKind.NOTED: ("Write a note", "The note"),
    EventKind.CLEARED: ("Clear what is held back", "Why everyone may read this"),
    EventKind.HELD: ("Hold back what it says", "Why it is held back"),
    EventKind.CORRECTED: ("Correct an answer", "Why it is corrected"),
    EventKind.ASKED: ("Ask the sender", "The question"),
    EventKind.PREPARED: ("Prepare for publication", "Why (optional)"),
    EventKind.ACCEPTED: ("Accept what is prepared", "Why (optional)"),
    EventKind.PUBLISHED: ("Publish", "Why (optional)"),
    EventKind.PUT_RIGHT: ("Say that it is put right", "What was put right, in your own words"),
    EventKind.DECLINED: ("Decline", "Why, in your own words"),
    EventKind.MERGED: ("Merge into another", "Why the two are the same"),
    EventKind.REOPENED: ("Reopen", "Why it is reopened"),
}
"""For each step its button, and what is asked for its why; in the order of the list."""

SHOWN_THEN = (
    "From then on everyone can read in the public log what was suggested and where it is from"
)

NOT_YET = (
    "When you have started looking you can also ask the sender, prepare what will be published, "
    "and say that something is put right."
)
"""What a reviewer can do only after the first step."""

HINTS = {
    EventKind.TAKEN: (
        f"{SHOWN_THEN} (not the notes, files or contact). If they must not, hold it back first, "
        "correct it, or decline it as private, as advertising or as an attack."
    ),
    EventKind.NOTED: "Nobody but reviewers sees that there is a note.",
    EventKind.CLEARED: (
        "Only if it tells nothing of anyone. Else correct it. What was accepted has to be accepted "
        "again. Once a reviewer has looked at the "
        "suggestion, everyone can read what you clear."
    ),
    EventKind.HELD: (
        "For what must not be public and is not marked above. It leaves the public log at once, "
        "with the reasons that reviewers wrote for everyone, for they may quote it. Nothing of it "
        "can be published until a reviewer corrects or clears it."
    ),
    EventKind.CORRECTED: (
        f"{SHOWN_THEN}, as corrected. What was sent is kept beside it for reviewers and the sender."
    ),
    EventKind.ASKED: "The sender sees it with the reference number, and can answer there.",
    EventKind.PREPARED: "Only reviewers see it until it is published.",
    EventKind.ACCEPTED: "You accept exactly what is shown above as prepared.",
    EventKind.PUBLISHED: "It is on the pages at once, for everyone.",
    EventKind.PUT_RIGHT: (
        "For what is right and brings no new number: a title, a label, a definition. First have it "
        "changed in the tables. Say what it was and what it is now."
    ),
    EventKind.DECLINED: (
        f"{SHOWN_THEN}, and why you declined it. What was suggested stays hidden if the reason is "
        "that it tells about people, advertises something or attacks people. After an appeal it "
        "stays so until a reviewer clears or corrects it."
    ),
    EventKind.MERGED: (
        f"{SHOWN_THEN}. The log and the sender's page give the public number of the other one."
    ),
    EventKind.REOPENED: "The sender and everyone see that it is being checked again.",
}
"""What each step does, and who sees more because of it."""


def who_reads(kind: EventKind, *, held: bool = False) -> str:
    """Who can read the words of a step; ``held`` if a reviewer holds an answer back by hand."""
    if kind in PUBLIC_WORDS and held:
        return (
            "The sender can read this, and everyone once what is held back is cleared or corrected"
        )
    if kind in PUBLIC_WORDS:
        return "Everyone can read this, in the public log"
    return "The sender can read this" if kind in SENDER_WORDS else "Only reviewers read this"


def show_actions(
    one: StoredSuggestion,
    who: Reviewer,
    others: Sequence[StoredSuggestion],
    alike: Sequence[StoredSuggestion],
    held: Tables,
    rules: Rules,
) -> None:
    """The steps that the reviewer may take, and the form of the one that they chose.

    Parameters
    ----------
    one
        The suggestion.
    who
        The reviewer.
    others, alike
        Every other suggestion, and those that look alike.
    held
        The evidence base.
    rules
        How many reviewers must accept.
    """
    may = allowed(one.events, Role.REVIEWER, who.identity, rules)
    if EventKind.CLEARED in may and not one.held and not _is_off(one):
        may = tuple(kind for kind in may if kind is not EventKind.CLEARED)
    options = [kind for kind in DO if kind in may]
    if one.state in OPEN and barred_by_appeal(one.events, who.identity, rules):
        st.info("You took the decision that the sender appeals. Another reviewer decides now.")
    elif one.state in {State.ACCEPTED_ONCE, State.ACCEPTED} and not (
        {EventKind.ACCEPTED, EventKind.PUBLISHED} & set(may)
    ):
        st.info("You have accepted it. A second reviewer must accept it too.")
    if not options:
        st.html("<p>Nothing more can be done with this suggestion.</p>")
        return
    # Plain strings: Streamlit keeps no enumerations from one run to the next.
    asked = st.radio(
        "What do you want to do?",
        [kind.value for kind in options],
        index=_likeliest(options),
        format_func=lambda kind: DO[EventKind(kind)][0],
        key=key(one.number, "do"),
        persist_state="session",
    )
    _say_what_comes_later(options)
    if asked is None:
        return
    chosen = EventKind(asked)
    _say_what_follows(one, chosen)
    if chosen is EventKind.CORRECTED:
        _ask_corrections(one, held)
    elif chosen is EventKind.HELD:
        _ask_answers(one)
    elif chosen is EventKind.DECLINED:
        st.selectbox(
            "Reason",
            [reason.value for reason in DeclineReason],
            index=None,
            format_func=lambda reason: DeclineReason(reason).label,
            key=key(one.number, "reason"),
            placeholder="Choose a reason",
            persist_state="session",
        )
    elif chosen is EventKind.MERGED:
        _ask_into(one, others, alike)
    elif chosen is EventKind.PREPARED and not ask_what_is_published(one, held):
        return
    label, why = DO[chosen]
    by_hand = held_by_hand(one.suggestion, one.events)
    why = f"{why}  \n{who_reads(chosen, held=by_hand)}"
    st.text_area(why, key=key(one.number, f"why_{chosen}"), height=110, persist_state="session")
    st.button(label, type="primary", on_click=_do, args=(one, chosen), key=key(one.number, "go"))


def _is_off(one: StoredSuggestion) -> bool:
    """Whether what was published of a suggestion is off the pages because it is held back."""
    return published_by(one.events) is not None and on_pages(one.events) is None


def _say_what_follows(one: StoredSuggestion, kind: EventKind) -> None:
    """What a step does, and what comes of it for what is published."""
    if hint := HINTS.get(kind):
        st.html(f"<p>{hint}</p>")
    if kind in TAKES_DOWN | {EventKind.HELD} and on_pages(one.events):
        until = ", until a reviewer clears it" if kind is EventKind.HELD else ""
        st.html(f"<p>What is published of it goes from the pages at once{until}.</p>")
    out = on_pages(one.events)
    if kind in TAKES_DOWN | {EventKind.HELD} and out and (out.sources or out.indicators):
        st.html(
            "<p>Other published figures that use its sources or indicators keep a copy of their "
            "words. Hold those figures back too if the words must not be public.</p>"
        )
    if kind is EventKind.CLEARED and comes_back(one.events):
        st.html("<p>What was published of it is on the pages again at once.</p>")


def _say_what_comes_later(options: Sequence[EventKind]) -> None:
    """What is not in the list yet, so that nobody looks for it in vain."""
    if EventKind.TAKEN in options and EventKind.PUT_RIGHT not in options:
        st.html(f"<p>{NOT_YET}</p>")


def _likeliest(options: Sequence[EventKind]) -> int | None:
    """The place of the step that can only come next; None while the reviewer has to decide."""
    next_ones = (EventKind.PUBLISHED, EventKind.TAKEN, EventKind.ACCEPTED)
    return next((options.index(kind) for kind in next_ones if kind in options), None)


def _do(one: StoredSuggestion, kind: EventKind) -> None:
    """Take the step with what stands in its form."""
    state = st.session_state
    content: dict[str, object] = {"words": state.get(key(one.number, f"why_{kind}")) or None}
    if kind is EventKind.CORRECTED:
        content["fields"] = _corrections(one) or None
    elif kind is EventKind.DECLINED:
        content["reason"] = state.get(key(one.number, "reason"))
    elif kind is EventKind.MERGED:
        content["into"] = state.get(key(one.number, "into"))
    elif kind is EventKind.HELD:
        content["answers"] = tuple(state.get(key(one.number, "answers"), ())) or None
    elif kind is EventKind.PREPARED:
        content["publication"] = state.get(key(one.number, "checked"))
    take(one.receipt.reference, kind, one.last, **content)


def _fields(kind: Kind) -> list[str]:
    return [name for name in FORMS[kind].fields if name in CORRECTABLE]


def _ask_corrections(one: StoredSuggestion, held: Tables) -> None:
    now, base = one.corrected, held.base
    kind = st.selectbox(
        ANSWERS["kind"],
        [each.value for each in Kind],
        index=list(Kind).index(now.kind),
        format_func=lambda each: Kind(each).label,
        key=key(one.number, "new_kind"),
        persist_state="session",
    )
    lists: dict[str, dict[str, str]] = {
        "disease_area": {area.value: area.label for area in DiseaseArea},
        "geography_code": places(base),
        "ethnic_group": group_options(base),
    }
    for field in _fields(Kind(kind or now.kind)):
        name = key(one.number, f"new_{field}")
        st.session_state.setdefault(name, str(getattr(now, field) or ""))
        if field in lists:
            options = {"": "Not sure"} | lists[field]
            if st.session_state[name] not in options:
                options[st.session_state[name]] = str(st.session_state[name])
            st.selectbox(
                ANSWERS[field],
                list(options),
                format_func=options.__getitem__,
                key=name,
                persist_state="session",
            )
        else:
            st.text_area(ANSWERS[field], key=name, height="content", persist_state="session")


def _ask_answers(one: StoredSuggestion) -> None:
    """Which of the answers that everyone could read are held back; all of them, to begin with."""
    name = key(one.number, "answers")
    given = [field for field in PUBLIC_ANSWERS if getattr(one.corrected, field)]
    st.session_state.setdefault(name, given)
    st.multiselect(
        "Hold back", given, format_func=ANSWERS.__getitem__, key=name, persist_state="session"
    )


def _corrections(one: StoredSuggestion) -> dict[str, str | None]:
    """The answers that stand otherwise in the form than in the suggestion."""
    state, now = st.session_state, one.corrected
    kind = Kind(state.get(key(one.number, "new_kind")) or now.kind)
    changed: dict[str, str | None] = {}
    if kind is not now.kind:
        changed["kind"] = str(kind)
    for field in _fields(kind):
        text = state.get(key(one.number, f"new_{field}"))
        if text is not None and (text or None) != getattr(now, field):
            changed[field] = str(text) or None
    return changed


def _ask_into(
    one: StoredSuggestion, others: Sequence[StoredSuggestion], alike: Sequence[StoredSuggestion]
) -> None:
    first = [each.receipt.reference for each in alike]
    ends = GONE | {State.MERGED}
    open_ones = {each.receipt.reference: each for each in others if each.state not in ends}
    ordered = [each for each in first if each in open_ones]
    ordered += [each for each in open_ones if each not in first]

    def named(reference: str) -> str:
        now = open_ones[reference].corrected
        words = " ".join((now.statement or now.source_title or "").split())[:80]
        return f"{open_ones[reference].number}: {words}"

    st.selectbox(
        "The other suggestion, those that look alike first",
        ordered,
        index=None,
        format_func=named,
        key=key(one.number, "into"),
        placeholder="Choose a suggestion",
        persist_state="session",
    )
