"""The rules of proposed goals."""

from __future__ import annotations

from alignment.proposals import PROPOSAL
from exchange.bundle import sql
from exchange.bundle.checks.apart import refuse_changes, refuse_missing, refuse_the_future
from exchange.bundle.checks.rules import report_unknown
from exchange.bundle.checks.talk import KEPT, refuse_unknown
from exchange.bundle.format.proposed import PROPOSALS
from exchange.bundle.format.talk import THREADS
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage

NAME = PROPOSALS.name


def check(stage: Stage) -> None:
    """Adds every broken rule to the stage's problems."""
    if NAME in stage.columns:
        refuse_missing(PROPOSALS, stage)
        refuse_unknown(PROPOSALS, "goal", "goals", stage)
        _refuse_unknown_work(stage)
        refuse_the_future(PROPOSALS, stage, "linked_at")
        refuse_changes(PROPOSALS, stage, kept=KEPT)
        _refuse_other_threads(stage)
        _refuse_bad_rows(stage)
    if THREADS.name in stage.columns and NAME not in stage.unread:
        _refuse_nothing_proposed(stage)


def _refuse_unknown_work(stage: Stage) -> None:
    staged = "true"
    if "initiatives" in stage.columns:
        staged = "NOT EXISTS (SELECT FROM raw_initiatives b WHERE b.key = p.key)"
    found = sql.found(
        """SELECT line, key FROM (SELECT line, unnest(string_to_array(work, ';')) AS key FROM raw_{name}) p
           WHERE NOT EXISTS (SELECT FROM teams_initiative i WHERE i.key = p.key) AND {staged}""",
        name=NAME,
        staged=staged,
    )
    report_unknown(PROPOSALS, PROPOSALS.by_name["work"], "initiatives", found, stage)


def _refuse_other_threads(stage: Stage) -> None:
    """It comes in with its thread, which proposes something."""
    staged = "NULL"
    if THREADS.name in stage.columns:
        staged = "(SELECT b.kind FROM raw_threads b WHERE b.key = r.thread)"
    text = """SELECT r.line, r.thread, coalesce(t.kind, {staged}), t.id IS NOT NULL AND o.thread IS NULL
              FROM raw_{name} r LEFT JOIN conversations_thread t ON t.key = r.thread
              LEFT JOIN whole_old_{name} o ON o.thread = r.thread WHERE r.thread IS NOT NULL"""
    for line, thread, kind, is_late in sql.found(text, name=NAME, staged=staged):
        if stage.problems.reported(PROPOSALS.file, line, "thread") or (kind == PROPOSAL and not is_late):
            continue
        if kind is None and stage.may_exist(THREADS.name, thread):
            stage.problems.excuse(PROPOSALS.file, line, "thread")
            continue
        wrong, right = f"there is no thread {shown(thread)}", f"add it to {THREADS.file}"
        if kind == PROPOSAL:
            wrong, right = f"{shown(thread)} is there without this row", KEPT
        elif kind is not None:
            wrong, right = f"{shown(thread)} proposes nothing", f"leave the row out, or make it a {PROPOSAL}"
        stage.problems.add(PROPOSALS.file, line, "thread", wrong, right, cell=shown(thread))


BAD = {
    "linked_at": {
        "linked_at IS NOT NULL AND goal IS NULL": ("no goal came of it", "give the goal, or leave this blank")
    },
    "goal": {
        "EXISTS (SELECT FROM raw_proposals o WHERE o.goal = r.goal AND o.line < r.line)": (
            "another proposal led to this goal",
            "leave one of the two blank",
        ),
        """EXISTS (SELECT FROM whole_old_proposals o WHERE o.goal = r.goal AND o.thread <> r.thread)""": (
            "another proposal led to this goal",
            "leave this blank",
        ),
    },
    "because": {
        "because IS NULL AND work IS NOT NULL": (
            "this is blank",
            "say how the work moves the goal, or leave work blank",
        ),
    },
}
"""By column, the conditions of rows that cannot be, with what is wrong and what would be right."""


def _refuse_bad_rows(stage: Stage) -> None:
    for column, conditions in BAD.items():
        for condition, (wrong, right) in conditions.items():
            for (line,) in sql.found("SELECT line FROM raw_{name} r WHERE {condition}", name=NAME, condition=condition):
                if not stage.problems.reported(PROPOSALS.file, line, column):
                    stage.problems.add(PROPOSALS.file, line, column, wrong, right)


def _refuse_nothing_proposed(stage: Stage) -> None:
    """A thread that proposes a goal says which."""
    said = "SELECT FROM raw_proposals p WHERE p.thread = r.key" if NAME in stage.columns else "SELECT LIMIT 0"
    text = """SELECT line, key FROM raw_threads r WHERE kind = '{kind}' AND NOT EXISTS ({said})
              AND NOT EXISTS (SELECT FROM conversations_thread t WHERE t.key = r.key)"""
    for line, key in sql.found(text, kind=PROPOSAL, said=said):
        if not stage.problems.reported(THREADS.file, line, "key", "kind"):
            wrong, right = "this proposes nothing", f"add what it proposes to {PROPOSALS.file}"
            stage.problems.add(THREADS.file, line, "kind", wrong, right, cell=shown(key))
