"""Edits a team's sets: the goals of its mission and its personas."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Model, QuerySet

from teams.models import Team


def exchange(pairs: type[Model], team: Team, column: str, *, before: set[int], after: set[int]) -> None:
    """Replaces `before` with `after` in the team's rows of `pairs`; other rows do not change."""
    rows: QuerySet[Model] = QuerySet(pairs)
    rows.filter(**{"team": team, f"{column}__in": before - after}).delete()
    rows.bulk_create([pairs(**{"team": team, f"{column}_id": one}) for one in sorted(after - before)])


def touch(teams: Collection[Team]) -> None:
    """Increments the teams' versions after an edit of rows without a version, as the import does, so that concurrent
    edits of a set are detected. `teams` must be locked.
    """
    ids = [team.pk for team in teams]
    Team.objects.filter(pk__in=ids).update(version=F("version") + 1)
    for team in teams:
        team.version += 1
