"""Whatever is done to what is published, its editions follow: the last one says what the rows say, and the differences
from one to the next lead from the first to the last.
"""

from __future__ import annotations

import inspect
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lib.services.errors import RefusedError
from strategy.models import Edition, Strategy
from teams.enums import Role
from tests import factories as make
from tests.alignment import amending, edits
from tests.alignment.edits import Editor
from tests.examples import examples
from tests.factories import NOW
from tests.firm import build_firm
from tests.strategy.editions import (
    assert_differences_add_up,
    assert_editions_are_up_to_date,
    assert_taken_back_says_what_was_said_before,
    begin_editions,
)
from tests.test_services import SERVICES

pytestmark = pytest.mark.django_db

EDITS = 40
QUICKLY = (Phase.explicit, Phase.reuse, Phase.generate)
"""Not shrunk: an example takes seconds, and the edits made are told."""
OF_STRATEGY = [
    *("make_strategy", "edit_strategy", "date_strategy", "remove_strategy", "publish", "unpublish", "archive"),
    *("restore", "make_goal", "edit_goal", "activate_goal", "close_goal", "reopen_goal", "move_goal", "remove_goal"),
    *("open_amendment", *5 * ["plan_edit"], "withdraw_edit", "settle_conflict", "say_meaning", "explain_amendment"),
    *("drop_amendment", "publish_amendment", "publish_amendment", *3 * ["take_back"]),
    *("make_measure", "edit_measure", "remove_measure", "check_in", "undo_check_in", "correct_check_in"),
]
MODULES = ("amendments", "goals", "measures", "strategies", "taking_back")


def edit(editor: Editor) -> str:
    name = editor.random.choice(OF_STRATEGY)
    try:
        getattr(editor, name)()
    except (RefusedError, ValidationError) as refused:
        return f"{name}, refused: {refused}"
    return name


@pytest.mark.slow
def test_editions_follow_whatever_is_done():
    @settings(max_examples=examples(6), deadline=None, phases=QUICKLY, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def whatever_is_done(seed: int) -> None:
        with transaction.atomic():
            _edit(Random(seed))
            transaction.set_rollback(True)

    whatever_is_done()


def _edit(random: Random) -> None:
    build_firm()
    begin_editions()
    editor, told = Editor(random, make.PersonFactory(role=Role.ADMIN), NOW), []
    for _ in range(EDITS):
        before = dict(Edition.objects.values_list("pk", "strategy"))
        told.append(edit(editor))
        try:
            made = list(Edition.objects.exclude(pk__in=before).values_list("strategy", flat=True))
            if told[-1] != "unpublish":  # which publishes first
                assert len(made) == len({*made}), "one edit made two editions of a strategy"
            assert_editions_are_up_to_date()
        except AssertionError as error:
            error.add_note(f"after {told}")
            raise
    for strategy in Strategy.objects.all():
        assert_differences_add_up(strategy)
        assert_taken_back_says_what_was_said_before(strategy)


@pytest.mark.parametrize(
    "name", [name for name, service in SERVICES.items() if service.__module__.startswith("strategy.services.")]
)
def test_every_service_about_strategies_is_among_the_edits(name):
    """A new one is drawn here too, so that it cannot forget the editions."""
    module, _, service = name.partition(".")
    if module in MODULES:
        assert f"{module}.{service}(" in inspect.getsource(edits) + inspect.getsource(amending)
