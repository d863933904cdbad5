"""The company after the import: the bundle laid over the database, as temporary tables.

`ids_<file>` gives every row of a keyed file its id, stored or new. `whole_<file>` has each row of the file complete,
under the database's column names: the bundle's value, else the database's, else the default. Rows that are not in the
bundle stay in the database's own tables.
"""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.checkins import complete
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.contents import BY_NAME, TABLES
from exchange.bundle.format.kinds import Reference, References
from exchange.bundle.format.tables import CHECK_INS, SUPPORT
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage

LOCKED = """
    teams_company, teams_stancerange, teams_team, teams_membership, teams_initiative, teams_contributor,
    teams_support,
    strategy_persona, strategy_teampersona, strategy_contextpage, strategy_strategy, strategy_goal,
    strategy_missiongoal, strategy_goalsuccessor, strategy_goalpage, strategy_goalpersona, strategy_decision,
    strategy_decisionperson, strategy_decisiongoal, strategy_decisionpage, strategy_decisionpersona,
    strategy_measure, strategy_checkin, strategy_edition, strategy_editiongoal, strategy_amendment,
    strategy_amendmentedit, alignment_link, alignment_linkpage, alignment_linkpersona, alignment_proposal,
    alignment_proposalwork, alignment_flag,
    conversations_thread, conversations_message, conversations_mention, conversations_following"""

TWICE = {"support": "put both asks into one row, or give each a key that tells them apart"}


CHANGED_LATER = """
    t.confirmed_on IN (SELECT meaning_changed_on FROM strategy_goal WHERE meaning_changed_at IS NOT NULL) AND EXISTS (
        SELECT FROM strategy_goal own JOIN strategy_goal g ON g.id = ANY(own.path)
        WHERE own.id = t.goal_id AND g.meaning_changed_on = t.confirmed_on
            AND g.meaning_changed_at > coalesce(t.confirmed_at, '-infinity'))"""
"""SQL for whether a link's goal, or one above it, changed its meaning later on the day on which the link was confirmed.
The bundle has days and no instants: it then has the day before (spec/alignment.md, *Flags*)."""


def lock_tables() -> None:
    """Blocks writers but not readers until the transaction ends, so that what is checked is what is written. People are
    not locked: they sign in meanwhile. Call it with the company lock held alone, so that running writers finish
    first."""
    sql.run("LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE", tables=LOCKED)


def lay(stage: Stage) -> list[Table]:
    """Makes the tables for every staged file and reports duplicate rows; returns the staged files in order, but for
    those of `computed` rows, and those that are brought in `apart`."""
    known = [table for table in TABLES if table.name in stage.columns]
    staged = [table for table in known if not table.computed and not table.apart]
    for table in staged:
        _follow_renamed(table, stage)
    if CHECK_INS in staged:
        complete(stage)
    if SUPPORT in staged:
        _complete_support(stage)
    for table in staged:
        if not table.immutable:
            refuse_twice(table, stage)
        if table.keyed:
            _make_ids(table)
    for table in staged:
        _make_whole(table, stage)
        for column in table.sets:
            if stage.has(table, column.name):
                _make_pairs(table, column, stage)
    return staged


def _complete_support(stage: Stage) -> None:
    """One without a key is the one ask of its pair that has none."""
    if not stage.has(SUPPORT, "key"):
        sql.run("ALTER TABLE raw_support ADD key text")
        stage.columns[SUPPORT.name] |= {"key"}
    sql.run("UPDATE raw_support SET key = '' WHERE key IS NULL")


def over(name: str, staged: set[str], *columns: str) -> str:
    """SQL for use as a table: the final `id` and `columns` of a table."""
    target, listed = BY_NAME[name].target, ", ".join(columns)
    if name not in staged:
        return f"(SELECT id, {listed} FROM {target})"  # noqa: S608 - our own names
    kept = f"{target} t WHERE NOT EXISTS (SELECT FROM whole_{name} w WHERE w.id = t.id)"
    return f"(SELECT id, {listed} FROM whole_{name} UNION ALL SELECT id, {listed} FROM {kept})"  # noqa: S608 - our own names


def drop() -> None:
    """Drops the tables of `lay` and staging, as the caller's transaction may go on."""
    made = sql.values(
        """SELECT relname FROM pg_class
           WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' AND relname ~ '^(raw|ids|whole|pairs)_'"""
    )
    names = ", ".join(made)
    if names:
        sql.run("DROP TABLE {names}", names=names)


RENAMED = ("strategies", "goals", "measures", "decisions")
"""Files whose rows may have had another key before everybody might see them."""


