"""A program that is killed again and again while it writes, for the test of what outlives it.

Each round a child adds suggestions, takes a step on each, and writes a line to a file for
everything that the store acknowledged; the parent kills it after a random time. The next child
first sends again what its predecessor was about to send, as a person does who got no answer.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from evidence.outcomes import EventKind, Role
from evidence.review import Step
from evidence.submissions import Suggestion, check
from loaders.submissions import SuggestionStore

LONGEST_SECONDS = 0.12


def write(url: str, acknowledged: int, first: int) -> None:
    store = SuggestionStore(url)
    for number in range(first, first + 100_000):
        sent = check({"statement": f"statement {number}", "source_title": "A report"})
        assert isinstance(sent, Suggestion)
        reference = store.add(sent, f"form {number}").reference
        os.write(acknowledged, f"{number} {reference} received\n".encode())
        step = Step(kind=EventKind.TAKEN, role=Role.REVIEWER, who="ama@example.org")
        if len(store.get(reference).events) == 1:  # type: ignore[union-attr]
            store.step(reference, step)
        os.write(acknowledged, f"{number} {reference} taken\n".encode())


def main(url: str, file: Path, rounds: int) -> None:
    SuggestionStore(url).create()
    chance = random.Random(7)  # noqa: S311
    first = 0
    for _ in range(rounds):
        acknowledged = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        before = file.stat().st_size
        child = os.fork()
        if child == 0:
            write(url, acknowledged, first)
        os.close(acknowledged)
        while file.stat().st_size == before:  # at least one line a round
            time.sleep(0.001)
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        done = [int(line.split()[0]) for line in file.read_text().splitlines()]
        first = max(done) + 1 if file.read_text().endswith("taken\n") else max(done)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
