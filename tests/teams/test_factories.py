"""Every factory makes a row that the database accepts, deferred constraints included."""

from __future__ import annotations

import factory
import pytest
from django.db import connection

from tests import factories

FACTORIES = [
    kind
    for kind in vars(factories).values()
    if isinstance(kind, type)
    and issubclass(kind, factory.Factory)
    and not kind._meta.abstract
    and kind.__module__ == factories.__name__
]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FACTORIES, ids=lambda kind: kind.__name__)
def test_factory_makes_two_rows_the_database_accepts(kind):
    first, second = kind(), kind()

    assert first.pk != second.pk
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_goal_factory_takes_its_place_from_parent_or_team():
    root = factories.GoalFactory()
    below = factories.GoalFactory(parent=root)
    own = factories.GoalFactory(team=factories.TeamFactory())

    assert (below.strategy, below.path) == (None, [root.pk, below.pk])
    assert (own.strategy, own.path) == (None, [own.pk])
