"""The store: one SQLite file in WAL mode, brought up to date by numbered migrations."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from os_sim.errors import StoreError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE skill_memory (
        skill TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,            -- JSON
        PRIMARY KEY (skill, key)
    ) WITHOUT ROWID;
    CREATE TABLE schedule (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        skill TEXT NOT NULL,
        kind TEXT NOT NULL,
        due TEXT NOT NULL,              -- UTC, ISO 8601
        details TEXT NOT NULL           -- JSON
    );
    CREATE INDEX schedule_by_due ON schedule (due);
    """,
)
"""Each is applied once, in order; the file's `user_version` counts them.  Never edit one."""

BUSY_S = 5.0
"""How long a second process on the same home may hold the file."""


class Store:
    """The open file.  Any thread may use it: one statement at a time."""

    def __init__(self, file: Path) -> None:
        """Open or create `file`; raises StoreError."""
        self.file = file
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                file, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._migrate()
        except sqlite3.Error as error:
            raise _store_error(file, error) from None

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; raises StoreError."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise _store_error(self.file, error) from None

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement in a transaction of its own, on disk when this returns.

        Returns the number of the new row, or how many rows were changed or deleted.
        """
        with self.transaction() as connection:
            cursor = connection.execute(sql, values)
            inserted = sql.lstrip()[:6].upper() == "INSERT"
            return (cursor.lastrowid or 0) if inserted else cursor.rowcount

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Several statements that happen together or not at all; raises StoreError."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise _store_error(self.file, error) from None

    def close(self) -> None:
        """Safe to call twice."""
        with self._lock:
            self._connection.close()

    def _migrate(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StoreError(
                f"{self.file} was written by a newer os_sim; update this one, or choose another "
                "home with --home FOLDER"
            )
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            # One script is one transaction: a crash leaves the version before it.
            self._connection.executescript(
                f"BEGIN IMMEDIATE;{script};PRAGMA user_version = {number};COMMIT;"
            )


def _store_error(file: Path, error: sqlite3.Error) -> StoreError:
    text = str(error)
    if isinstance(error, sqlite3.DatabaseError) and (
        "malformed" in text or "not a database" in text
    ):
        return damaged(file, text)
    if "full" in text:
        return StoreError(
            f"no room left to write {file} (disk full); free some space and say it again"
        )
    if "locked" in text:
        return StoreError(f"{file} is held by another os-sim; close it, or use another --home")
    return StoreError(f"{file}: {text}; check the folder's permissions, or use another --home")


def damaged(file: Path, what: object) -> StoreError:
    """What is said of a file that holds what nobody can read."""
    return StoreError(
        f"the memory file {file} is damaged ({what}); 'os-sim doctor --repair' sets it aside "
        "and saves what can be read"
    )


def repair(file: Path, now: str) -> tuple[Path, int]:
    """Set a damaged store aside and save what can be read of it into a fresh one.

    Returns where the damaged file lies now, and how many rows were saved.
    """
    aside = file.with_name(f"{file.name}.damaged-{now}")
    for suffix in ("", "-wal", "-shm"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    fresh = Store(file)
    saved = 0
    try:
        with sqlite3.connect(aside) as old, fresh.transaction() as new:
            for table, columns in (("skill_memory", 3), ("schedule", 5)):
                saved += _copy_rows(old, new, table, columns)
    except sqlite3.Error:
        pass  # Nothing more can be read; what was saved so far stays.
    finally:
        fresh.close()
    return aside, saved


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: int) -> int:
    marks = ", ".join("?" * columns)
    copied = 0
    try:
        for row in old.execute(f"SELECT * FROM {table}"):
            new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
            copied += 1
    except sqlite3.DatabaseError:
        return copied
    return copied
