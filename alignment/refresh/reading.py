"""Reads the rows that an edit affects, by two functions of the database (lib.db.routines), in which each statement sees
what others committed before it.

The first reads what the engine needs for the initiatives: they are locked already, and the tree of goals does not
change under an edit. Once that is stored, the second locks teams and goals and sums over the initiatives; these locks
last only as long as it takes to write the sums.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from alignment.engine.parts import PARTS
from alignment.engine.work_figures import SUMS
from alignment.enums import Subject
from alignment.refresh import figures, flags
from alignment.refresh.scope import BELOW, Scope
from alignment.selectors.columns import Few, FewReader
from lib.db.columns import Table
from lib.db.locks import Lock, lock_one_sql, lock_rows_sql, share_sql
from lib.db.routines import Routine

SMALL_TREE, SMALL_GOALS = 100, 200
"""A tree of goals with at most so many contributing initiatives is recounted as a whole, up to so many goals in all."""
MANY_GOALS = 1_000
"""With more goals than this, what needs them all is left to a worker."""


@dataclass(frozen=True)
class Read:
    """A scope completed. `worked` adds the goals that its initiatives are linked to, and `teams` their teams, now and
    when last computed. `whole` are the goals of small trees: all goals of the tree are in `worked`, so that these rows
    are enough for what depends on all goals below.

    `as_of` is the day of the stored figures, None where nothing was ever computed; `many_goals` is whether the company
    has more than MANY_GOALS; `recounted` is whether a worker is counting contributors, which does not see this edit and
    may store what was before it.
    """

    as_of: dt.date | None
    many_goals: bool
    recounted: bool
    teams: list[int]
    worked: list[int]
    whole: list[int]
    few: Few


def _stored(table: Table, key: str, parameter: str) -> Table:
    joint = "AND" if " WHERE " in table.source else "WHERE"
    return Table(f"{table.source} {joint} {key} = ANY(%({parameter})s)", table.columns)


_READER = FewReader(
    {
        "link_figures": _stored(figures.LINKS, "initiative_id", "initiatives"),
        "initiative_figures": _stored(figures.INITIATIVES, "initiative_id", "initiatives"),
        "initiative_flags": _stored(flags.FLAGS[Subject.INITIATIVE], "initiative_id", "initiatives"),
    }
)
_ROUTINE = Routine(
    "alignment_work",
    {
        "initiatives": "bigint[]",
        "given_teams": "bigint[]",
        "given_goals": "bigint[]",
        "small_tree": "integer",
        "small_goals": "integer",
        "many_goals": "integer",
    },
    {"teams": "bigint[]", "worked": "bigint[]", "whole": "bigint[]", "goals": "bigint[]", "their_teams": "bigint[]"},
    f"""
    %(their_teams)s := ARRAY(SELECT unnest(%(given_teams)s)
        UNION SELECT team_id FROM teams_initiative WHERE id = ANY(%(initiatives)s)
        UNION SELECT team_id FROM alignment_initiativefigures WHERE initiative_id = ANY(%(initiatives)s));
    %(worked)s := ARRAY(SELECT unnest(%(given_goals)s)
        UNION SELECT goal_id FROM alignment_link WHERE initiative_id = ANY(%(initiatives)s)
        UNION SELECT goal_id FROM alignment_linkfigures WHERE initiative_id = ANY(%(initiatives)s));
    %(whole)s := ARRAY(
        SELECT g.id FROM (SELECT DISTINCT path[1] AS root FROM strategy_goal WHERE id = ANY(%(worked)s)) tree
            LEFT JOIN alignment_goalfigures stored ON stored.goal_id = tree.root
            JOIN strategy_goal g ON g.path >= ARRAY[tree.root] AND g.path < ARRAY[tree.root + 1]
            WHERE COALESCE(stored.initiatives, 0) <= %(small_tree)s LIMIT %(small_goals)s + 1);
    IF cardinality(%(whole)s) > %(small_goals)s THEN %(whole)s := '{{}}'; END IF;
    %(worked)s := ARRAY(SELECT unnest(%(worked)s) UNION SELECT unnest(%(whole)s));
    %(goals)s := %(worked)s;
    %(teams)s := '{{}}';
    RETURN json_build_array(
        (SELECT as_of FROM alignment_recompute ORDER BY id DESC LIMIT 1),
        EXISTS (SELECT FROM alignment_goalfigures OFFSET %(many_goals)s),
        NOT {share_sql(Lock.COUNTS)},
        %(their_teams)s, %(worked)s, %(whole)s, ({_READER.sql}));
    """,  # noqa: S608 -- our own text
)
"""Ids of goals and teams that do not exist stay in the lists; they have no rows."""


def read_work(scope: Scope) -> Read:
    as_of, many_goals, recounted, teams, worked, whole, answer = _ROUTINE(
        initiatives=scope.initiatives,
        given_teams=scope.teams,
        given_goals=scope.worked,
        small_tree=SMALL_TREE,
        small_goals=SMALL_GOALS,
        many_goals=MANY_GOALS,
    )
    return Read(
        as_of=dt.date.fromisoformat(as_of) if as_of else None,
        many_goals=many_goals,
        recounted=recounted,
        teams=sorted(teams),
        worked=sorted(worked),
        whole=whole,
        few=_READER.few(answer),
    )


_CHOSEN = "coalesce(sum({}) FILTER (WHERE own_choice), 0)"
_SUMMED = {
    **{name: f"sum({name})" for name in PARTS},
    "own_choice": _CHOSEN.format("aligned + exploring + orphaned"),
    "own_choice_aligned": _CHOSEN.format("aligned"),
    "initiatives": "count(*)",
    "unsized": "count(*) FILTER (WHERE unsized)",
}
_SUMS_SQL = ", ".join(f"{sql} AS sum_{name}" for name, sql in _SUMMED.items())
_SUMS = Table(
    f"(SELECT team_id, {_SUMS_SQL} FROM alignment_initiativefigures"  # noqa: S608 -- our own names
    " WHERE team_id = ANY(%(teams)s) GROUP BY 1) sums",
    {"team_id": ("l", "team_id"), **{name: ("d", f"sum_{name}") for name in SUMS}},
)
"""By team, the sums over the stored rows of its initiatives."""
_REACH = Table(
    "(SELECT goal_id, sum(amount) AS amount FROM alignment_linkfigures"
    " WHERE goal_id = ANY(%(worked)s) GROUP BY 1) reach",
    {"goal_id": ("l", "goal_id"), "amount": ("d", "amount")},
)
"""By goal, what its links bring to it."""
_CONTRIBUTORS = Table(
    "alignment_linkfigures l JOIN alignment_initiativefigures i USING (initiative_id) WHERE l.goal_id = ANY(%(whole)s)",
    {
        "goal": ("l", "l.goal_id"),
        "initiative": ("l", "initiative_id"),
        "team": ("l", "team_id"),
        "unsized": ("b", "unsized"),
    },
)
"""The contributing initiatives, for the goals of small trees."""
_SUMS_READER = FewReader(
    {
        "sums": _SUMS,
        "reach": _REACH,
        "contributors": _CONTRIBUTORS,
        "team_figures": _stored(figures.TEAMS, "team_id", "teams"),
        "goal_figures": _stored(figures.GOALS, "goal_id", "worked"),
        "team_flags": _stored(flags.FLAGS[Subject.TEAM], "team_id", "teams"),
        "goal_flags": _stored(flags.FLAGS[Subject.GOAL], "goal_id", "whole"),
    }
)
_SUMS_ROUTINE = Routine(
    "alignment_sums",
    {"teams": "bigint[]", "worked": "bigint[]", "whole": "bigint[]"},
    {"initiatives": "bigint[]", "goals": "bigint[]"},
    f"""
    %(initiatives)s := '{{}}'; %(goals)s := '{{}}';
    PERFORM ({lock_rows_sql("alignment_teamfigures", "team_id", "%(teams)s")});
    PERFORM ({lock_rows_sql("alignment_goalfigures", "goal_id", "%(worked)s")});
    RETURN ({_SUMS_READER.sql});
    """,
)


def read_sums(read: Read) -> Few:
    """Locks the figures of the teams and goals of `read`, then sums what is stored below them. `company` has the teams
    with their missions and asks; `more` has `sums`, `reach` and `contributors`, and what is stored now."""
    return _SUMS_READER.few(_SUMS_ROUTINE(teams=read.teams, worked=read.worked, whole=read.whole))


_LINE_READER = FewReader(
    {
        "line": Table(
            f"""(SELECT top.id,
                EXISTS (SELECT FROM strategy_goal g JOIN alignment_goalfigures f ON f.goal_id = g.id
                    WHERE {BELOW} AND f.effort > 0) AS covered,
                EXISTS (SELECT FROM strategy_goal g JOIN strategy_measure m ON m.goal_id = g.id
                    WHERE {BELOW}) AS measured
            FROM strategy_goal top WHERE top.id = ANY(%(goals)s)) found""",  # noqa: S608 -- our own text
            {"id": ("l", "id"), "covered": ("b", "covered"), "measured": ("b", "measured")},
        ),
        "flags": _stored(flags.FLAGS[Subject.GOAL], "goal_id", "goals"),
    }
)
_LINE_ROUTINE = Routine(
    "alignment_lines",
    {"goals_below": "bigint[]"},
    {"initiatives": "bigint[]", "teams": "bigint[]", "goals": "bigint[]", "root": "bigint"},
    f"""
    %(initiatives)s := '{{}}'; %(teams)s := '{{}}';
    %(goals)s := ARRAY(SELECT DISTINCT unnest(path) FROM strategy_goal WHERE id = ANY(%(goals_below)s));
    FOR %(root)s IN SELECT DISTINCT path[1] FROM strategy_goal WHERE id = ANY(%(goals_below)s) ORDER BY 1 LOOP
        PERFORM {lock_one_sql(Lock.TREE, "%(root)s")};
    END LOOP;
    RETURN ({_LINE_READER.sql});
    """,  # noqa: S608 -- our own text
)


def read_lines(goals: list[int]) -> Few:
    """`goals` with all above them, and as `line` whether each or one below it has effort, and whether any of these has
    a measure. The trees are locked one by one first."""
    return _LINE_READER.few(_LINE_ROUTINE(goals_below=goals))
