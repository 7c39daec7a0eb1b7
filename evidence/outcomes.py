"""The words for what becomes of a suggestion: states, steps, who takes them, and reasons."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a suggestion stands."""

    NONE = "none"
    RECEIVED = "received"
    CHECKING = "checking"
    WAITING = "waiting"
    ACCEPTED_ONCE = "accepted-once"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    DECLINED = "declined"
    MERGED = "merged"
    PUT_RIGHT = "put-right"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"
    ERASED = "erased"

    @property
    def label(self) -> str:
        """The state in words that fit "the suggestion is ..."."""
        return {
            State.NONE: "not sent yet",
            State.RECEIVED: "received, and not looked at yet",
            State.CHECKING: "being checked",
            State.WAITING: "waiting for an answer from the sender",
            State.ACCEPTED_ONCE: "accepted by one reviewer, and waiting for a second",
            State.ACCEPTED: "accepted, and about to be published",
            State.PUBLISHED: "published",
            State.DECLINED: "declined",
            State.MERGED: "merged into another suggestion",
            State.PUT_RIGHT: "accepted, and what it pointed out is put right",
            State.WITHDRAWN: "withdrawn by the sender",
            State.APPEALED: "appealed by the sender, and waiting for a reviewer",
            State.ERASED: "deleted on request",
        }[self]


class EventKind(StrEnum):
    """A step in the life of a suggestion."""

    RECEIVED = "received"
    TAKEN = "taken"
    NOTED = "noted"
    CLEARED = "cleared"
    HELD = "held"
    CORRECTED = "corrected"
    ASKED = "asked"
    ANSWERED = "answered"
    PREPARED = "prepared"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    DECLINED = "declined"
    MERGED = "merged"
    PUT_RIGHT = "put-right"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"
    REOPENED = "reopened"
    CONTACT_DELETED = "contact-deleted"
    ERASED = "erased"

    @property
    def label(self) -> str:
        """The step in words, as it stands in the history of a suggestion."""
        return {
            EventKind.RECEIVED: "Received",
            EventKind.TAKEN: "A reviewer started to check it",
            EventKind.NOTED: "A reviewer wrote a note",
            EventKind.CLEARED: "A reviewer cleared what was held back",
            EventKind.HELD: "A reviewer held back what it says",
            EventKind.CORRECTED: "A reviewer corrected it",
            EventKind.ASKED: "A reviewer asked a question",
            EventKind.ANSWERED: "The sender answered",
            EventKind.PREPARED: "A reviewer prepared what will be published",
            EventKind.ACCEPTED: "A reviewer accepted it",
            EventKind.PUBLISHED: "Published",
            EventKind.DECLINED: "Declined",
            EventKind.MERGED: "Merged into another suggestion",
            EventKind.PUT_RIGHT: "Put right",
            EventKind.WITHDRAWN: "The sender withdrew it",
            EventKind.APPEALED: "The sender appealed",
            EventKind.REOPENED: "A reviewer reopened it",
            EventKind.CONTACT_DELETED: "Contact details deleted",
            EventKind.ERASED: "Deleted on request",
        }[self]


class Role(StrEnum):
    """As whom someone takes a step."""

    SENDER = "sender"
    REVIEWER = "reviewer"
    MACHINE = "machine"

    @property
    def label(self) -> str:
        """The role in words."""
        return {Role.MACHINE: "command on the server"}.get(self, self.value)


class DeclineReason(StrEnum):
    """Why a suggestion is declined."""

    NO_SOURCE = "no-source"
    NOT_ABOUT_THIS = "not-about-this"
    NOT_LONDON = "not-london"
    NO_COMPARISON = "no-comparison"
    NOT_SOUND = "not-sound"
    CONTRADICTED = "contradicted"
    ALREADY_HERE = "already-here"
    NOT_WRONG = "not-wrong"
    PRIVATE = "private"
    ADVERTISING = "advertising"
    ABUSE = "abuse"

    @property
    def label(self) -> str:
        """The reason as a sentence for the sender and the public log."""
        return {
            DeclineReason.NO_SOURCE: "We could not find where it comes from.",
            DeclineReason.NOT_ABOUT_THIS: "It is not about racial inequality in health.",
            DeclineReason.NOT_LONDON: "It is not about London, nor an area that London is part of.",
            DeclineReason.NO_COMPARISON: "It gives no figure for an ethnic group.",
            DeclineReason.NOT_SOUND: "How it was found is not sound enough, or not told.",
            DeclineReason.CONTRADICTED: "It contradicts itself, or a better source.",
            DeclineReason.ALREADY_HERE: "It is on this site already.",
            DeclineReason.NOT_WRONG: "We looked again, and the figure is as its source has it.",
            DeclineReason.PRIVATE: "It tells about people who could be recognised.",
            DeclineReason.ADVERTISING: "It advertises something.",
            DeclineReason.ABUSE: "It attacks people.",
        }[self]

    @property
    def hides_text(self) -> bool:
        """Whether what was suggested stays out of the public log."""
        return self in {DeclineReason.PRIVATE, DeclineReason.ADVERTISING, DeclineReason.ABUSE}
