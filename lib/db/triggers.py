"""Triggers that maintain versions, tree paths and append-only tables, whatever writes the rows."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, OuterRef, Q, QuerySet, Value

TREE_DEPTH_LIMIT = 250  # a path must fit in an index entry


def append_only() -> list[pgtrigger.Trigger]:
    """Refuses UPDATE, DELETE and TRUNCATE."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="never_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;",
        ),
    ]


def counted_version(*columns: str) -> pgtrigger.Trigger:
    """Increments `version` with every edit by a person or an import (of `columns`, or of any column), so that a stale
    save is detected.
    """
    return pgtrigger.Trigger(
        name="version",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*columns) if columns else pgtrigger.Update,
        condition=pgtrigger.Condition("pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*"),
        func="NEW.version := OLD.version + 1; RETURN NEW;",
    )


class Versioned(models.Model):
    """A row that people edit: `version` starts at 1 and the database increments it."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


def tree_path() -> list[pgtrigger.Trigger]:
    """Maintains `path` (ids from the root down to the row itself) and refuses cycles.

    One statement may move many rows: each is checked as it is written, and then the paths of all moved rows and their
    subtrees are recomputed. Moves within a table run one at a time, and inserts and moves wait for each other. Only the
    triggers' own nested update may set a path; any other value is overwritten from the parents.
    """
    return [_own_path(), _paths_below()]


def _own_path() -> pgtrigger.Trigger:
    """Sets the path of an inserted or moved row from its parent's."""
    return pgtrigger.Trigger(
        name="path_own",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("id", "parent_id", "path"),
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
        declare=[("above", "bigint[]")],
        func=pgtrigger.Func("""
            IF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
                RAISE EXCEPTION 'the id of a row of {meta.db_table} does not change' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.parent_id IS NULL THEN
                IF TG_OP = 'UPDATE' THEN PERFORM pg_advisory_xact_lock(hashtext('{meta.db_table}.path')); END IF;
                NEW.path := ARRAY[NEW.id];
                RETURN NEW;
            END IF;
            IF TG_OP = 'INSERT' THEN
                PERFORM pg_advisory_xact_lock_shared(hashtext('{meta.db_table}.path'));
            ELSE
                PERFORM pg_advisory_xact_lock(hashtext('{meta.db_table}.path'));
            END IF;
            SELECT path INTO above FROM {meta.db_table} WHERE id = NEW.parent_id;
            IF above IS NULL THEN
                RAISE EXCEPTION 'parent % of % % does not exist', NEW.parent_id, '{meta.db_table}', NEW.id
                    USING ERRCODE = 'foreign_key_violation';
            ELSIF NEW.id = ANY(above) THEN
                RAISE EXCEPTION '% % cannot hang below itself', '{meta.db_table}', NEW.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{meta.db_table}_no_cycle';
            END IF;
            NEW.path := above || NEW.id;
            RETURN NEW;
        """),
    )


def _paths_below() -> pgtrigger.Trigger:
    """After a statement, recomputes the paths of moved rows and their subtrees.

    EXCEPT, because a join of the two may be planned for one row (measured: 3,000 goals updated in 1.6 s, not in 14.5).
    """
    return pgtrigger.Trigger(
        name="path_below",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
        referencing=pgtrigger.Referencing(old="stale", new="fresh"),
        func=pgtrigger.Func("""
            IF NOT EXISTS (SELECT id, path FROM fresh EXCEPT SELECT id, path FROM stale) THEN
                RETURN NULL;
            END IF;
            WITH RECURSIVE moved (id) AS (
                SELECT id FROM (SELECT id, path FROM fresh EXCEPT SELECT id, path FROM stale) changed
                UNION SELECT child.id FROM moved JOIN {meta.db_table} child ON child.parent_id = moved.id
            ), placed (id, path) AS (
                SELECT row.id, parent.path || row.id
                    FROM moved JOIN {meta.db_table} row USING (id)
                    LEFT JOIN {meta.db_table} parent ON parent.id = row.parent_id
                    WHERE row.parent_id IS NULL OR row.parent_id NOT IN (SELECT id FROM moved)
                UNION ALL
                SELECT child.id, placed.path || child.id
                    FROM placed JOIN {meta.db_table} child ON child.parent_id = placed.id
            ), corrected AS (
                UPDATE {meta.db_table} row SET path = placed.path
                    FROM placed WHERE row.id = placed.id AND row.path <> placed.path
            )
            SELECT (SELECT count(*) FROM moved) - (SELECT count(*) FROM placed) INTO lost;
            IF lost > 0 THEN
                RAISE EXCEPTION '% rows of % would hang below themselves', lost, '{meta.db_table}'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{meta.db_table}_no_cycle';
            END IF;
            RETURN NULL;
        """),
        declare=[("lost", "bigint")],
    )


class TreeQuerySet(QuerySet[Any]):
    """Finds all descendants or all ancestors with one query each."""

    def below(self, node: Tree) -> TreeQuerySet:
        """The subtree of `node`, itself included, in depth-first order."""
        return self.filter(subtree(node.path)).order_by("path")

    def above(self, node: Tree) -> TreeQuerySet:
        """The ancestors of `node`, from the root down to its parent."""
        return self.filter(id__in=node.path[:-1]).order_by("path")


def subtree(path: list[int], prefix: str = "") -> Q:
    """Matches the subtree at `path`, its root included, as one index range; `prefix` reaches the tree ("team__")."""
    field = ArrayField(models.BigIntegerField())
    after = [*path[:-1], path[-1] + 1]
    return Q(
        **{f"{prefix}path__gte": Value(path, output_field=field), f"{prefix}path__lt": Value(after, output_field=field)}
    )


def below_outer(prefix: str = "", outer: str = "path") -> Q:
    """In a subquery, matches the subtree of the outer query's row, itself included, as one index range; `outer` is the
    way from that row to the path."""
    behind = "trim_array(%(expressions)s, 1) || (%(expressions)s)[cardinality(%(expressions)s)] + 1"
    return _range(prefix, OuterRef(outer), _part_of_path(outer, behind))


def tree_of_outer(prefix: str = "", outer: str = "path") -> Q:
    """Likewise the whole tree that it is in."""
    first, behind = "(%(expressions)s)[1:1]", "ARRAY[(%(expressions)s)[1] + 1]"
    return _range(prefix, _part_of_path(outer, first), _part_of_path(outer, behind))


def _range(prefix: str, start: Any, behind: Any) -> Q:
    return Q(**{f"{prefix}path__gte": start, f"{prefix}path__lt": behind})


def _part_of_path(outer: str, template: str) -> Func:
    return Func(OuterRef(outer), template=template, output_field=ArrayField(models.BigIntegerField()))


class Tree(models.Model):
    """A nested row. `path` contains the ids from the root to the row itself; the database maintains it."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField(), default=list, editable=False)

    class Meta:
        abstract = True

    @property
    def depth(self) -> int:
        """0 for a root."""
        return len(self.path) - 1
