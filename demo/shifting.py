"""Moves days and instants later by whole weeks, wherever the database has them.

Instants move in the company's zone: nine o'clock stays nine o'clock, also across a change of the clocks. Sessions and
times of sign-in do not move: they are about browsers and not about the company.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, models
from django.db.models import QuerySet, UniqueConstraint

from digest.content import from_json
from digest.models import Digest
from digest.rendering import subject
from digest.schedule import WEEK
from lib.log.actions import actions
from lib.log.kinds import kind
from lib.log.values import restored, stored
from lib.services.dates import LAST_DAY, iso_week, parse_day, parse_week
from lib.text.days import whole_day
from strategy.models import AmendmentEdit, Edition, EditionGoal
from strategy.services.periods import DATES
from teams.models import LogEntry

LEFT_ALONE = {"sessions.Session.expire_date", "teams.Person.last_login"}
TOUCHED = "touched_on"
"""Whatever is done to work and its links notes this day, before and after."""
OUT_OF_THE_WAY = 7 * 100_000
"""In days, whole weeks; so far ahead that no other row has the same unique key."""
_WEEK_IN_ADDRESS = re.compile(r"\d{4}-W\d{2}", re.ASCII)
_DAY_IN_WORDS = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b", re.ASCII)


def shift_rows(weeks: int, zone: str) -> None:
    """Moves every day and instant of every table. The caller disables the triggers that count or refuse this."""
    for model in apps.get_models():
        columns = [field for field in model._meta.local_concrete_fields if _is_shifted(model, field)]
        if columns:
            _shift_table(model, columns, 7 * weeks, zone)


def shift_log(weeks: int, zone: str) -> None:
    """Moves days and instants in changes, found by field, and days in notes, found by action."""
    moved = []
    for entry in LogEntry.objects.exclude(changes={}, note={}):
        changes = {name: _shifted(entry, name, pair, weeks, zone) for name, pair in entry.changes.items()}
        days = {TOUCHED, *(actions()[entry.action].days if entry.action in actions() else ())}
        note = {
            name: told(value, lambda text: _whole(text, weeks)) if name in days else value
            for name, value in entry.note.items()
        }
        if (changes, note) != (entry.changes, entry.note):
            moved.append((entry.pk, json.dumps(changes), json.dumps(note)))
    _write(
        "UPDATE teams_logentry row SET changes = moved.changes, note = moved.note", "changes jsonb, note jsonb", moved
    )


def _shifted(entry: LogEntry, name: str, pair: list[Any], weeks: int, zone: str) -> list[Any]:
    """A field's values before and after, moved if they are days or instants."""
    model = kind(entry.subject_kind).model
    field: Any = model._meta.get_field(name)
    if not _is_shifted(model, field):
        return pair
    values = [restored(field, value) for value in pair]
    return [stored(field, value and _later(value, weeks, zone)) for value in values]


def _later(value: dt.date, weeks: int, zone: str) -> dt.date:
    if not isinstance(value, dt.datetime):
        return min(value + weeks * WEEK, LAST_DAY)
    local = value.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + weeks * WEEK
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def shift_digests(weeks: int) -> None:
    """Moves the days that digests name, also in words, and the weeks in their addresses; then updates subjects."""
    moved = []
    for pk, content in Digest.objects.filter(content__isnull=False).values_list("pk", "content"):
        later = told(content, lambda text: within(text, weeks))
        moved.append((pk, json.dumps(later), subject(from_json(later))))
    _write(
        "UPDATE digest_digest row SET content = moved.content, subject = moved.subject",
        "content jsonb, subject text",
        moved,
    )


def shift_editions(weeks: int) -> None:
    """Moves the first and last days that editions say of strategies and goals."""
    for model in (Edition, EditionGoal):
        moved = []
        for pk, says in QuerySet(model).exclude(says__isnull=True).values_list("pk", "says"):
            days = {name: _whole(says[name], weeks) for name in DATES if says[name]}
            moved.append((pk, json.dumps(says | days)))
        _write(f"UPDATE {model._meta.db_table} row SET says = moved.says", "says jsonb", moved)  # noqa: S608 -- our own names


