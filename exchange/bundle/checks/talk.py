"""The rules of threads and messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversations.kinds import thread_kind
from conversations.topics import topic
from exchange.bundle import sql
from exchange.bundle.checks.apart import refuse_changes, refuse_missing, refuse_the_future
from exchange.bundle.checks.rules import report_unknown
from exchange.bundle.format.columns import Table
from exchange.bundle.format.contents import BY_NAME
from exchange.bundle.format.talk import ASK, LINK, MESSAGES, SIDES, SUBJECTS, THREADS, WORDS
from exchange.bundle.overlay import key_of
from exchange.bundle.problems import shown, words
from exchange.bundle.staging import Stage

KEPT = "leave the row as it is there, or out: what was said stays as it was read"
KINDS = {word: kind for kind, word in WORDS.items()}
NEW = "NOT EXISTS (SELECT FROM conversations_thread t WHERE t.key = r.key)"
"""Of the staged thread `r`."""
OTHER = "(answers_kind, answers) IS DISTINCT FROM (about_kind, about)"
RESTS_ON = {"due_on": "turn", "turn": "outcome", "closed_at": "outcome"}
"""By column, the one that says what it may hold."""


def check(stage: Stage) -> None:
    """Adds every broken rule to the stage's problems."""
    if THREADS.name in stage.columns:
        refuse_missing(THREADS, stage)
        refuse_unknown(THREADS, "asker", "people", stage)
        for side in SIDES:
            _refuse_subjects(side, stage)
        refuse_the_future(THREADS, stage, "opened_at", "turned_at", "closed_at", "last_at")
        refuse_changes(THREADS, stage, kept=KEPT)
        _refuse_gone(stage)
        _refuse_bad_threads(stage)
        _refuse_silent(stage)
    if MESSAGES.name in stage.columns:
        refuse_missing(MESSAGES, stage)
        for column in ("author", "removed_by"):
            refuse_unknown(MESSAGES, column, "people", stage)
        refuse_the_future(MESSAGES, stage, "at", "edited_at", "removed_at")
        refuse_changes(MESSAGES, stage, kept=KEPT)
        _refuse_without_thread(stage)
        _refuse_disorder(stage)
        _refuse_bad_messages(stage)


def refuse_unknown(table: Table, column: str, to: str, stage: Stage, only: str = "true") -> None:
    """A cell names a row of the bundle or of the database."""
    target = BY_NAME[to]
    text = """SELECT line, "{column}" FROM raw_{name} r WHERE "{column}" IS NOT NULL AND {only}
              AND NOT EXISTS (SELECT FROM {target} t WHERE {key} = r."{column}") AND {staged}"""
    staged = "true"
    if to in stage.columns:
        own = f'SELECT FROM raw_{to} b WHERE b."{target.identity[0]}" = r."{column}"'
        staged = f"NOT EXISTS ({own})"
    found = sql.found(
        text, column=column, name=table.name, only=only, target=target.target, key=key_of(target, "t"), staged=staged
    )
    report_unknown(table, table.by_name[column], to, found, stage)


def _refuse_subjects(side: str, stage: Stage) -> None:
    """What a thread is about is there; all but the company has a key."""
    only = OTHER if side == "answers" else "true"
    for kind, table in SUBJECTS.items():
        refuse_unknown(THREADS, side, table.name, stage, f"{side}_kind = '{WORDS[kind]}' AND {only}")
    for of in PAIRED:
        _refuse_paired(of, side, only, stage)
    text = """SELECT line, {side}_kind, {side} IS NULL FROM raw_threads
              WHERE ({side} IS NULL) <> ({side}_kind = 'company') AND {only}"""
    for line, kind, is_blank in sql.found(text, side=side, only=only):
        if not stage.problems.reported(THREADS.file, line, side):
            wrong, right = "the company has no key", "leave this blank"
            if is_blank:
                wrong, right = "this is blank", f"give the key of the {kind}"
            stage.problems.add(THREADS.file, line, side, wrong, right)


@dataclass(frozen=True)
class Paired:
    """Things that are in bundles by several keys: `pair` says which, `there` is SQL for those of the database that have
    the keys {0}, {1} and {2}, and `staged` those among the rows `b` of the file `file`."""

    word: str
    file: str
    pair: str
    there: str
    staged: str


