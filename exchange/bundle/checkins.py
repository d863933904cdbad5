"""Check-ins: immutable rows that are known by their measure and instant. Without an instant, one is at the start of its
day in the company's zone.
"""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.format.tables import CHECK_INS
from exchange.bundle.staging import Stage

ONCE = "leave the row out, or add another one: what was checked in stays as it is"


def complete(stage: Stage) -> None:
    """Gives every staged check-in its instant, and reports those that are not of their day, or of the future."""
    zone, at = sql.literal(stage.timezone), sql.literal(stage.at.isoformat())
    if stage.has(CHECK_INS, "at"):
        _refuse_other_days(zone, stage)
    else:
        sql.run("ALTER TABLE raw_check_ins ADD at timestamptz")
        stage.columns[CHECK_INS.name] |= {"at"}
    sql.run('UPDATE raw_check_ins SET at = "on"::timestamp AT TIME ZONE {zone} WHERE at IS NULL', zone=zone)
    for (line,) in sql.found("SELECT line FROM raw_check_ins WHERE at > {at}", at=at):
        if not stage.problems.reported(CHECK_INS.file, line, "on", "at"):
            stage.problems.add(CHECK_INS.file, line, "at", "this is after now", "use an instant that is past")


def _refuse_other_days(zone: str, stage: Stage) -> None:
    """A day may be that of the instant in another zone: the company may have moved since."""
    text = """SELECT line, "on" FROM raw_check_ins WHERE abs((at AT TIME ZONE {zone})::date - "on") > 1"""
    for line, day in sql.found(text, zone=zone):
        wrong = f"this is another day than {day}"
        stage.problems.add(CHECK_INS.file, line, "at", wrong, "use an instant of that day", cell=str(day))


def refuse_corrections(stage: Stage) -> None:
    """A correction names the instant of a check-in of the same measure, which is not a correction itself."""
    if not stage.has(CHECK_INS, "corrects"):
        return
    right = "give the instant, in `at`, of the check-in of this measure that it corrects"
    text = "SELECT line FROM whole_check_ins WHERE corrects > at"
    for (line,) in sql.found(text):
        if not stage.problems.reported(CHECK_INS.file, line, "at", "on", "corrects"):
            stage.problems.add(CHECK_INS.file, line, "corrects", "this is after the correction itself", right)
    text = """SELECT w.line FROM whole_check_ins w WHERE w.corrects IS NOT NULL AND w.measure_id IS NOT NULL
              AND NOT EXISTS (SELECT FROM whole_check_ins o
                              WHERE o.measure_id = w.measure_id AND o.at = w.corrects AND o.corrects IS NULL)
              AND NOT EXISTS (SELECT FROM {target} t
                              WHERE t.measure_id = w.measure_id AND t.at = w.corrects AND t.corrects IS NULL)"""
    for (line,) in sql.found(text, target=CHECK_INS.target):
        if not stage.problems.reported(CHECK_INS.file, line, "measure", "corrects"):
            stage.problems.add(CHECK_INS.file, line, "corrects", "there is no check-in of that instant", right)


def refuse_changes(stage: Stage) -> None:
    """Rows that are there already have to be the same."""
    for column in CHECK_INS.fields:
        if column.name in CHECK_INS.identity or not stage.has(CHECK_INS, column.name):
            continue
        text = """SELECT w.line FROM whole_check_ins w JOIN {target} t ON t.id = w.id
                  WHERE NOT w.is_new AND w.{stored} IS DISTINCT FROM t.{stored}"""
        for (line,) in sql.found(text, target=CHECK_INS.target, stored=column.stored):
            if not stage.problems.reported(CHECK_INS.file, line, column.name, *CHECK_INS.identity):
                wrong = "this differs from the check-in that is there"
                stage.problems.add(CHECK_INS.file, line, column.name, wrong, ONCE)
