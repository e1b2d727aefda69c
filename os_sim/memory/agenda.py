"""The agenda: what is to happen later, kept until it has happened."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from os_sim.memory.store import Store, damaged


@dataclass(frozen=True)
class Entry:
    """One thing that is to happen."""

    number: int
    skill: str
    kind: str
    due: datetime
    """In UTC."""
    details: dict[str, Any]


class Agenda:
    """All entries, of every skill."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, skill: str, kind: str, when: datetime, details: dict[str, Any]) -> int:
        """Keep an entry; `when` without a zone is local time.  Returns its number."""
        due = when.astimezone(UTC).isoformat(timespec="milliseconds")
        return self._store.write(
            "INSERT INTO schedule (skill, kind, due, details) VALUES (?, ?, ?, ?)",
            (skill, kind, due, json.dumps(details)),
        )

    def remove(self, number: int, skill: str | None = None) -> bool:
        """Whether there was such an entry (of this skill)."""
        if skill is None:
            return bool(self._store.write("DELETE FROM schedule WHERE number = ?", (number,)))
        return bool(
            self._store.write(
                "DELETE FROM schedule WHERE number = ? AND skill = ?", (number, skill)
            )
        )

    def entries(self, skill: str | None = None) -> list[Entry]:
        """What still lies ahead, earliest first."""
        rows = self._store.read(
            "SELECT number, skill, kind, due, details FROM schedule "
            "WHERE ?1 IS NULL OR skill = ?1 ORDER BY due, number",
            (skill,),
        )
        try:
            return [
                Entry(number, name, kind, datetime.fromisoformat(due), json.loads(details))
                for number, name, kind, due, details in rows
            ]
        except (TypeError, ValueError) as error:
            raise damaged(self._store.file, error) from None
