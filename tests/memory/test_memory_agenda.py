"""The agenda: what is to happen later, in its order."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from os_sim.memory.agenda import Agenda
from os_sim.memory.store import Store

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def agenda(tmp_path: Path) -> Iterator[Agenda]:
    store = Store(tmp_path / "os_sim.db")
    yield Agenda(store)
    store.close()


def kinds(agenda: Agenda) -> list[str]:
    return [entry.kind for entry in agenda.entries()]


def test_entries_come_in_the_order_of_their_times(agenda: Agenda) -> None:
    for hours in (5, -1, 3, 0.000001, 8_000, 0):
        agenda.add("timer", str(hours), NOON + timedelta(hours=hours), {})
    assert kinds(agenda) == ["-1", "0", "1e-06", "3", "5", "8000"]


def test_of_two_entries_at_one_time_the_older_comes_first(agenda: Agenda) -> None:
    for kind in "abc":
        agenda.add("timer", kind, NOON, {})
    assert kinds(agenda) == ["a", "b", "c"]


def test_times_of_different_zones_are_put_in_one_order(agenda: Agenda) -> None:
    tokyo, new_york = timezone(timedelta(hours=9)), timezone(timedelta(hours=-5))
    agenda.add("timer", "third", datetime(2025, 1, 1, 9, tzinfo=new_york), {})
    agenda.add("timer", "first", datetime(2025, 1, 1, 18, tzinfo=tokyo), {})
    agenda.add("timer", "second", NOON, {})
    assert kinds(agenda) == ["first", "second", "third"]
    assert {entry.due.utcoffset() for entry in agenda.entries()} == {timedelta()}


def test_a_time_without_a_zone_is_where_the_user_is(agenda: Agenda) -> None:
    naive = datetime(2025, 6, 1, 7, 30)
    agenda.add("timer", "ring", naive, {})
    assert agenda.entries()[0].due == naive.astimezone()


def test_details_come_back_as_they_were(agenda: Agenda) -> None:
    agenda.add("timer", "ring", NOON, {"what": "tea “Earl”", "cups": [1, None]})
    assert agenda.entries()[0].details == {"what": "tea “Earl”", "cups": [1, None]}


def test_an_entry_is_removed_only_by_its_own_skill_and_once(agenda: Agenda) -> None:
    number = agenda.add("timer", "ring", NOON, {})
    assert not agenda.remove(number, "film")
    assert agenda.remove(number, "timer")
    assert not agenda.remove(number)


def test_numbers_are_never_used_again(agenda: Agenda) -> None:
    first = agenda.add("timer", "ring", NOON, {})
    agenda.remove(first)
    assert agenda.add("timer", "ring", NOON, {}) != first


def test_a_skill_sees_its_own_entries(agenda: Agenda) -> None:
    agenda.add("timer", "ring", NOON, {})
    agenda.add("diary", "ask", NOON, {})
    assert [entry.skill for entry in agenda.entries("diary")] == ["diary"]
