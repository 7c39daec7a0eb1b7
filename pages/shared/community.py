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

from evidence.publication import FIGURE_IDS
from loaders.community import with_community
from loaders.open import EvidenceBase
from loaders.submissions import Published, StoreUnavailableError, SuggestionStore, default_url

LOOK_AFTER = 0.5
"""Seconds for which what was last seen is taken to stand."""

PATIENCE = 2.0
"""Seconds that a page waits for the database before it is shown without."""

REST = 10.0
"""Seconds for which no page waits again for a database that did not answer."""

GIVE_UP = 60.0
"""Seconds after which a look that has not come back is taken for lost, and another begins."""

CONNECT_SECONDS = "5"
"""How long PostgreSQL has to answer when it is called."""


@dataclass(frozen=True)
class Seen:
    """What is published: ``key`` tells one state from the next, ``trouble`` that it may be old.

    ``version`` is that of the database when it was read, -1 where it has to be read again.
    """

    key: str = ""
    published: Published | None = None
    trouble: bool = False
    version: int = -1


def suggestion_store() -> SuggestionStore:
    """The database of suggestions, opened once for all readers and brought up to date.

    Raises
    ------
    StoreUnavailableError
        If it can't be opened now; the next call tries again.
    """
    address = _address()
    made = _made(address)
    # What has no file yet is not kept: its file would not be known from the next one.
    return _open(address) if made is None else _opened_store(address, made)


def _address() -> str:
    return default_url().render_as_string(hide_password=False)


def _made(address: str) -> tuple[int, ...] | None:
    """What tells a file from another that was made in its place; None while there is none.

    Of a database on a server nothing is known before it is called, and nothing told.
    """
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return ()
    try:
        about = Path(str(url.database)).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreUnavailableError(f"The suggestions database can't be read: {error}") from error
    return about.st_dev, about.st_ino


@lru_cache(maxsize=4)  # what fails is not kept, and tried again
def _opened_store(address: str, made: tuple[int, ...]) -> SuggestionStore:
    return _open(address)


def _open(address: str) -> SuggestionStore:
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
        self._done = threading.Event()
        self._done.set()
        self._looked = -LOOK_AFTER
        self._began = 0.0
        self._turn = 0
        self._rests_until = 0.0

    def now(self) -> Seen:
        """What is published now; with ``trouble``, what was when the database last answered."""
        with self._lock:
            rests = monotonic() < self._rests_until
            if self._done.is_set():
                due = monotonic() - self._looked >= LOOK_AFTER
            else:
                due = monotonic() - self._began >= GIVE_UP
            if due and not rests:
                self._begin()
        if not rests and not self._done.wait(PATIENCE):
            with self._lock:
                self._rests_until = monotonic() + REST
                self._seen = replace(self._seen, trouble=True)
        return self._seen

    def _begin(self) -> None:
        self._done.clear()
        self._began = monotonic()
        self._turn += 1
        look = threading.Thread(
            target=self._look, args=(self._turn,), name="community", daemon=True
        )
        try:
            look.start()
        except RuntimeError:  # the machine has no more threads now
            self._failed("No thread can be started to look at the suggestions")

    def _look(self, turn: int) -> None:
        try:
            seen = self._look_once()
        except Exception:  # whatever it is, pages must go on, and the next look tries again
            with self._lock:
                if turn == self._turn:
                    self._failed("What is published of suggestions can't be read")
            return
        with self._lock:
            # One that was given up and comes back late has nothing to say.
            if turn == self._turn:
                self._seen, self._looked, self._rests_until = seen, monotonic(), 0.0
                self._done.set()

    def _failed(self, what: str) -> None:
        """Log what went wrong, and begin from the start at the next look; holds the lock."""
        logging.getLogger(__name__).exception(what)
        if self._store is not None:
            # A database that was made anew has no tables, and opening it brings them.
            self._store = None
            _opened_store.cache_clear()
        self._seen = replace(self._seen, trouble=True, version=-1)
        self._looked = monotonic()
        self._rests_until = self._looked + REST
        self._done.set()

    def _look_once(self) -> Seen:
        made = _made(self._address)
        if made is None:
            # Nothing was ever suggested, or the file was taken away; looking makes none.
            self._store = None
            return Seen()
        store = _opened_store(self._address, made)
        known = self._seen.version if store is self._store else -1
        self._store = store
        store.delete_old_contacts_daily()
        version = store.version()
        if version == known:
            return replace(self._seen, trouble=False)
        published = store.published()
        return Seen(_digest(published), published, version=version)


def _digest(published: Published) -> str:
    """What changes when something is published or taken down, and not with other steps."""
    frames = (published.figures, published.sources, published.indicators)
    texts = [frame.to_json(orient="values") or "" for frame in frames if len(frame)]
    texts += [programme.model_dump_json() for programme in published.programmes]
    texts += [f"{name} {each}" for name, each in published.corrections.items()]
    texts += published.notices
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
    """The evidence base with what is published.

    A figure whose tables lack something stays out, and so does a suggestion that can't be joined;
    ``notices`` of the base tell curators.
    """
    if published is None:
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
    for name in ("ethnic_group", "comparator"):
        codes = figures[name].fillna("").str.split("+")
        fits &= codes.map(lambda each: all(not c or c in base.groups for c in each)).astype(bool)
    told = tuple(
        f"{name} is left out: the tables lack its source, indicator, area or ethnic group."
        for name in figures.loc[~fits, "figure_id"]
    )
    left = replace(published, figures=figures[fits], notices=(*published.notices, *told))
    try:
        return with_community(base, left)
    except Exception:  # one suggestion that can't be joined must not take the others with it
        logging.getLogger(__name__).exception("What is published can't be joined at once")
    return _joined_one_by_one(base, left)


def _joined_one_by_one(base: EvidenceBase, published: Published) -> EvidenceBase:
    """The evidence base with each suggestion that can be joined by itself."""
    figures = published.figures

    def number_of(name: str) -> int:
        own, correction = FIGURE_IDS.fullmatch(name), published.corrections.get(name)
        return correction.number if correction else int(own[1]) if own else 0

    base = replace(base, notices=(*base.notices, *published.notices))
    for number, some in figures.groupby(figures["figure_id"].map(number_of)):
        try:
            base = with_community(base, replace(published, figures=some, notices=()))
        except Exception:  # told to curators, and the others are joined
            logging.getLogger(__name__).exception("Suggestion %s can't be joined", number)
            told = f"What is published of suggestion {number} can't be joined, and is left out."
            base = replace(base, notices=(*base.notices, told))
    return base