PAIRED = (
    Paired(
        WORDS[LINK],
        "links",
        "initiative:goal, with the keys of a link",
        """SELECT FROM alignment_link l JOIN teams_initiative i ON i.id = l.initiative_id
           JOIN strategy_goal g ON g.id = l.goal_id WHERE i.key = {0} AND g.key = {1}""",
        "b.initiative = {0} AND b.goal = {1}",
    ),
    Paired(
        WORDS[ASK],
        "support",
        "initiative:team, and :key where it has one, of an ask",
        """SELECT FROM teams_support s JOIN teams_initiative i ON i.id = s.initiative_id
           JOIN teams_team a ON a.id = s.team_id WHERE i.key = {0} AND a.key = {1} AND s.key = {2}""",
        "b.initiative = {0} AND b.team = {1} AND b.key = {2}",
    ),
)


def _refuse_paired(of: Paired, side: str, only: str, stage: Stage) -> None:
    parts = [f"split_part(r.{side}, ':', {part})" for part in (1, 2, 3)]
    staged = "true"
    if of.file in stage.columns:
        staged = f"NOT EXISTS (SELECT FROM raw_{of.file} b WHERE {of.staged.format(*parts)})"
    text = """SELECT line, {side} FROM raw_threads r WHERE {side}_kind = '{word}' AND {side} IS NOT NULL AND {only}
              AND NOT EXISTS ({there}) AND {staged}"""
    there = of.there.format(*parts)
    for line, key in sql.found(text, side=side, word=of.word, only=only, there=there, staged=staged):
        if of.file in stage.unread or stage.ghosts.get(of.file):
            stage.problems.excuse(THREADS.file, line, side)
            continue
        right = f"write {of.pair} in this bundle or in the database"
        wrong = f"there is no {'link' if of.file == 'links' else 'ask'} {shown(key)}"
        stage.problems.add(THREADS.file, line, side, wrong, right, cell=shown(key))


def _refuse_gone(stage: Stage) -> None:
    """A thread about something that was removed is in no bundle, and has its key."""
    text = """SELECT line FROM raw_threads r JOIN conversations_thread t USING (key)
              WHERE NOT EXISTS (SELECT FROM whole_old_threads o WHERE o.key = r.key)"""
    for (line,) in sql.found(text):
        wrong = "a thread about something that was removed has this key"
        stage.problems.add(THREADS.file, line, "key", wrong, "leave the row out")


def _refuse_bad_threads(stage: Stage) -> None:
    """What its kind allows, and what follows from its having ended or not."""
    names = ("kind", "about_kind", "aspect", "turn", "due_on", "outcome", "closed_at")
    text = "SELECT line, {names}, opened_at, least(turned_at, closed_at, last_at) FROM raw_threads r WHERE {new}"
    for line, *cells, opened_at, first in sql.streamed(text, names=", ".join(names), new=NEW):
        row = dict(zip(names, cells, strict=True))
        found = [*_against_kind(row), *_against_state(row)]
        if opened_at and first and first < opened_at:
            found.append(("opened_at", "something in this row is before it", "give the instant of its first message"))
        for column, wrong, right in found:
            if not stage.problems.reported(THREADS.file, line, column, RESTS_ON.get(column, column)):
                stage.problems.add(THREADS.file, line, column, wrong, right)


Found = list[tuple[str, str, str]]


def _against_kind(row: dict[str, Any]) -> Found:
    if row["kind"] is None or row["about_kind"] is None:
        return []
    of, about, found = thread_kind(row["kind"]), KINDS[row["about_kind"]], []
    if about not in of.about and not row["outcome"]:  # what ended may be about something that took its place
        may = words(word for kind, word in WORDS.items() if kind in of.about)
        found.append(("about_kind", f"a {of.code} is about no {row['about_kind']}", f"use one of {may}"))
    elif row["aspect"] and not topic(about).said(row["aspect"]):
        may = words(topic(about).aspects)
        right = f"use one of {may}, or leave this blank" if may else "leave this blank"
        found.append(("aspect", f"{shown(row['aspect'])} is nothing to ask about there", right))
    outcomes = [*of.endings, *of.settled]
    if row["outcome"] and row["outcome"] not in outcomes:
        found.append(("outcome", f"a {of.code} does not end so", f"use one of {words(outcomes)}"))
    return found


