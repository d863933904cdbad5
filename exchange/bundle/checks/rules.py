"""The rules between rows, for the bundle and the database together (spec/bundle.md, *Rejected*).

Each check adds its problems at the row of the bundle that breaks the rule. A row with a cell in question that was
reported already is skipped.
"""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.checkins import refuse_changes, refuse_corrections
from exchange.bundle.checks import trees
from exchange.bundle.checks.archived import refuse_archived
from exchange.bundle.checks.decisions import refuse_bad_successions
from exchange.bundle.checks.forest import Forest, grown
from exchange.bundle.checks.measures import refuse_measures_elsewhere, refuse_other_milestones
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.contents import BY_NAME
from exchange.bundle.format.kinds import Reference, unknown
from exchange.bundle.format.tables import GOALS, INITIATIVES, LINKS, PEOPLE, SUPPORT, TEAMS
from exchange.bundle.overlay import key_of, over, pairs_of
from exchange.bundle.presence import refuse_erased
from exchange.bundle.problems import CellError, shown
from exchange.bundle.staging import Stage

ANOTHER = "name the goal that takes its place, or none"
OF_OTHERS = "a team does not ask itself: name another one"


def check(staged: list[Table], stage: Stage) -> dict[str, Forest]:
    """Adds every broken rule to the stage's problems; returns the trees of teams and goals, by file, for those files
    that are staged."""
    for table in staged:
        _refuse_unknown(table, stage)
        _refuse_missing(table, stage)
        if {"starts_on", "ends_on"} <= table.by_name.keys():
            _refuse_disorder(table, stage)
    names = {table.name for table in staged}
    forests = {table.name: grown(table, staged=True) for table in staged if table.nested}
    for table in (TEAMS, GOALS):
        if table.name in names:
            trees.refuse_bad_trees(table, forests[table.name], stage)
    if "goals" in names:
        trees.refuse_bad_roots(forests["goals"], stage)
        _refuse_following_oneself(stage)
    if "people" in names:
        _refuse_without_admin(stage)
        refuse_erased(stage)
    if "initiatives" in names:
        _refuse_endless_exploration(stage)
    if "links" in names:
        _refuse_shares(stage)
        _refuse_change_of_nothing(stage)
    if "decisions" in names:
        refuse_bad_successions(names, stage)
    if names & {"goals", "measures", "links"}:
        refuse_measures_elsewhere(names, forests.get("goals"), stage)
    if "check_ins" in names:
        refuse_changes(stage)
        refuse_corrections(stage)
    refuse_other_milestones(names, stage)
    refuse_archived(names, stage)
    if "support" in names:
        _refuse_unconfirmed(stage)
    if names & {"initiatives", "support"}:
        _refuse_asking_oneself(names, stage)
    return forests


def _refuse_unknown(table: Table, stage: Stage) -> None:
    """Every reference has to be to a row of the bundle or of the database."""
    for column in table.columns:
        if not stage.has(table, column.name):
            continue
        if isinstance(column.kind, Reference):
            found = sql.found(
                """SELECT r.line, r."{column}" FROM raw_{name} r JOIN whole_{name} w ON w.line = r.line
                   WHERE r."{column}" IS NOT NULL AND w.{stored} IS NULL""",
                column=column.name, name=table.name, stored=column.stored,
            )  # fmt: skip
            report_unknown(table, column, column.kind.to, found, stage)
        elif column in table.sets:
            found = sql.found("SELECT line, key FROM {pairs} WHERE member IS NULL", pairs=pairs_of(table, column))
            report_unknown(table, column, column.kind.to, found, stage)  # type: ignore[attr-defined]


def report_unknown(table: Table, column: Column, to: str, found: sql.Rows, stage: Stage) -> None:
    """Where a name or title stands in the place of a key or an address, the right one is proposed."""
    missing = [(line, key) for line, key in found if not stage.may_exist(to, key)]
    known_as = _known_as(BY_NAME[to], {key.lower() for _line, key in missing}, stage)
    for line, key in missing:
        stage.problems.refuse(table.file, line, column.name, unknown(to, key, known_as.get(key.lower(), "")))
    for line, key in found:
        if stage.may_exist(to, key):
            stage.problems.excuse(table.file, line, column.name)


