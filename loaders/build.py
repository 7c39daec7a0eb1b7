"""The built tables: what the app opens at once instead of checking every row at each start.

A build belongs to one state of the tables and of the code that made it; if either has changed
since, it is passed over and the tables are read afresh. Only tables without a fault are built.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from loaders.check import TableReport
from loaders.open import EvidenceBase, open_evidence
from loaders.tables import DATA

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "var" / "tables"
"""Where builds lie; not kept in the repository."""

_FRAMES = [f.name for f in fields(EvidenceBase) if f.type == "pd.DataFrame"]


class FaultyTablesError(Exception):
    """The tables have faults, so that nothing was built."""


def build(data: Path = DATA, folder: Path = BUILD) -> Path:
    """Check the tables and write what the app opens; returns the build's folder.

    Raises
    ------
    FaultyTablesError
        If the check finds a fault.
    """
    base = open_evidence(data)
    if base.faults:
        raise FaultyTablesError(f"{len(base.faults)} faults: run python -m loaders check")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "build.json").unlink(missing_ok=True)
    for name in _FRAMES:
        getattr(base, name).to_parquet(folder / f"{name}.parquet", index=False)
    about = {
        "fingerprint": fingerprint(data),
        "released": base.released.isoformat(),
        "reports": [asdict(entry) for entry in base.reports],
    }
    # Written last: a build that was cut off has no valid description and is not used.
    (folder / "build.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    return folder


def open_built(data: Path = DATA, folder: Path = BUILD) -> EvidenceBase:
    """The evidence base from the build if it is up to date, else read and checked afresh."""
    try:
        about = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        if about["fingerprint"] != fingerprint(data):
            return open_evidence(data)
        frames: dict[str, Any] = {
            name: pd.read_parquet(folder / f"{name}.parquet") for name in _FRAMES
        }
        reports = tuple(
            TableReport(**{**entry, "unreadable": tuple(entry["unreadable"])})
            for entry in about["reports"]
        )
        return EvidenceBase(
            **frames, released=date.fromisoformat(about["released"]), reports=reports
        )
    except (OSError, ValueError, KeyError, TypeError):
        return open_evidence(data)


def fingerprint(data: Path = DATA) -> str:
    """A digest of every table and of the code that reads them."""
    digest = hashlib.sha256()
    code = [*(ROOT / "evidence").rglob("*.py"), *(ROOT / "loaders").rglob("*.py")]
    for file in sorted([*(path for path in data.rglob("*") if path.is_file()), *code]):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
