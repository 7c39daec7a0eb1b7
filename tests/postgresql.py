"""A real PostgreSQL server for tests: made, started on the loopback, and thrown away."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60

WITHOUT = "WITHOUT_POSTGRESQL"
"""The variable by which tests with a server are skipped on purpose."""

MISSING = f"""There is no PostgreSQL server here. Install one (Debian's package postgresql), or set
{WITHOUT}=1 to leave out the tests that need one."""


def programs() -> Path | None:
    """The folder of the server's programs, or None where there is no server."""
    found = [Path(path) for path in [shutil.which("postgres")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    folders = [path.resolve().parent for path in found]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def is_needed() -> bool:
    """Whether tests fail without a server: in continuous integration, unless it is left out."""
    return bool(os.environ.get("CI")) and not os.environ.get(WITHOUT)


def _as_somebody() -> dict[str, Any]:
    """The server refuses to run as root; "postgres" comes with its package."""
    if os.geteuid() != 0:
        return {}
    names = [entry.pw_name for entry in pwd.getpwall()]
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


@contextmanager
def server(bin_folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A running server; gives the address of its first database, with its password.

    ``durable`` lets it wait for its disk with each commit, as servers do that keep something.
    """
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    somebody = _as_somebody()
    password, port, data = secrets.token_hex(8), _free_port(), folder / "data"
    try:
        (folder / "password").write_text(password, encoding="utf-8")
        if somebody:
            for path in (folder, folder / "password"):
                os.chown(path, somebody["user"], somebody["group"])
        make = [
            "initdb",
            "--no-sync",
            "-U",
            "tester",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run(
            [bin_folder / make[0], *make[1:], f"--pwfile={folder / 'password'}", "-D", data],
            cwd=folder,
            check=True,
            capture_output=True,
            **somebody,
        )
        waits = "on" if durable else "off"
        settings = [f"fsync={waits}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
        running = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-p", str(port)]
            + [part for setting in settings for part in ("-c", setting)],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **somebody,
        )
        try:
            url = f"postgresql://tester:{password}@127.0.0.1:{port}/postgres"
            _wait_for(url, running)
            yield url
        finally:
            running.send_signal(signal.SIGQUIT)
            running.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert running.poll() is None, "the PostgreSQL server ended at once"
            assert time.monotonic() < until, "the PostgreSQL server did not start in time"
            time.sleep(0.1)
        else:
            return


def new_database(url: str) -> str:
    """A new, empty database of the server; gives its address."""
    name = f"made_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.rsplit("/", 1)[0] + "/" + name
