"""What one skill remembers: JSON values by key, on disk as soon as they are set."""

import json
from collections.abc import Iterator, MutableMapping
from typing import Any

from os_sim.memory.store import Store, damaged


class SkillMemory(MutableMapping[str, Any]):
    """A mapping that outlives the program; raises StoreError when the disk fails.

    A value is read anew at every access: change a list, then set it again.
    """

    def __init__(self, store: Store, skill: str) -> None:
        self._store = store
        self._skill = skill

    def __getitem__(self, key: str) -> Any:
        rows = self._store.read(
            "SELECT value FROM skill_memory WHERE skill = ? AND key = ?", (self._skill, key)
        )
        if not rows:
            raise KeyError(key)
        try:
            return json.loads(rows[0][0])
        except (TypeError, ValueError) as error:
            raise damaged(self._store.file, error) from None

    def __setitem__(self, key: str, value: Any) -> None:
        self._store.write(
            "INSERT OR REPLACE INTO skill_memory VALUES (?, ?, ?)",
            (self._skill, key, json.dumps(value, ensure_ascii=False)),
        )

    def __delitem__(self, key: str) -> None:
        deleted = self._store.write(
            "DELETE FROM skill_memory WHERE skill = ? AND key = ?", (self._skill, key)
        )
        if not deleted:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        rows = self._store.read(
            "SELECT key FROM skill_memory WHERE skill = ? ORDER BY key", (self._skill,)
        )
        return iter([key for (key,) in rows])

    def __len__(self) -> int:
        ((count,),) = self._store.read(
            "SELECT count(*) FROM skill_memory WHERE skill = ?", (self._skill,)
        )
        return int(count)
