"""What the community suggested and reviewers published, as this copy of the app last saw it.

Each copy asks the database whether anything new was published, at most once in
:data:`LOOK_AFTER` seconds and in a thread of its own, so that a database that hangs holds up no
page: the curated tables stay, and a notice says what is missing.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pandas as pd
from sqlalchemy.engine import make_url

from loaders.community import with_community
from loaders.open import EvidenceBase
from loaders.submissions import Published, StoreUnavailableError, SuggestionStore, default_url

LOOK_AFTER = 0.5
"""Seconds for which what was last seen is taken to stand."""

PATIENCE = 2.0
"""Seconds that a page waits for the database before it is shown without."""

REST = 10.0
"""Seconds for which no page waits again for a database that did not answer."""

CONNECT_SECONDS = "5"
"""How long PostgreSQL has to answer when it is called."""


@dataclass(frozen=True)
class Seen:
    """What is published: ``key`` tells one state from the next, ``trouble`` that it may be old."""

    key: str = ""
    published: Published | None = None
    trouble: bool = False


def suggestion_store() -> SuggestionStore:
    """The database of suggestions, opened once for all readers and brought up to date.

    Raises
    ------
    StoreUnavailableError
        If it can't be opened now; the next call tries again.
    """
    return _opened_store(_address())


def _address() -> str:
    return default_url().render_as_string(hide_password=False)


@lru_cache(maxsize=4)  # what fails is not kept, and tried again
def _opened_store(address: str) -> SuggestionStore:
    url = make_url(address)
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": CONNECT_SECONDS})
    store = SuggestionStore(url)
    store.create()
    return store


class Watch:
    """Looks at what is published of the suggestions in one database. One serves every thread."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._store: SuggestionStore | None = None
        self._seen = Seen()
        self._version = -1
        self._done = threading.Event()
        self._done.set()
        self._looked = -LOOK_AFTER
        self._rests_until = 0.0

    def now(self) -> Seen:
        """What is published now; with ``trouble``, what was when the database last answered."""
        with self._lock:
            rests = monotonic() < self._rests_until
            due = self._done.is_set() and monotonic() - self._looked >= LOOK_AFTER
            if due and not rests:
                self._done.clear()
                threading.Thread(target=self._look, name="community", daemon=True).start()
        if not rests and not self._done.wait(PATIENCE):
            with self._lock:
                self._rests_until = monotonic() + REST
                self._seen = replace(self._seen, trouble=True)
        return self._seen

    def _look(self) -> None:
        rests_until = 0.0
        try:
            seen = self._look_once()
        except (StoreUnavailableError, ValueError):
            logging.getLogger(__name__).exception("What is published of suggestions can't be read")
            seen = replace(self._seen, trouble=True)
            rests_until = monotonic() + REST
        with self._lock:
            self._seen, self._looked, self._rests_until = seen, monotonic(), rests_until
        self._done.set()

    def _look_once(self) -> Seen:
        if self._store is None:
            url = make_url(self._address)
            if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
                return Seen()  # nothing was ever suggested, and looking makes no file
            self._store = _opened_store(self._address)
        self._store.delete_old_contacts_daily()
        version = self._store.version()
        if version == self._version:
            return replace(self._seen, trouble=False)
        published = self._store.published()
        self._version = version
        return Seen(_digest(published), published)


def _digest(published: Published) -> str:
    """What changes when something is published or taken down, and not with other steps."""
    frames = (published.figures, published.sources, published.indicators)
    texts = [frame.to_json(orient="values") or "" for frame in frames if len(frame)]
    texts += [programme.model_dump_json() for programme in published.programmes]
    return sha256("\0".join(texts).encode()).hexdigest() if texts else ""


@lru_cache(maxsize=4)
def _watch(address: str) -> Watch:
    return Watch(address)


def seen_now() -> Seen:
    """What is published of suggestions, as this copy of the app sees it now. Never raises."""
    try:
        return _watch(_address()).now()
    except StoreUnavailableError:
        return Seen(trouble=True)


def joined(base: EvidenceBase, published: Published | None) -> EvidenceBase:
    """The evidence base with what is published; a figure whose tables lack something stays out."""
    if published is None or published.figures.empty:
        return base
    figures = published.figures
    has: dict[str, set[str]] = {
        "source_id": {*base.sources["source_id"], *published.sources["source_id"]},
        "indicator_id": {*base.indicators["indicator_id"], *published.indicators["indicator_id"]},
        "geography_code": set(base.areas["area_code"]),
    }
    fits = pd.Series(True, figures.index)
    for name, known in has.items():
        fits &= figures[name].isin(known)
    codes = figures["ethnic_group"].str.split("+")
    fits &= codes.map(lambda each: all(code in base.groups for code in each)).astype(bool)
    return with_community(base, replace(published, figures=figures[fits]))