def shift_amendments(weeks: int) -> None:
    """Moves the first and last days in edits that are planned."""
    moved = []
    for pk, changes in AmendmentEdit.objects.values_list("pk", "changes"):
        days = {name: [day and _whole(day, weeks) for day in changes[name]] for name in DATES if name in changes}
        moved.append((pk, json.dumps(changes | days)))
    _write(
        "UPDATE strategy_amendmentedit row SET changes = moved.changes",
        "changes jsonb",
        moved,
    )


def told(value: Any, text: Callable[[str], str]) -> Any:
    """A JSON value with `text` applied to each text in it."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [told(each, text) for each in value]
    if isinstance(value, dict):
        return {name: told(each, text) for name, each in value.items()}
    return value


def within(text: str, weeks: int) -> str:
    """A text with the days in words and the ISO weeks in it moved; a text that is only a day goes through `_whole`."""
    moved = _whole(text, weeks)
    if moved != text:
        return moved
    text = _WEEK_IN_ADDRESS.sub(lambda found: _whole(found[0], weeks), text)
    return _DAY_IN_WORDS.sub(lambda found: _in_words(found[0], weeks), text)


def _whole(text: str, weeks: int) -> str:
    """A text that is an ISO day or week, moved; any other unchanged."""
    for read, write in ((parse_day, dt.date.isoformat), (parse_week, iso_week)):
        try:
            return write(min(read(text) + weeks * WEEK, LAST_DAY))
        except ValueError:
            continue
    return text


def _in_words(text: str, weeks: int) -> str:
    try:
        day = dt.datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return text
    return whole_day(day + weeks * WEEK)


def _is_shifted(model: type[models.Model], field: Any) -> bool:
    return isinstance(field, models.DateField) and f"{model._meta.label}.{field.name}" not in LEFT_ALONE


def _shift_table(model: type[models.Model], columns: list[Any], days: int, zone: str) -> None:
    """Days in unique keys move by a detour, as PostgreSQL checks keys row by row."""
    table = model._meta.db_table
    keys = {*_unique(model)}
    first = [field.column for field in columns if field.name in keys]
    assigned: list[str] = []
    values: list[Any] = []
    for field in columns:
        column = f'"{field.column}"'
        if isinstance(field, models.DateTimeField):
            assigned.append(f"{column} = ({column} AT TIME ZONE %s + %s) AT TIME ZONE %s")
            values += [zone, dt.timedelta(days=days), zone]
        else:
            way = days - (OUT_OF_THE_WAY if field.column in first else 0)
            assigned.append(f"{column} = CASE WHEN {column} IS NOT NULL THEN least({column} + %s, %s) END")
            values += [way, LAST_DAY]
    with connection.cursor() as cursor:
        if first:
            detour = ", ".join(f'"{column}" = "{column}" + %s' for column in first)
            cursor.execute(f'UPDATE "{table}" SET {detour}', [OUT_OF_THE_WAY] * len(first))  # noqa: S608 -- our own names
        cursor.execute(f'UPDATE "{table}" SET {", ".join(assigned)}', values)  # noqa: S608 -- our own names


def _unique(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.local_concrete_fields:
        if field.unique:
            yield field.name
    yield from getattr(model._meta.pk, "field_names", ())
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield from constraint.fields
    for together in model._meta.unique_together:
        yield from together


def _write(update: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    """Updates rows by id, in one statement."""
    if not rows:
        return
    types = [column.split(" ")[1] for column in f"id bigint, {columns}".split(", ")]
    names = ", ".join(column.split(" ")[0] for column in f"id bigint, {columns}".split(", "))
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{update} FROM unnest({arrays}) AS moved ({names}) WHERE row.id = moved.id",
            [list(column) for column in zip(*rows, strict=True)],
        )
