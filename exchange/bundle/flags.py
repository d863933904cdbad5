"""Flags: since when the open ones are there, and how they are snoozed. Which are open is computed, so a bundle makes
none, and its rows come in after the recompute.
"""

from __future__ import annotations

from alignment.flags import codes_of
from alignment.services.flags import LONGEST
from exchange.bundle import sql
from exchange.bundle.checks.rules import report_unknown
from exchange.bundle.counts import Counts
from exchange.bundle.format.columns import Column
from exchange.bundle.format.kinds import Reference
from exchange.bundle.format.tables import FLAG_SUBJECTS, FLAGS
from exchange.bundle.merging import ANALYSED_FROM
from exchange.bundle.overlay import follow_renamed, joined, refuse_twice, resolved
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage

SUBJECTS = {subject: Column(subject.value, Reference(table.name)) for subject, table in FLAG_SUBJECTS.items()}
"""What a row is about, as a reference of its own for each kind of subject: the code says which it is."""
CODES = {
    subject: "code IN ({})".format(", ".join(sql.literal(code.value) for code in codes_of(subject)))
    for subject in SUBJECTS
}
BY = FLAGS.by_name["snoozed_by"]
SNOOZE = "t.snoozed_until, t.snooze_reason, t.snoozed_by_id"


def lay(stage: Stage) -> None:
    """Makes `whole_flags`: the rows with the ids of what they are about and of who snoozed it. Reports duplicates."""
    if FLAGS.name not in stage.columns:
        return
    for subject, table in FLAG_SUBJECTS.items():
        follow_renamed(FLAGS, "about", table.name, f"r.{CODES[subject]}")
    refuse_twice(FLAGS, stage)
    named = [*SUBJECTS.values(), *([BY] if stage.has(FLAGS, BY.name) else [])]
    about = [f"CASE WHEN {CODES[subject]} THEN about END AS {subject.value}" for subject in SUBJECTS]
    said = [column.name for column in FLAGS.columns if column is not BY and stage.has(FLAGS, column.name)]
    sql.run(
        """CREATE TEMPORARY TABLE whole_flags AS
           SELECT r.line, {said}, {ids} FROM (SELECT *, {about} FROM raw_flags) r {joins} ORDER BY r.line""",
        said=", ".join(f"r.{name}" for name in said),
        ids=", ".join(f"{resolved(column, stage)} AS {column.stored}" for column in named),
        about=", ".join(about),
        joins=" ".join(joined(column, stage) for column in named),
    )
    sql.run("ANALYZE whole_flags")


def check(stage: Stage) -> None:
    """Adds every broken rule to the stage's problems."""
    if FLAGS.name not in stage.columns:
        return
    for subject, column in SUBJECTS.items():
        text = "SELECT line, about FROM whole_flags WHERE {codes} AND about IS NOT NULL AND {stored} IS NULL"
        found = sql.found(text, codes=CODES[subject], stored=column.stored)
        report_unknown(FLAGS, FLAGS.by_name["about"], FLAG_SUBJECTS[subject].name, found, stage)
    if stage.has(FLAGS, BY.name):
        text = """SELECT line, r.snoozed_by FROM raw_flags r JOIN whole_flags w USING (line)
                  WHERE r.snoozed_by IS NOT NULL AND w.snoozed_by_id IS NULL"""
        report_unknown(FLAGS, BY, "people", sql.found(text), stage)
    if stage.has(FLAGS, "snoozed_until"):
        _refuse_long_snoozes(stage)
        _refuse_snoozes_without_reason(stage)
    for name in ("snooze_reason", BY.name):
        if stage.has(FLAGS, name):
            _refuse_without_a_snooze(name, stage)


def _refuse_long_snoozes(stage: Stage) -> None:
    last = stage.today + LONGEST
    text = "SELECT line, snoozed_until FROM raw_flags WHERE snoozed_until > %s"
    for line, day in sql.found(text, last):
        wrong, right = f"{day} is more than a year ahead", f"snooze it until {last} at the latest"
        stage.problems.add(FLAGS.file, line, "snoozed_until", wrong, right, cell=str(day))


def _refuse_snoozes_without_reason(stage: Stage) -> None:
    column, unsaid = "snooze_reason", "snooze_reason IS NULL"
    if not stage.has(FLAGS, column):
        column, unsaid = "snoozed_until", "true"
    text = "SELECT line FROM raw_flags WHERE snoozed_until IS NOT NULL AND {unsaid}"
    for (line,) in sql.found(text, unsaid=unsaid):
        if not stage.problems.reported(FLAGS.file, line, "snooze_reason"):
            stage.problems.add(FLAGS.file, line, column, "a snooze without a reason", "say why it can wait")


