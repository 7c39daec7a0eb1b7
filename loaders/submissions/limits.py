"""Limits against abuse: how much one sender, and all of them, may send and look up.

Counts of single senders are kept in the memory of each copy of the app, and nothing of a sender is
ever on a disk: a sender is a digest of their session or address with a secret that changes every
day. Behind a load balancer that keeps a reader on one copy that is exact for senders, and to guess
a reference number stays hopeless with any number of copies. The limit for all is read from the
database, so that it holds for every copy together, and after a restart.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from loaders.submissions.database import StoreUnavailableError

PER_SENDER = {
    "suggest": "10 per hour",
    "look up": "20 per 10 minutes",
    "step": "20 per hour",
    "file": "40 per hour",
    "megabyte": "150 per hour",
}
"""How often one sender may send, look up a reference number, or answer, appeal and withdraw; and
how many files, and megabytes of files, they may add to a form, sent or not."""

PER_ADDRESS = {
    "suggest": "100 per hour",
    "look up": "200 per 10 minutes",
    "step": "200 per hour",
    "file": "400 per hour",
    "megabyte": "1500 per hour",
}
"""The same for one network address, whose sessions can be many: those of a library or a workshop,
or of one person who opens the page anew each time. Behind a proxy that hides addresses it is that
of all."""

ALL_LOOK_UPS = "600 per 10 minutes"
"""How often reference numbers that don't exist may be looked up by everyone on one copy."""

ALL_SUGGESTIONS = (200, timedelta(hours=1))
"""How many suggestions are taken from everyone, by all copies together, in which time."""

FILES_MEGABYTES = 2_000
"""How many megabytes all files together may have where ``FILES_MEGABYTES`` does not say it."""


def files_limit() -> int:
    """How many bytes all files of all suggestions may have together.

    Raises
    ------
    StoreUnavailableError
        If the environment variable ``FILES_MEGABYTES`` is not a whole number.
    """
    told = os.environ.get("FILES_MEGABYTES") or str(FILES_MEGABYTES)
    if not told.isascii() or not told.isdigit():
        raise StoreUnavailableError(
            "FILES_MEGABYTES is how many megabytes of files are kept: write a whole number."
        )
    return int(told) * 1_000_000


class TooManyError(RuntimeError):
    """A limit is reached; the message says when to try again."""


class NoRoomError(RuntimeError):
    """All files together would have more bytes than are kept; words are taken all the same."""


class Limits:
    """Counts what senders do, in this copy of the app. One serves every thread.

    Parameters
    ----------
    today
        Gives the date in UTC; a new day has a new secret.
    """

    def __init__(self, today: Callable[[], date] | None = None) -> None:
        self._today = today or (lambda: datetime.now(UTC).date())
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items = {name: parse(limit) for name, limit in PER_SENDER.items()}
        self._wider = {name: parse(limit) for name, limit in PER_ADDRESS.items()}
        self._all = parse(ALL_LOOK_UPS)
        self._lock = threading.Lock()
        self._day: date | None = None
        self._secret = b""

    def sender(self, session_or_address: str) -> str:
        """A name for a sender that means nothing tomorrow, nor anywhere else."""
        with self._lock:
            if self._day != (today := self._today()):
                self._day, self._secret = today, secrets.token_bytes(32)
        return hmac.new(self._secret, session_or_address.encode(), hashlib.sha256).hexdigest()

    def check(self, what: str, session: str, address: str | None = None, times: int = 1) -> None:
        """Count something that a sender does: a key of :data:`PER_SENDER`.

        Parameters
        ----------
        what
            What is done.
        session
            The sender's session.
        address
            The network address that it comes from, where that is known.
        times
            How often it is done; for megabytes, how many.

        Raises
        ------
        TooManyError
            If it was done too often.
        """
        self._hit(self._items[what], what, session, times)
        if address:
            self._hit(self._wider[what], f"{what} by address", address, times)

    def _hit(self, item: RateLimitItem, what: str, who: str, times: int) -> None:
        if not self._limiter.hit(item, what, self.sender(who), cost=times):
            minutes = item.get_expiry() // 60
            raise TooManyError(
                f"That was too often in a short time. Please try again in {minutes} minutes."
            )

    def missed(self) -> None:
        """Count a reference number that was looked up and does not exist."""
        self._limiter.hit(self._all, "missed")

    def check_missed(self) -> None:
        """Refuse to look up any reference number while somebody guesses; asked before looking.

        Raises
        ------
        TooManyError
            If everyone together missed too often, as someone does who guesses.
        """
        if not self._limiter.test(self._all, "missed"):
            raise TooManyError(
                "Too many wrong reference numbers were looked up. Please try again in 10 minutes."
            )


def check_all(count: Callable[[timedelta], int]) -> None:
    """Whether everyone together sent too much; ``count`` is :meth:`SuggestionStore.count`.

    Raises
    ------
    TooManyError
        If the limit for all is reached.
    """
    most, time = ALL_SUGGESTIONS
    if count(time) >= most:
        raise TooManyError(
            "So many suggestions came in at once that we take no more for an hour. "
            "What you wrote stays in the form."
        )
