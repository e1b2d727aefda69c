"""The store: one SQLite file in WAL mode, brought up to date by numbered migrations."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
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
        except sqlite3.Error as error:
            raise _store_error(file, error) from None
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            # Every commit reaches the disk: what was said survives a power cut, too.
            self._connection.execute("PRAGMA synchronous = FULL")
            self._migrate()
        except sqlite3.Error as error:
            self._connection.close()
            raise _store_error(file, error) from None
        except StoreError:
            self._connection.close()
            raise

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
                    # On a full disk SQLite has rolled back already.
                    self._connection.rollback()
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._connection.rollback()
                raise _store_error(self.file, error) from None

    def close(self) -> None:
        """Safe to call twice."""
        with self._lock:
            self._connection.close()

    def _migrate(self) -> None:
        if self._version() > len(MIGRATIONS):
            raise StoreError(
                f"{self.file} was written by a newer os_sim; update this one, or choose another "
                "home with --home FOLDER"
            )
        if self._version() == len(MIGRATIONS):
            return
        # All or nothing, and only one process at a time: the other finds the work done.
        with self.transaction() as connection:
            for number in range(self._version(), len(MIGRATIONS)):
                for statement in MIGRATIONS[number].split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")

    def _version(self) -> int:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        return int(version)


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
        with closing(sqlite3.connect(aside)) as old, fresh.transaction() as new:
            # Without this SQLite refuses a file that is shorter than it says.
            old.execute("PRAGMA writable_schema = ON")
            saved += _copy_rows(old, new, "skill_memory", "skill {0}, key {0}")
            saved += _copy_rows(old, new, "schedule", "number {0}")
    except sqlite3.DatabaseError:
        pass  # It is no database at all.
    finally:
        fresh.close()
    return aside, saved


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection, table: str, order: str) -> int:
    """Copy from both ends up to the damage; returns the number of rows."""
    copied = 0
    for direction in ("ASC", "DESC"):
        try:
            for row in old.execute(f"SELECT * FROM {table} ORDER BY {order.format(direction)}"):
                if _readable(row, table):
                    marks = ", ".join("?" * len(row))
                    done = new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
                    copied += done.rowcount
        except sqlite3.DatabaseError:
            continue
    return copied


def _readable(row: tuple[Any, ...], table: str) -> bool:
    """Whether the row means anything: damage may lie in the middle of a text."""
    try:
        json.loads(row[-1])
        if table == "schedule":
            datetime.fromisoformat(row[3])
    except (TypeError, ValueError):
        return False
    return None not in row
