"""Where suggestions are kept: a database that is added to and never changed.

A suggestion is written once. What becomes of it is told by its events, which are added beside
it; its state follows from them (:mod:`evidence.review`). Contact details lie in a table of their
own, so that they can be deleted without touching the record. There is one exception: what was
written in a suggestion is deleted when somebody asks (:mod:`loaders.submissions.deleting`).
"""

from loaders.submissions.database import SQLITE_FILE, StoreUnavailableError, default_url
from loaders.submissions.limits import Limits, NoRoomError, TooManyError
from loaders.submissions.links import LONGEST as LONGEST_LINK
from loaders.submissions.links import link_digest
from loaders.submissions.rows import CONTACT_DAYS, is_reference
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
    "CONTACT_DAYS",
    "LONGEST_LINK",
    "SQLITE_FILE",
    "Kept",
    "Limits",
    "NoRoomError",
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
    "is_reference",
    "link_digest",
]
