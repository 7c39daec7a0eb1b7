"""The one way in which a reviewer's step is taken: the right is asked for again each time."""

from __future__ import annotations

from typing import Any

import streamlit as st
from pydantic import ValidationError

from evidence.outcomes import EventKind, Role
from evidence.publication import Known, known
from evidence.review import IllegalStepError, Step
from loaders.submissions import (
    NotFoundError,
    SomebodyWasFasterError,
    StoreUnavailableError,
    SuggestionStore,
    UnreadableError,
)
from loaders.submissions.published import with_published
from pages.shared.community import seen_now, suggestion_store
from pages.shared.data import evidence_base, figure_digest
from pages.shared.sign_in import certain_reviewer

FASTER = (
    "Somebody else took a step with this suggestion after you opened it. Yours was not taken. "
    "What they did stands in the history below, and what you wrote is still here: look again, "
    "and send it once more if it is still right."
)


class NoRightError(RuntimeError):
    """Nobody is signed in who may review."""


def store_for_reviewer() -> SuggestionStore:
    """The database, for someone who may review; every read of what is private comes this way.

    Raises
    ------
    NoRightError
        If nobody is signed in who may review.
    StoreUnavailableError
        If the database can't be opened, or can't say whether a link is still good.
    """
    if certain_reviewer() is None:
        raise NoRightError("You are not signed in any more.")
    return suggestion_store()


def known_now() -> Known:
    """What the evidence base holds, for a new figure to refer to."""
    base, now = evidence_base(), seen_now().published
    held = known(
        base.figures,
        base.sources,
        base.indicators,
        base.areas,
        base.ethnic_groups,
        digest_of=figure_digest,
    )
    return with_published(held, now) if now else held


def take(reference: str, kind: EventKind, seen: int, **content: Any) -> bool:
    """Take a step as the reviewer who is signed in; says on the page how it went.

    Parameters
    ----------
    reference
        The reference number of the suggestion.
    kind
        What is done.
    seen
        The last event that the reviewer saw.
    content
        What else the step holds, as in :class:`evidence.review.Step`.

    Returns
    -------
    Whether it was taken. Nothing that was typed is lost where it was not.
    """
    checks = kind in {EventKind.PREPARED, EventKind.PUBLISHED, EventKind.CLEARED}
    try:
        who = certain_reviewer()
        if who is None:
            return _say(
                "You are not signed in any more. Nothing was added: sign in, and try again."
            )
        step = Step(kind=kind, role=Role.REVIEWER, who=who.identity, **content)
        suggestion_store().step(reference, step, seen, known_now() if checks else None)
    except SomebodyWasFasterError:
        return _say(FASTER)
    except (IllegalStepError, NotFoundError, UnreadableError) as error:
        return _say(str(error))
    except ValidationError as error:
        return _say(" ".join(each["msg"] for each in error.errors(include_url=False)))
    except StoreUnavailableError:
        return _say("The database can't be reached, so nothing was added. Try again soon.")
    state = st.session_state
    state["review_round"] = round_now() + 1
    state["review_notice"] = ("done", f"{kind.label}.")
    return True


def _say(message: str) -> bool:
    st.session_state["review_notice"] = ("error", message)
    return False


def show_notice() -> None:
    """How the last step went."""
    how, message = st.session_state.get("review_notice", ("", ""))
    if how == "error":
        st.error(message.replace("`", "'"), title="That was not done")
    elif how == "done":
        st.success(message)


def round_now() -> int:
    """How many steps this session took: what is typed for one step is not there for the next."""
    return int(st.session_state.get("review_round", 0))


def key(number: int, name: str) -> str:
    """The name of a widget of a suggestion's steps in the session state."""
    return f"review_{number}_{round_now()}_{name}"
