"""What the store acknowledged outlives a process that is killed while it writes."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from loaders.submissions import SuggestionStore

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50


def waits_for_its_disk(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SHOW fsync").fetchone() == ("on",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed where they can fork")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_after_fifty_kills_all_that_was_acknowledged_is_there_and_nothing_twice(
    database, request, tmp_path
):
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    if database == "postgresql":
        url = request.getfixturevalue("durable_postgresql_url")
        assert waits_for_its_disk(url)
    file = tmp_path / "acknowledged"
    subprocess.run(
        [sys.executable, "-m", "tests.loaders.writer_to_kill", url, file, str(KILLS)],
        cwd=ROOT,
        check=True,
        timeout=120,
    )
    lines = [line.split() for line in file.read_text().splitlines()]
    assert len(lines) >= KILLS
    kept = {one.receipt.reference: one for one in SuggestionStore(url).all()}
    for number, reference, kind in lines:
        one = kept[reference]
        assert one.suggestion.statement == f"statement {number}"
        assert kind in [event.kind for event in one.events]
    statements = [one.suggestion.statement for one in kept.values()]
    assert len(statements) == len(set(statements))
    # Of each round at most the last one was written and not acknowledged.
    assert len(kept) - len({number for number, _, _ in lines}) <= 1
    assert all(len(one.events) in {1, 2} for one in kept.values())
