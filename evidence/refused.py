"""What is said of a file that is not taken."""

from __future__ import annotations

KINDS = "We take PDF, PNG and JPEG files, Excel workbooks (.xlsx) and CSV files."


class RefusedFileError(ValueError):
    """A file that is not taken; the message says why and what would be right."""