def _follow_renamed(table: Table, stage: Stage) -> None:
    """Replaces such a key, of an older export, by the one of now."""
    named = {column.name: column.kind.to for column in table.fields if isinstance(column.kind, Reference)}
    if table.name in RENAMED:
        named["key"] = table.name
    for column, to in named.items():
        if stage.has(table, column):
            follow_renamed(table, column, to)


def follow_renamed(table: Table, column: str, to: str, only: str = "true") -> None:
    """Does so in one column, which refers to rows of the file `to`."""
    if to in RENAMED:
        sql.run(
            """UPDATE raw_{name} r SET "{column}" = t.key FROM {target} t
               WHERE t.first_key = r."{column}" AND t.key <> t.first_key AND {only}""",
            name=table.name,
            column=column,
            target=BY_NAME[to].target,
            only=only,
        )


def refuse_twice(table: Table, stage: Stage) -> None:
    """The first row stays, so that references to it are checked against it."""
    identity = ", ".join(f'"{name}"' for name in table.identity)
    known = " AND ".join(f'"{name}" IS NOT NULL' for name in table.identity)
    again = sql.found(
        """SELECT line, first, {identity} FROM (
             SELECT line, min(line) OVER (PARTITION BY {identity}) AS first, {identity} FROM raw_{name} WHERE {known}
           ) known WHERE line > first ORDER BY line""",
        identity=identity,
        name=table.name,
        known=known,
    )
    for line, first, *cells in again:
        said = {name: shown(str(cell)) for name, cell in zip(table.identity, cells, strict=True) if cell != ""}
        what = f"{' and '.join(said.values())} is on line {first}"
        right = TWICE.get(table.name, "keep one of the two rows")
        stage.problems.add(table.file, line, [*said][-1], f"{what} already", right, cell=what)
    if again:
        sql.run("DELETE FROM raw_{name} WHERE line = ANY(%s)", [line for line, *_ in again], name=table.name)


def _make_ids(table: Table) -> None:
    key = table.identity[0]
    sql.run(
        """CREATE TEMPORARY TABLE ids_{name} AS
           SELECT r.line, r."{key}" AS key, t.id IS NULL AS is_new,
                  coalesce(t.id, nextval(pg_get_serial_sequence('{target}', 'id'))) AS id
           FROM raw_{name} r LEFT JOIN {target} t ON {stored} = r."{key}" ORDER BY r.line""",
        name=table.name,
        target=table.target,
        key=key,
        stored=key_of(table, "t"),
    )
    sql.run("ANALYZE ids_{name}", name=table.name)


def key_of(table: Table, alias: str) -> str:
    """SQL of the row's identity in bundles: e-mails compare in lower case."""
    return f"lower({alias}.email)" if table.name == "people" else f"{alias}.key"


def _make_whole(table: Table, stage: Stage) -> None:
    sql.run(
        "ANALYZE raw_{name} (line, {identity})",
        name=table.name,
        identity=", ".join(f'"{name}"' for name in table.identity),
    )
    present = [column for column in table.fields if stage.has(table, column.name)]
    joins = [joined(column, stage) for column in present if isinstance(column.kind, Reference)]
    if table.keyed:
        joins = [f"JOIN ids_{table.name} i ON i.line = r.line LEFT JOIN {table.target} t ON t.id = i.id", *joins]
        row = "i.id, i.is_new, t.version AS version_before"
    else:
        same = " AND ".join(
            f"t.{table.by_name[name].stored} = {_effective(table, table.by_name[name], stage)}"
            for name in table.identity
        )
        stored = table.target
        if table.immutable:
            stored, same = _numbered(table), f"{same} AND t.nth = r.nth"
        joins.append(f"LEFT JOIN {stored} t ON {same}")
        version = "1" if table.immutable else "t.version"
        own = "t.id"
        if table.sets:
            own = f"coalesce(t.id, nextval(pg_get_serial_sequence('{table.target}', 'id'))) AS id"
        row = f"{own}, t.id IS NULL AS is_new, {version} AS version_before"
    columns = ", ".join(f"{_effective(table, column, stage)} AS {column.stored}" for column in table.fields)
    sql.run(
        """CREATE TEMPORARY TABLE whole_{name} AS
           SELECT r.line, {row}, {columns} FROM {raw} r {joins} ORDER BY r.line""",
        name=table.name,
        row=row,
        columns=columns,
        raw=_numbered(table, staged=True) if table.immutable else f"raw_{table.name}",
        joins=" ".join(joins),
    )
    sql.run(
        "ANALYZE whole_{name} (line, id, is_new{more})",
        name=table.name,
        more="".join(f", {c.stored}" for c in table.fields if isinstance(c.kind, Reference)),
    )