def _refuse_without_a_snooze(column: str, stage: Stage) -> None:
    awake = "snoozed_until IS NULL" if stage.has(FLAGS, "snoozed_until") else "true"
    text = "SELECT line FROM raw_flags WHERE {column} IS NOT NULL AND {awake}"
    for (line,) in sql.found(text, column=column, awake=awake):
        if not stage.problems.reported(FLAGS.file, line, "snoozed_until"):
            wrong, right = "this is of a snooze, and there is no day", "give the day in snoozed_until, or empty this"
            stage.problems.add(FLAGS.file, line, column, wrong, right)


def put_back(stage: Stage) -> Counts:
    """Gives open flags the days and snoozes of the bundle, and mentions rows of which no flag is open. Call it when the
    flags are computed. A flag that is older than the entry that opened it is no news of that entry any more."""
    _find_open(stage)
    if stage.has(FLAGS, "first_seen_on"):
        _update(
            "first_seen = w.first_seen_on, cause_id = CASE WHEN w.first_seen_on >= t.first_seen THEN t.cause_id END",
            "is_aged",
        )
    if stage.has(FLAGS, "snoozed_until"):
        _update(f"(snoozed_until, snooze_reason, snoozed_by_id) = {_snooze(stage)}", "is_snoozed")
    _mention_others(stage)
    ((found, changed),) = sql.rows("SELECT count(*), count(*) FILTER (WHERE is_aged OR is_snoozed) FROM ids_flags")
    return Counts(updated=changed, unchanged=found - changed)


def _find_open(stage: Stage) -> None:
    """Makes `ids_flags`: the open flag of each row, and what differs. Without fresh statistics the planner takes a
    table that was just filled for empty."""
    ((many,),) = sql.rows("SELECT count(*) >= {many} FROM whole_flags", many=str(ANALYSED_FROM))
    if many:
        sql.run("ANALYZE {target}", target=FLAGS.target)
    aged = "coalesce(w.first_seen_on <> t.first_seen, false)" if stage.has(FLAGS, "first_seen_on") else "false"
    snoozed = f"ROW({SNOOZE}) IS DISTINCT FROM {_snooze(stage)}" if stage.has(FLAGS, "snoozed_until") else "false"
    found = """SELECT w.line, t.id, {aged} AS is_aged, {snoozed} AS is_snoozed FROM whole_flags w
               JOIN {target} t ON t.{stored} = w.{stored} AND t.code = w.code AND {only}"""
    names = {"target": FLAGS.target, "only": FLAGS.only, "aged": aged, "snoozed": snoozed}
    each = [found.format(stored=column.stored, **names) for column in SUBJECTS.values()]
    sql.run("CREATE TEMPORARY TABLE ids_flags AS {each}", each=" UNION ALL ".join(each))
    sql.run("ANALYZE ids_flags")


def _snooze(stage: Stage) -> str:
    """SQL of the snooze that a row says. Without a column for it, whose it is stays known while it is the same."""
    reason = "coalesce(w.snooze_reason, '')" if stage.has(FLAGS, "snooze_reason") else "''"
    same = f"t.snoozed_until IS NOT DISTINCT FROM w.snoozed_until AND t.snooze_reason = {reason}"
    by = "w.snoozed_by_id" if stage.has(FLAGS, BY.name) else f"CASE WHEN {same} THEN t.snoozed_by_id END"
    return f"ROW(w.snoozed_until, {reason}, {by})"


def _update(assigned: str, which: str) -> None:
    sql.run(
        """UPDATE {target} t SET {assigned} FROM ids_flags i JOIN whole_flags w USING (line)
           WHERE t.id = i.id AND i.{which}""",
        target=FLAGS.target,
        assigned=assigned,
        which=which,
    )


def _mention_others(stage: Stage) -> None:
    text = """SELECT w.line, w.code, w.about FROM whole_flags w LEFT JOIN ids_flags i USING (line)
              WHERE i.id IS NULL ORDER BY w.line"""
    for line, code, about in sql.streamed(text):
        what = f"{code} of {shown(about)}"
        wrong, right = f"the flag {what} is not open here", "it was passed over, as flags are computed"
        stage.problems.notice(FLAGS.file, line, "about", wrong, right, cell=what, instead="")
