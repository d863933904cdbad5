"""Threads and their messages: a thread comes in whole, once. One that is there stays as it is, and a bundle may only
have the same of it.
"""

from __future__ import annotations

from itertools import islice

from conversations.models.message import MESSAGE_LIMIT
from conversations.services.messages import note_mentions
from exchange.bundle import sql
from exchange.bundle.counts import Counts
from exchange.bundle.export import rows_of
from exchange.bundle.format.columns import Table
from exchange.bundle.format.tables import GOALS
from exchange.bundle.format.talk import (
    ADDRESS,
    ASK,
    COMPANY,
    LINK,
    MESSAGES,
    PERSON,
    SIDES,
    SUBJECTS,
    THREADS,
    WORDS,
    exchanged,
    exported,
)
from exchange.bundle.overlay import follow_renamed, refuse_twice
from exchange.bundle.staging import Stage

FILES = (THREADS, MESSAGES)
THREAD_COLUMNS = (
    "id, key, kind, about_kind, about_id, aspect, asker_id, answers_kind, answers_id, turn, due_on, outcome, pinned_id,"
    " opened_at, turned_at, last_at, closed_at"
)
MESSAGE_COLUMNS = "id, author_id, at, text, edited_at, removed_at, removed_by_id"
AT_ONCE = 1_000


def lay(stage: Stage) -> None:
    """Completes the rows, keeps what is there already of both files, and reports duplicates."""
    for table in FILES:
        if table.name not in stage.columns:
            continue
        for column in table.columns:
            if not stage.has(table, column.name):
                kind = column.kind.sql
                sql.run('ALTER TABLE raw_{name} ADD "{column}" {kind}', name=table.name, column=column.name, kind=kind)
        refuse_twice(table, stage)
        sql.run("CREATE TEMPORARY TABLE whole_old_{name} AS {rows}", name=table.name, rows=rows_of(table))
    if MESSAGES.name in stage.columns:
        _complete_messages()
    if THREADS.name in stage.columns:
        _follow_renamed()
        _complete_threads(stage)


def _complete_messages() -> None:
    sql.run("UPDATE raw_messages SET pinned = false WHERE pinned IS NULL")
    sql.run(
        "UPDATE raw_messages SET text = {said} WHERE strpos(text, '{person}') > 0", said=exported("text"), person=PERSON
    )
    sql.run("CREATE INDEX ON raw_messages (thread, number)")
    sql.run("CREATE INDEX ON whole_old_messages (thread)")
    sql.run("ANALYZE raw_messages")


def _follow_renamed() -> None:
    for side in SIDES:
        for kind, table in SUBJECTS.items():
            follow_renamed(THREADS, side, table.name, f"r.{side}_kind = '{WORDS[kind]}'")
        sql.run(
            """UPDATE raw_threads r SET {side} = split_part({side}, ':', 1) || ':' || t.key FROM {goals} t
               WHERE r.{side}_kind = '{link}' AND t.first_key = split_part(r.{side}, ':', 2)""",
            side=side,
            goals=GOALS.target,
            link=WORDS[LINK],
        )


def _complete_threads(stage: Stage) -> None:
    """Who is to answer is by default whoever answers for the thing; the instants rest on what is said."""
    last = "(SELECT max(at) FROM raw_messages m WHERE m.thread = r.key)" if MESSAGES.name in stage.columns else "NULL"
    sql.run(
        "UPDATE raw_threads SET answers_kind = about_kind, answers = coalesce(answers, about)"
        " WHERE answers_kind IS NULL"
    )
    sql.run("UPDATE raw_threads SET turned_at = opened_at WHERE turned_at IS NULL")
    sql.run(
        "UPDATE raw_threads r SET last_at = greatest(opened_at, closed_at, {last}) WHERE last_at IS NULL", last=last
    )
    sql.run("CREATE INDEX ON raw_threads (key)")
    sql.run("ANALYZE raw_threads")


def put(stage: Stage) -> dict[str, Counts]:
    """Brings in the threads that are not there, when all that they are about is. Whoever wrote in one or is mentioned
    follows it. Returns the counts of both files."""
    counts = {table.name: _counted(table) for table in FILES if table.name in stage.columns}
    if len(counts) == len(FILES) and counts[THREADS.name].created:
        _resolve()
        _refuse_long_texts(stage)
        if not stage.problems:
            _insert()
            _follow()
    return counts


def _counted(table: Table) -> Counts:
    same = " AND ".join(f'o."{name}" = r."{name}"::text' for name in table.identity)
    text = "SELECT count(*) FILTER (WHERE o.{first} IS NULL), count(*) FROM raw_{name} r {joined}"
    joined = f"LEFT JOIN whole_old_{table.name} o ON {same}"
    ((created, rows),) = sql.rows(text, first=table.identity[0], name=table.name, joined=joined)
    return Counts(created=created, unchanged=rows - created)


