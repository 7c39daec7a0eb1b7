"""Where suggestions are kept: a database that is added to and never changed.

A suggestion is written once. What becomes of it is told by its events, which are added beside
it; its state follows from them (:mod:`evidence.review`). Contact details lie in a table of their
own, so that they can be deleted without touching the record.
"""

from loaders.submissions.database import SQLITE_FILE, StoreUnavailableError, default_url
from loaders.submissions.limits import Limits, TooManyError
from loaders.submissions.store import (
    Kept,
    NotFoundError,
    Published,
    Receipt,
    SomebodyWasFasterError,
    StoredFile,
    StoredSuggestion,
    SuggestionStore,
    UnreadableError,
)

__all__ = [
    "SQLITE_FILE",
    "Kept",
    "Limits",
    "NotFoundError",
    "Published",
    "Receipt",
    "SomebodyWasFasterError",
    "StoreUnavailableError",
    "StoredFile",
    "StoredSuggestion",
    "SuggestionStore",
    "TooManyError",
    "UnreadableError",
    "default_url",
]