def _known_as(table: Table, names: set[str], stage: Stage) -> dict[str, str]:
    """Keys, or addresses, of rows by their name or title in lower case, for those of `names` that are one's alone."""
    if not names:
        return {}
    key, name = table.identity[0], "name" if "name" in table.by_name else "title"
    rows = f"SELECT {key_of(table, 't')} AS key, lower(t.{name}) AS name FROM {table.target} t"  # noqa: S608 - our own names
    if stage.has(table, name):
        rows += f' UNION SELECT "{key}", lower("{name}") FROM raw_{table.name} WHERE "{key}" IS NOT NULL'  # noqa: S608
    text = "SELECT name, min(key) FROM ({rows}) known WHERE name = ANY(%s) GROUP BY name HAVING count(*) = 1"
    return dict(sql.rows(text, list(names), rows=rows))


def _refuse_missing(table: Table, stage: Stage) -> None:
    """A required column may be missing only where every row exists already."""
    for column in table.columns:
        if column.required and not stage.has(table, column.name):
            known = " AND ".join(f"{table.by_name[name].stored} IS NOT NULL" for name in table.identity)
            text = "SELECT count(*), min(line) FROM whole_{name} WHERE is_new AND {known}"
            ((count, first),) = sql.rows(text, name=table.name, known=known)
            if count:
                wrong = f"this column is missing, and {count:,} rows are new, the first on line {first}"
                stage.problems.add(table.file, 1, column.name, wrong, "add it")


def _refuse_disorder(table: Table, stage: Stage) -> None:
    for line, starts_on, ends_on in sql.found(
        "SELECT line, starts_on, ends_on FROM whole_{name} WHERE ends_on < starts_on", name=table.name
    ):
        if not stage.problems.reported(table.file, line, "starts_on", "ends_on"):
            column = "ends_on" if stage.has(table, "ends_on") else "starts_on"
            days, right = f"{ends_on} is before the start {starts_on}", "use a later end or an earlier start"
            stage.problems.add(table.file, line, column, f"the end {days}", right, cell=days)


def _refuse_without_admin(stage: Stage) -> None:
    """A company that had an administrator keeps one; a company without one needs none."""
    lost = sql.found(
        """SELECT w.line, w.email FROM whole_people w JOIN teams_person t ON t.id = w.id
           WHERE t.role = 'admin' AND t.is_active AND NOT (w.role = 'admin' AND w.is_active)
             AND NOT EXISTS (SELECT FROM whole_people k WHERE k.role = 'admin' AND k.is_active)
             AND NOT EXISTS (SELECT FROM teams_person p WHERE p.role = 'admin' AND p.is_active
                             AND NOT EXISTS (SELECT FROM whole_people k WHERE k.id = p.id))
           ORDER BY w.line"""
    )
    for line, email in lost:
        if not stage.problems.reported(PEOPLE.file, line, "role"):
            wrong = f"{shown(email)} would be an administrator no longer, and nobody else is one"
            right = "leave at least one with the role admin, and active"
            stage.problems.add(PEOPLE.file, line, "role", wrong, right, cell=shown(email))


def _refuse_endless_exploration(stage: Stage) -> None:
    for (line,) in sql.found("SELECT line FROM whole_initiatives WHERE kind = 'explore' AND ends_on IS NULL"):
        if not stage.problems.reported(INITIATIVES.file, line, "kind", "ends_on"):
            column = "ends_on" if stage.has(INITIATIVES, "ends_on") else "kind"
            stage.problems.add(INITIATIVES.file, line, column, "an exploration without an end", "give the day it stops")


