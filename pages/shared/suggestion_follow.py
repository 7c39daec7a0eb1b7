"""One suggestion as its sender sees it: where it stands, what happened, and what they can do.

Who holds the reference number sees what was sent, for the number is the secret. Contact details,
reviewers' names and notes, and the reference numbers of others are not shown to anyone here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st
from pydantic import ValidationError

from evidence.days import day_words
from evidence.history import HELD_BY_REASON, held_answers, held_by_hand, on_pages, published_by
from evidence.outcomes import EventKind, Role, State
from evidence.privacy import Span, find
from evidence.public_log import MergedInto
from evidence.review import SENDER_WORDS, Event, IllegalStepError, Step, allowed
from evidence.submissions import FORMS
from loaders.open import EvidenceBase
from loaders.submissions import (
    SomebodyWasFasterError,
    StoredSuggestion,
    StoreUnavailableError,
    TooManyError,
    UnreadableError,
)
from pages.shared.community import suggestion_store
from pages.shared.figures import told
from pages.shared.html import description_list, user_text
from pages.shared.suggestion_log import into_words, published_links
from pages.shared.suggestion_questions import answer_words, question
from pages.shared.suggestion_store import count_against_limit, log_trouble, public_log

OURS = frozenset({EventKind.NOTED, EventKind.PREPARED})
"""The steps that are between reviewers."""

WORDS = {
    EventKind.ANSWERED: ("Your answer", "Only our reviewers see it.", "Send my answer"),
    EventKind.APPEALED: (
        "Why do you think the decision is wrong?",
        "A reviewer reads it and looks again. Only our reviewers see it.",
        "Appeal",
    ),
}
"""What is asked of a sender who answers or appeals: question, hint and button."""

ONLY_REVIEWERS = "If you send it, only our reviewers see it."
"""Who sees an answer or an appeal with something private in it."""


def to_sender(words: str) -> str:
    """Words about the sender, said to the sender."""
    said = words.replace("an answer from the sender", "your answer")
    return said.replace("by the sender", "by you").replace("The sender", "You")


def show_state(one: StoredSuggestion, base: EvidenceBase) -> None:
    """Where it stands, in a sentence; why, where it was decided; and what is held back."""
    st.html(f'<p class="finding">Your suggestion is {escape(to_sender(one.state.label))}.</p>')
    decided = one.public
    parts = []
    if decided.reason:
        parts.append(f"<p><strong>{escape(decided.reason.label)}</strong></p>")
    if decided.words:
        parts.append(f"<p>{user_text(decided.words)}</p>")
    if into := _merged_into(one):
        parts.append(into_words(into, base))
    if links := published_links(decided, base):
        parts.append(f"<p>See what we published: {links}</p>")
    held = held_answers(one.suggestion, one.events)
    if published_by(one.events) and not on_pages(one.events):
        parts.append("<p>What we published of it is off the pages until a reviewer decides.</p>")
    if held_by_hand(one.suggestion, one.events):
        parts.append("<p>A reviewer holds back what it says, so it is not public.</p>")
    elif any(HELD_BY_REASON in kinds for kinds in held.values()):
        parts.append("<p>What it says is not public because of why it was declined.</p>")
    elif held and decided.is_open:
        parts.append(
            "<p>Part of it looks private. It is held back until a reviewer has looked at it.</p>"
        )
    if parts:
        st.html(f"<div class='suggest-note'>{''.join(parts)}</div>")


def _merged_into(one: StoredSuggestion) -> MergedInto | None:
    """Where a merged suggestion lives on, as the public log has it."""
    if one.state is not State.MERGED:
        return None
    try:
        entries = public_log().entries
    except StoreUnavailableError:
        log_trouble("where a suggestion was merged could not be looked up")
        return None
    return next((entry.into for entry in entries if entry.number == one.number), None)


def show_history(one: StoredSuggestion) -> None:
    """Each step with its day, without the names of those who took it."""
    items = "".join(_item(event) for event in one.events if event.kind not in OURS)
    st.html(f"<h2>What happened</h2><ol class='suggest-history'>{items}</ol>")


def _item(event: Event) -> str:
    said = event.words if event.kind in SENDER_WORDS else None
    reason = f"<p>{escape(event.reason.label)}</p>" if event.reason else ""
    words = f"<p>{user_text(said)}</p>" if said else ""
    head = f"<p><strong>{escape(to_sender(event.kind.label))}</strong> {day_words(event.at)}</p>"
    return f"<li>{head}{reason}{words}</li>"


def show_sent(one: StoredSuggestion, lists: Mapping[str, Mapping[str, str]]) -> None:
    """What was sent, without contact details."""
    kind = one.suggestion.kind
    pairs = [("What it is", escape(kind.label))]
    for field in FORMS[kind].fields:
        text = answer_words(field, getattr(one.suggestion, field), lists)
        if text and field != "contact":
            asked = question(kind, field)[0].removesuffix(" (optional)")
            shown = user_text(text) + (told(text) if field == "figure_id" else "")
            pairs.append((asked, shown))
    names = "<br>".join(f"<bdi>{escape(file.name)}</bdi>" for file in one.files)
    pairs.append(("Files", names))
    kept = "We have one. Only our reviewers see it." if one.suggestion.contact else "We have none."
    pairs.append(("Email or phone", kept))
    st.html("<h2>What you sent</h2>" + description_list(pairs, raw=[name for name, _ in pairs]))


def show_choices(one: StoredSuggestion) -> None:
    """What the sender can do now: answer, appeal, withdraw."""
    can = allowed(one.events, Role.SENDER)
    for kind, (asked, hint, button) in WORDS.items():
        if kind not in can:
            continue
        with st.container(key="follow_form"):
            if kind is EventKind.ANSWERED:
                asking = next(e for e in reversed(one.events) if e.kind is EventKind.ASKED)
                question_words = user_text(asking.words or "")
                st.html(f"<h2>A reviewer has a question</h2><p>{question_words}</p>")
            else:
                shown = one.public.figures or one.public.programme
                stays = " What we published stays on the pages meanwhile." if shown else ""
                st.html(f"<h2>Do you disagree?</h2><p>You can ask us to look again.{stays}</p>")
            error = st.session_state.get("follow_error")
            label = "  \n".join([asked, hint, *([f"**Error: {error}**"] if error else [])])
            st.text_area(label, key="follow_words", height=140, persist_state="session")
            if private := pointed_out():
                st.html(_marked(str(st.session_state.follow_words), private))
            label = "Send all the same" if private else button
            st.button(label, on_click=take, args=(one, kind), type="primary")
    if EventKind.WITHDRAWN in can:
        with st.expander("Withdraw my suggestion"):
            st.html(
                "<p>We stop looking at it, and what you wrote is not shown in the public log. "
                "This can't be undone; you can suggest it again.</p>"
            )
            st.button("Withdraw it", on_click=take, args=(one, EventKind.WITHDRAWN))


def pointed_out() -> list[Span]:
    """What looks private in the words that the sender was about to send, while they stand."""
    words = st.session_state.get("follow_words")
    return find(words) if words and words == st.session_state.get("follow_pointed_out") else []


def _marked(words: str, private: list[Span]) -> str:
    """What was typed, with what looks private marked, and the reasons."""
    reasons = dict.fromkeys(span.reason for span in private)
    told = "".join(f"<p class='suggest-private'>{escape(reason)}</p>" for reason in reasons)
    return f"<p>{user_text(words, [(span.start, span.end) for span in private])}</p>{told}"


def take(one: StoredSuggestion, kind: EventKind) -> None:
    """Take a step as the sender. However often the button is pressed, it is taken once.

    Words that look private are pointed out first, and taken with the next press.
    """
    state = st.session_state
    state.follow_attempt = state.get("follow_attempt", 0) + 1
    words = state.get("follow_words") if kind in WORDS else None
    state.follow_error = state.follow_done = None
    if words and find(words) and state.get("follow_pointed_out") != words:
        state.follow_pointed_out = words
        return
    done = _attempt(lambda: step_once(one, kind, words))
    if done:
        state.follow_done = {
            EventKind.ANSWERED: "Thank you. Your answer is saved.",
            EventKind.APPEALED: "Your appeal is saved. A reviewer will look again.",
            EventKind.WITHDRAWN: "Your suggestion is withdrawn.",
        }[kind]
        state.follow_words = ""
        state.follow_pointed_out = None


def step_once(one: StoredSuggestion, kind: EventKind, words: str | None) -> None:
    """Add a step to a suggestion as the sender saw it; the same step again adds nothing.

    Raises as :meth:`SuggestionStore.step`, and TooManyError.
    """
    count_against_limit("step")
    wanted = Step(kind=kind, role=Role.SENDER, words=words)
    store, reference = suggestion_store(), one.receipt.reference
    try:
        store.step(reference, wanted, seen=one.last)
    except SomebodyWasFasterError:
        now = store.get(reference)
        # A second press before the page came back: the first one took the step.
        again = now and (now.events[-1].kind, now.events[-1].words) == (kind, wanted.words)
        if not again:
            raise


def _attempt(action: Callable[[], None]) -> bool:
    """Do something; what went wrong is noted in words, and what was typed stays."""
    state = st.session_state
    try:
        action()
    except ValidationError as error:
        state.follow_error = error.errors()[0]["msg"]
    except (IllegalStepError, TooManyError) as error:
        state.follow_error = str(error)
    except SomebodyWasFasterError:
        state.follow_error = (
            "Something happened to your suggestion since you opened this page. "
            "Look at it again below. What you wrote is still here."
        )
    except UnreadableError as error:
        state.follow_error = f"{error} Please try again another day."
    except StoreUnavailableError:
        log_trouble("a sender's step could not be kept")
        state.follow_error = "We could not save it. Please try again in a few minutes."
    else:
        return True
    return False