def _against_state(row: dict[str, Any]) -> Found:
    found = []
    if row["outcome"] and row["turn"]:
        found.append(("turn", "this has ended, and is nobody’s turn", "leave this or the outcome blank"))
    elif row["due_on"] and not row["turn"] and not row["outcome"]:
        found.append(("due_on", "nobody is in turn until then", "say whose turn it is, or leave this blank"))
    if bool(row["outcome"]) != bool(row["closed_at"]):
        found.append(("closed_at", "what ended has an outcome and an instant", "give both, or leave both blank"))
    return found


def _refuse_silent(stage: Stage) -> None:
    said = "SELECT FROM raw_messages m WHERE m.thread = r.key" if MESSAGES.name in stage.columns else "SELECT LIMIT 0"
    text = "SELECT line FROM raw_threads r WHERE {new} AND NOT EXISTS ({said})"
    if MESSAGES.name in stage.unread:
        return
    for (line,) in sql.found(text, new=NEW, said=said):
        if not stage.problems.reported(THREADS.file, line, "key"):
            wrong, right = "nothing is said in this thread", f"add its messages to {MESSAGES.file}"
            stage.problems.add(THREADS.file, line, "key", wrong, right)


def _refuse_without_thread(stage: Stage) -> None:
    """A message comes in with its thread, or is there with it."""
    made = "NOT EXISTS (SELECT FROM raw_threads n WHERE n.key = r.thread)" if THREADS.name in stage.columns else "true"
    there = "EXISTS (SELECT FROM whole_old_messages o WHERE o.thread = r.thread)"
    text = """SELECT line, thread, {there} FROM raw_messages r WHERE thread IS NOT NULL AND ({made} OR {there})
              AND NOT EXISTS (SELECT FROM whole_old_messages o
                              WHERE o.thread = r.thread AND o.number::numeric = r.number)"""
    for line, thread, is_there in sql.found(text, there=there, made=made):
        if stage.may_exist(THREADS.name, thread):
            stage.problems.excuse(MESSAGES.file, line, "thread")
        elif not stage.problems.reported(MESSAGES.file, line, "thread", "number"):
            wrong, right = f"there is no thread {shown(thread)}", f"add it to {THREADS.file}"
            if is_there:
                wrong, right = f"{shown(thread)} is there without this message", KEPT
            stage.problems.add(MESSAGES.file, line, "thread", wrong, right, cell=shown(thread))


def _refuse_disorder(stage: Stage) -> None:
    """Numbers begin with 1, have no gap, and follow the instants."""
    text = """SELECT line, number, previous, at < before FROM (
                SELECT line, number, at, lag(number, 1, 0) OVER own AS previous, lag(at) OVER own AS before
                FROM raw_messages WHERE number IS NOT NULL WINDOW own AS (PARTITION BY thread ORDER BY number)
              ) r WHERE number <> previous + 1 OR at < before ORDER BY line"""
    for line, number, previous, is_before in sql.found(text):
        if stage.problems.reported(MESSAGES.file, line, "thread", "number"):
            continue
        wrong, right = f"there is no message {number - 1} of this thread", "they are numbered from 1, without a gap"
        if number == previous + 1 and is_before:
            wrong, right = f"this is before message {previous}", "number them in the order in which they were written"
        stage.problems.add(MESSAGES.file, line, "number", wrong, right)


BAD = {
    "text": {
        "text IS NULL AND removed_at IS NULL": ("this is blank", "give what was said"),
        "text IS NOT NULL AND removed_at IS NOT NULL": ("this was taken away", "leave it or removed_at blank"),
    },
    "removed_by": {
        "removed_by IS NOT NULL AND removed_at IS NULL": ("nothing was taken away", "give removed_at, or empty this"),
    },
    "edited_at": {"edited_at < at": ("this is before it was written", "use an instant after `at`")},
    "pinned": {
        "pinned AND removed_at IS NOT NULL": ("what was taken away answers nothing", "write no"),
        "pinned AND EXISTS (SELECT FROM raw_messages o WHERE o.thread = r.thread AND o.pinned AND o.line < r.line)": (
            "another message of this thread is pinned",
            "write yes at one of them",
        ),
    },
}
"""By column, the conditions of messages that cannot be, with what is wrong and what would be right."""


def _refuse_bad_messages(stage: Stage) -> None:
    for column, conditions in BAD.items():
        for condition, (wrong, right) in conditions.items():
            for (line,) in sql.found("SELECT line FROM raw_messages r WHERE {condition}", condition=condition):
                if not stage.problems.reported(MESSAGES.file, line, column):
                    stage.problems.add(MESSAGES.file, line, column, wrong, right)
