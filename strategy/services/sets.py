"""Sets that belong to a team: the goals of its mission, the personas it serves."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Model, QuerySet

from teams.models import Team


def exchange(pairs: type[Model], team: Team, column: str, *, before: set[int], after: set[int]) -> None:
    """Makes the rows of `pairs` for `team` name `after` instead of `before`; others that are there stay."""
    rows: QuerySet[Model] = QuerySet(pairs)
    rows.filter(**{"team": team, f"{column}__in": before - after}).delete()
    rows.bulk_create([pairs(**{"team": team, f"{column}_id": one}) for one in sorted(after - before)])


def touch(teams: Collection[Team]) -> None:
    """Counts an edit of what belongs to the teams and has no version of its own, as the import does: two people who
    edit a set cannot overwrite each other unseen. `teams` must be locked.
    """
    ids = [team.pk for team in teams]
    Team.objects.filter(pk__in=ids).update(version=F("version") + 1)
    for team in teams:
        team.version += 1
