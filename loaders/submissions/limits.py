"""Limits against abuse: how much one sender, and all of them, may send and look up.

Counts of single senders are kept in the memory of each copy of the app, and nothing of a sender is
ever on a disk: a sender is a digest of their session or address with a secret that changes every
day. Behind a load balancer that keeps a reader on one copy that is exact for senders, and to guess
a reference number stays hopeless with any number of copies. The limits for all are read from the
database, so that they hold for every copy together, and after a restart. One address alone reaches
none of the limits for all: who sends much must not stop the others.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
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
    "megabyte": "60 per hour",
}
"""How often one sender may send, look up a reference number, or answer, appeal and withdraw; and
how many files, and megabytes of files, they may add to a form, sent or not."""

PER_ADDRESS = {
    "suggest": "30 per hour",
    "look up": "200 per 10 minutes",
    "step": "200 per hour",
    "file": "400 per hour",
    "megabyte": "150 per day",
}
"""The same for one network address, whose sessions can be many: those of a library or a workshop,
or of one person who opens the page anew each time. Behind a proxy that hides addresses it is that
of all."""

ALL_LOOK_UPS = "600 per 10 minutes"
"""How often reference numbers that don't exist are looked up by everyone on one copy before
somebody seems to guess."""

WHILE_GUESSED = "3 per 10 minutes"
"""How often one network address may look up a reference number while somebody seems to guess."""

HOME_PREFIX = 64
"""How much of an address of the newer kind (IPv6) names one home or office, which has all
addresses that begin so."""

ALL_SUGGESTIONS = (200, timedelta(hours=1))
"""How many suggestions are taken from everyone, by all copies together, in which time."""

FILES_MEGABYTES = 2_000
"""How many megabytes all files together may have where ``FILES_MEGABYTES`` does not say it."""

ALL_FILES = (500_000_000, timedelta(days=1))
"""How many bytes of files are kept of everyone, by all copies together, in which time."""


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
        self._while_guessed = parse(WHILE_GUESSED)
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
            self._hit(self._wider[what], f"{what} by address", one_home(address), times)

    def _hit(self, item: RateLimitItem, what: str, who: str, times: int) -> None:
        if not self._limiter.hit(item, what, self.sender(who), cost=times):
            minutes = item.get_expiry() // 60
            wait = f"{minutes} minutes" if minutes <= 60 else f"{minutes // 60} hours"
            raise TooManyError(f"That was too often in a short time. Please try again in {wait}.")

    def missed(self) -> None:
        """Count a reference number that was looked up and does not exist, but might."""
        self._limiter.hit(self._all, "missed")

    def check_missed(self, address: str | None = None) -> None:
        """While somebody guesses, let each address look up a few numbers; asked before looking.

        Parameters
        ----------
        address
            The network address of the reader. Those whose address is not known count as one.

        Raises
        ------
        TooManyError
            If everyone together missed too often, as someone does who guesses, and this address
            looked up a few numbers since.
        """
        if self._limiter.test(self._all, "missed"):
            return
        who = self.sender(one_home(address or ""))
        if not self._limiter.hit(self._while_guessed, "look up while guessed", who):
            raise TooManyError(
                "Too many wrong reference numbers were looked up. Please try again in 10 minutes."
            )


def one_home(address: str) -> str:
    """A network address, or what all those have in common that one home or office has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), HOME_PREFIX), strict=False))


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