def _refuse_shares(stage: Stage) -> None:
    """Reported at the row whose share makes an initiative's explicit shares, those of the database first, exceed 1."""
    found = sql.found(
        """WITH kept AS (
             SELECT t.initiative_id, sum(t.share) AS share FROM alignment_link t LEFT JOIN whole_links w ON w.id = t.id
             WHERE w.line IS NULL AND t.share IS NOT NULL GROUP BY t.initiative_id),
           added AS (
             SELECT w.line, w.share, coalesce(kept.share, 0) + sum(w.share) OVER own AS total,
                    coalesce(kept.share, 0) + sum(w.share) OVER (own ORDER BY w.line) AS running
             FROM whole_links w LEFT JOIN kept ON kept.initiative_id = w.initiative_id
             WHERE w.share IS NOT NULL AND w.initiative_id IS NOT NULL
             WINDOW own AS (PARTITION BY w.initiative_id))
           SELECT added.line, added.total, r.initiative FROM added JOIN raw_links r ON r.line = added.line
           WHERE added.running > 1 AND added.running - added.share <= 1"""
    )
    for line, total, key in found:
        if not stage.problems.reported(LINKS.file, line, "share", "initiative", "goal"):
            what = f"{shown(key)} add up to {total.normalize():f}"
            right = "make them 1 or less together, those in the database included"
            stage.problems.add(LINKS.file, line, "share", f"the shares of {what}", right, cell=what)


def _refuse_change_of_nothing(stage: Stage) -> None:
    for (line,) in sql.found("SELECT line FROM whole_links WHERE expected_change IS NOT NULL AND measure_id IS NULL"):
        if not stage.problems.reported(LINKS.file, line, "expected_change", "measure"):
            column = "expected_change" if stage.has(LINKS, "expected_change") else "measure"
            stage.problems.add(
                LINKS.file, line, column, "an expected change without a measure", "say which measure it is of"
            )


def _refuse_following_oneself(stage: Stage) -> None:
    if stage.has(GOALS, "successors"):
        found = sql.found("SELECT line, key FROM pairs_goals_successors WHERE member = row_id")
        for line, key in found:
            stage.problems.refuse(
                GOALS.file, line, "successors", CellError(f"{shown(key)} is this goal itself", ANOTHER)
            )


def _refuse_unconfirmed(stage: Stage) -> None:
    text = "SELECT line FROM whole_support WHERE unconfirmed AND status <> 'delivered'"
    for (line,) in sql.found(text):
        if not stage.problems.reported(SUPPORT.file, line, "unconfirmed", "status"):
            column = "unconfirmed" if stage.has(SUPPORT, "unconfirmed") else "status"
            wrong, right = "only what is delivered waits to be confirmed", "write no, or the status delivered"
            stage.problems.add(SUPPORT.file, line, column, wrong, right)


def _refuse_asking_oneself(names: set[str], stage: Stage) -> None:
    if "support" in names:
        for line, key in sql.found(
            """SELECT w.line, r.team FROM whole_support w JOIN raw_support r ON r.line = w.line
               JOIN {initiatives} i ON i.id = w.initiative_id WHERE i.team_id = w.team_id""",
            initiatives=over("initiatives", names, "team_id"),
        ):
            if not stage.problems.reported(SUPPORT.file, line, "initiative", "team"):
                wrong = f"{shown(key)} is the team that asks"
                stage.problems.add(SUPPORT.file, line, "team", wrong, OF_OTHERS, cell=shown(key))
    if "initiatives" in names:
        kept = "AND NOT EXISTS (SELECT FROM whole_support k WHERE k.id = s.id)" if "support" in names else ""
        for line, key in sql.found(
            """SELECT w.line, t.key FROM whole_initiatives w JOIN teams_team t ON t.id = w.team_id
               JOIN teams_support s ON s.initiative_id = w.id AND s.team_id = w.team_id WHERE NOT w.is_new {kept}""",
            kept=kept,
        ):
            if not stage.problems.reported(INITIATIVES.file, line, "team"):
                wrong = f"{shown(key)} would ask itself: this initiative has asked it for support"
                stage.problems.add(INITIATIVES.file, line, "team", wrong, "keep another team", cell=shown(key))