def _resolve() -> None:
    """Makes `whole_messages` and `whole_threads`: what is new, under the columns of the database."""
    numbered = exchanged(
        "r.text", ADDRESS, "coalesce(p.id::text, said)", "LEFT JOIN teams_person p ON lower(p.email) = said"
    )
    sql.run(
        """CREATE TEMPORARY TABLE whole_messages AS
           SELECT nextval(pg_get_serial_sequence('conversations_message', 'id')) AS id, m.* FROM (
             SELECT r.line, r.thread, r.pinned, a.id AS author_id, r.at, coalesce({numbered}, '') AS text, r.edited_at,
                    r.removed_at, b.id AS removed_by_id
             FROM raw_messages r JOIN teams_person a ON lower(a.email) = r.author
             LEFT JOIN teams_person b ON lower(b.email) = r.removed_by
             WHERE NOT EXISTS (SELECT FROM whole_old_threads o WHERE o.key = r.thread)
             ORDER BY r.thread, r.number
           ) m""",
        numbered=numbered,
    )
    sql.run(
        """CREATE TEMPORARY TABLE whole_threads AS
           SELECT nextval(pg_get_serial_sequence('conversations_thread', 'id')) AS id, t.* FROM (
             SELECT r.key, r.kind, {about_kind} AS about_kind, {about} AS about_id, coalesce(r.aspect, '') AS aspect,
                    a.id AS asker_id, {answers_kind} AS answers_kind, {answers} AS answers_id,
                    coalesce(r.turn, '') AS turn, r.due_on, coalesce(r.outcome, '') AS outcome, m.id AS pinned_id,
                    r.opened_at, r.turned_at, r.last_at, r.closed_at
             FROM raw_threads r JOIN teams_person a ON lower(a.email) = r.asker
             LEFT JOIN whole_messages m ON m.thread = r.key AND m.pinned
             WHERE NOT EXISTS (SELECT FROM whole_old_threads o WHERE o.key = r.key) ORDER BY r.opened_at, r.line
           ) t""",
        **{f"{side}_kind": _kind_of(side) for side in SIDES},
        **{side: _id_of(side) for side in SIDES},
    )


def _kind_of(side: str) -> str:
    """SQL of the log's kind of what a staged thread is about."""
    kinds = " ".join(f"WHEN '{word}' THEN '{kind}'" for kind, word in WORDS.items())
    return f"CASE r.{side}_kind {kinds} END"


def _id_of(side: str) -> str:
    """SQL of the id of what a staged thread is about."""
    ids = " ".join(
        f"WHEN '{WORDS[kind]}' THEN (SELECT id FROM {table.target} WHERE key = r.{side})"  # noqa: S608 - our own names
        for kind, table in SUBJECTS.items()
    )
    link = f"""SELECT l.id FROM alignment_link l JOIN teams_initiative i ON i.id = l.initiative_id
               JOIN strategy_goal g ON g.id = l.goal_id
               WHERE i.key = split_part(r.{side}, ':', 1) AND g.key = split_part(r.{side}, ':', 2)"""  # noqa: S608 - our own names
    ask = f"""SELECT s.id FROM teams_support s JOIN teams_initiative i ON i.id = s.initiative_id
              JOIN teams_team a ON a.id = s.team_id
              WHERE i.key = split_part(r.{side}, ':', 1) AND a.key = split_part(r.{side}, ':', 2)
                  AND s.key = split_part(r.{side}, ':', 3)"""  # noqa: S608 - our own names
    ids += f" WHEN '{WORDS[LINK]}' THEN ({link}) WHEN '{WORDS[ASK]}' THEN ({ask})"
    return f"CASE r.{side}_kind {ids} WHEN '{WORDS[COMPANY]}' THEN (SELECT id FROM teams_company) END"  # noqa: S608 - our own names


def _refuse_long_texts(stage: Stage) -> None:
    """People are numbers in what is stored, which the limit is about."""
    text = "SELECT line, length(text) FROM whole_messages WHERE length(text) > %s"
    for line, length in sql.found(text, MESSAGE_LIMIT):
        wrong, right = f"{length:,} characters", f"use at most {MESSAGE_LIMIT:,}"
        stage.problems.add(MESSAGES.file, line, "text", wrong, right, cell=f"{length:,}")


def _insert() -> None:
    for table, columns in (("threads", THREAD_COLUMNS), ("messages", MESSAGE_COLUMNS)):
        own = "" if table == "threads" else ", thread_id"
        sql.run(
            """INSERT INTO conversations_{noun} (version, {columns}{own})
               SELECT 1, {said}{thread} FROM whole_{table} w {joined} ORDER BY w.id""",
            noun=table.removesuffix("s"),
            columns=columns,
            own=own,
            said=", ".join(f"w.{name}" for name in columns.split(", ")),
            thread=", t.id" if own else "",
            table=table,
            joined="JOIN whole_threads t ON t.key = w.thread" if own else "",
        )


def _follow() -> None:
    """Whoever wrote in a thread, or is mentioned there, follows it."""
    named = "SELECT id, text FROM whole_messages WHERE strpos(text, '](/people/') > 0 OR strpos(text, '](/teams/') > 0"
    rows = sql.streamed(named)
    while some := dict(islice(rows, AT_ONCE)):
        note_mentions(some)
    sql.run(
        """INSERT INTO conversations_following (thread_id, person_id, muted)
           SELECT t.id, w.author_id, false FROM whole_messages w JOIN whole_threads t ON t.key = w.thread
           UNION SELECT t.id, n.object_id, false FROM whole_messages w JOIN whole_threads t ON t.key = w.thread
           JOIN conversations_mention n ON n.message_id = w.id AND n.kind = 'person'
           ON CONFLICT DO NOTHING"""
    )
