"""The files of conversations: threads, and their messages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from conversations.enums import Side
from conversations.kinds import thread_kinds
from conversations.models.thread import ASPECT_LIMIT
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.kinds import (
    NOUNS,
    REFERENCE_LIMIT,
    Amount,
    Day,
    Instant,
    Kind,
    Line,
    Lines,
    Reference,
    YesOrNo,
    choice,
)
from exchange.bundle.format.tables import CONTEXT, DECISIONS, GOALS, INITIATIVES, KEY, STRATEGIES, TEAMS

COMPANY, LINK, ASK = "company", "link", "support"
SUBJECTS = {
    "team": TEAMS,
    "initiative": INITIATIVES,
    "strategy": STRATEGIES,
    "goal": GOALS,
    "decision": DECISIONS,
    "contextpage": CONTEXT,
}
"""By the log's kind, the files of what threads are about: those whose rows have a key. A bundle calls them by the noun
of the file. Links are in bundles by initiative and goal, asks for support by initiative, team and key, and the company
has no key."""
WORDS = {kind: NOUNS[table.name] for kind, table in SUBJECTS.items()} | {each: each for each in (LINK, ASK, COMPANY)}
SIDES = ("about", "answers")
OUTCOME_LIMIT = 20


def word_of(column: str) -> str:
    """SQL of the bundle's word for the kind in `column`."""
    words = " ".join(f"WHEN '{kind}' THEN '{word}'" for kind, word in WORDS.items())
    return f"CASE {column} {words} END"


def _key(kind: str, pk: str) -> str:
    """SQL of the key of what a thread is about; null for what is gone, and for the company."""
    keys = " ".join(
        f"WHEN '{name}' THEN (SELECT key FROM {table.target} WHERE id = {pk})"  # noqa: S608 - our own names
        for name, table in SUBJECTS.items()
    )
    link = f"""SELECT i.key || ':' || g.key FROM alignment_link l JOIN teams_initiative i ON i.id = l.initiative_id
               JOIN strategy_goal g ON g.id = l.goal_id WHERE l.id = {pk}"""  # noqa: S608 - our own names
    ask = f"""SELECT i.key || ':' || a.key || CASE s.key WHEN '' THEN '' ELSE ':' || s.key END FROM teams_support s
              JOIN teams_initiative i ON i.id = s.initiative_id JOIN teams_team a ON a.id = s.team_id
              WHERE s.id = {pk}"""  # noqa: S608 - our own names
    return f"CASE {kind} {keys} WHEN '{LINK}' THEN ({link}) WHEN '{ASK}' THEN ({ask}) END"


def is_there(alias: str) -> str:
    """SQL for whether what the thread `alias` is about is there."""
    return f"({alias}.about_kind = '{COMPANY}' OR {_key(f'{alias}.about_kind', f'{alias}.about_id')} IS NOT NULL)"


ANSWERS = _key("t.answers_kind", "t.answers_id")
PERSON, NOBODY = "](/people/", "0"
ADDRESS = "[^[:space:])]+@[^[:space:])]+"


def exchanged(text: str, person: str, instead: str, among: str) -> str:
    """SQL of `text` in which what stands for a person in the address of their page (`said`, which matches the regular
    expression `person`) becomes `instead`; `among` is a join to rows `p`.
    """
    found = f"CASE WHEN nth > 1 THEN substring(part FROM '^({person})/\\)') END"
    parts = f"""SELECT string_agg(
        CASE WHEN said IS NULL THEN part ELSE {instead} || substr(part, length(said) + 1) END, '{PERSON}' ORDER BY nth)
        FROM (SELECT part, nth, {found} AS said
              FROM string_to_table({text}, '{PERSON}') WITH ORDINALITY AS parts (part, nth)) named {among}"""  # noqa: S608 - our own names
    return f"CASE WHEN strpos({text}, '{PERSON}') = 0 THEN {text} ELSE ({parts}) END"


def exported(text: str, known: str = "NULL", among: str = "") -> str:
    """SQL of `text` in which people are known by their addresses: by `known`, where `among` has them by number. Any
    other number is NOBODY, as it would be another person elsewhere.
    """
    said = f"CASE WHEN strpos(said, '@') > 0 THEN lower(said) ELSE '{NOBODY}' END"
    return exchanged(text, f"[0-9]+|{ADDRESS}", f"coalesce({known}, {said})", among)


BY_NUMBER = "LEFT JOIN teams_person p ON p.id = CASE WHEN said ~ '^[0-9]{1,18}$' THEN said::bigint END"


@dataclass(frozen=True)
class ThreadKindCode(Kind):
    """The code of a kind of thread; apps register theirs when they are ready."""

    def clean(self, cell: str) -> str:
        return choice([kind.code for kind in thread_kinds()]).clean(cell)


def _kind_of(name: str, said: str) -> Column:
    return Column(name, choice(WORDS.values()), required=name == "about_kind", told=said)


THREADS = Table(
    "threads",
    "conversations_thread",
    ("key",),
    (
        KEY,
        Column("kind", ThreadKindCode(), required=True),
        _kind_of("about_kind", word_of("t.about_kind")),
        Column("about", Line(REFERENCE_LIMIT), told=_key("t.about_kind", "t.about_id")),
        Column("aspect", Line(ASPECT_LIMIT)),
        Column("asker", Reference("people"), required=True),
        _kind_of(
            "answers_kind",
            f"CASE WHEN {ANSWERS} IS NULL THEN '{COMPANY}' ELSE {word_of('t.answers_kind')} END",
        ),
        Column("answers", Line(REFERENCE_LIMIT), told=ANSWERS),
        Column("opened_at", Instant(), required=True),
        Column("turn", choice(Side.values)),
        Column("turned_at", Instant()),
        Column("due_on", Day()),
        Column("outcome", Line(OUTCOME_LIMIT)),
        Column("closed_at", Instant()),
        Column("last_at", Instant()),
    ),
    immutable=True,
    apart=True,
    only=is_there("t"),
)
MESSAGES = Table(
    "messages",
    f"""(
        SELECT m.*, h.pinned_id IS NOT DISTINCT FROM m.id AS is_pinned,
            row_number() OVER (PARTITION BY m.thread_id ORDER BY m.at, m.id) AS number
        FROM conversations_message m JOIN conversations_thread h ON h.id = m.thread_id WHERE {is_there("h")}
    )""",  # noqa: S608 - our own names
    ("thread", "number"),
    (
        Column("thread", Reference("threads"), required=True),
        Column("number", Amount(9, 0, Decimal(1), Decimal(999_999_999)), required=True),
        Column("author", Reference("people"), required=True),
        Column("at", Instant(), required=True),
        Column("text", Lines(), told=exported("t.text", "lower(p.email)", BY_NUMBER)),
        Column("pinned", YesOrNo(), default="no", field="is_pinned"),
        Column("edited_at", Instant()),
        Column("removed_at", Instant()),
        Column("removed_by", Reference("people")),
    ),
    immutable=True,
    apart=True,
)