def _numbered(table: Table, *, staged: bool = False) -> str:
    """SQL of the table, or of the staged rows, with the number `nth` of each row among those of the same identity."""
    columns = (name if staged else table.by_name[name].stored for name in table.identity)
    own, order = ", ".join(f'"{column}"' for column in columns), "line" if staged else "id"
    source = f"raw_{table.name}" if staged else table.target
    return f"(SELECT *, row_number() OVER (PARTITION BY {own} ORDER BY {order}) AS nth FROM {source})"  # noqa: S608 - our own names


def joined(column: Column, stage: Stage) -> str:
    """SQL that finds what `column` refers to among the bundle's rows, else among the database's."""
    assert isinstance(column.kind, Reference)  # noqa: S101 - for the type checker
    target = BY_NAME[column.kind.to]
    join = f'LEFT JOIN {target.target} d_{column.name} ON {key_of(target, f"d_{column.name}")} = r."{column.name}"'
    if target.name in stage.columns:
        join += f' LEFT JOIN ids_{target.name} b_{column.name} ON b_{column.name}.key = r."{column.name}"'
    return join


def resolved(column: Column, stage: Stage) -> str:
    assert isinstance(column.kind, Reference)  # noqa: S101 - for the type checker
    if column.kind.to in stage.columns:
        return f"coalesce(d_{column.name}.id, b_{column.name}.id)"
    return f"d_{column.name}.id"


def _effective(table: Table, column: Column, stage: Stage) -> str:
    """SQL of the row's final value, over r (staged), i (its id), t (stored)."""
    if column.keeps:
        said = f'r."{column.name}", ' if stage.has(table, column.name) else ""
        if said and column.instant:
            same = f"r.{column.name} = t.{column.stored} - 1 AND {CHANGED_LATER}"
            said = f"CASE WHEN {same} THEN t.{column.stored} END, {said}"
        return f"coalesce({said}t.{column.stored}, DATE {sql.literal(stage.today.isoformat())})"
    default = _default(table, column, stage)
    if not stage.has(table, column.name):
        return f"CASE WHEN t.id IS NULL THEN {default} ELSE t.{column.stored} END"
    if isinstance(column.kind, Reference):
        return resolved(column, stage)
    if table.name == "people" and column.name == "timezone":
        return f"""CASE WHEN r.timezone IS NULL OR (r.timezone = {sql.literal(stage.timezone)} AND t.timezone IS
               DISTINCT FROM r.timezone)
                        THEN '' ELSE r.timezone END"""
    return f'coalesce(r."{column.name}", {default})'


def _default(table: Table, column: Column, stage: Stage) -> str:
    if column.same_as:
        return _effective(table, table.by_name[column.same_as], stage)
    if column.required or isinstance(column.kind, Reference) or (column.kind.sql != "text" and not column.default):
        return f"NULL::{'bigint' if isinstance(column.kind, Reference) else column.kind.sql}"
    return f"{sql.literal(column.default)}::{column.kind.sql}"


def pairs_of(table: Table, column: Column) -> str:
    """The name of the temporary table of a set's members."""
    return f"pairs_{table.name}_{column.name}"


def _make_pairs(table: Table, column: Column, stage: Stage) -> None:
    """`pairs_<file>_<column>`: a row for each member of the set, `member` NULL where no row has that key."""
    assert isinstance(column.kind, References)  # noqa: S101 - for the type checker
    target = BY_NAME[column.kind.to]
    among = f"LEFT JOIN ids_{target.name} b ON b.key = p.key" if target.name in stage.columns else ""
    sql.run(
        """CREATE TEMPORARY TABLE {pairs} AS
           SELECT p.line, i.id AS row_id, p.key, {member} AS member
           FROM (SELECT line, unnest(string_to_array("{column}", ';')) AS key FROM raw_{name}) p
           JOIN {rows} i ON i.line = p.line LEFT JOIN {target} d ON {known} {among}""",
        pairs=pairs_of(table, column),
        column=column.name,
        name=table.name,
        rows=f"ids_{table.name}" if table.keyed else f"whole_{table.name}",
        target=target.target,
        among=among,
        known="p.key IN (d.key, d.first_key)" if target.name in RENAMED else f"{key_of(target, 'd')} = p.key",
        member="coalesce(d.id, b.id)" if among else "d.id",
    )
