"""Figures and flags follow each edit: after it, what is stored is what a full recompute would store."""

from __future__ import annotations

from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.models import Dirty, Recompute
from alignment.refresh import edits, reading
from alignment.refresh.waiting import refresh_waiting
from teams.enums import Role
from tests import factories as make
from tests.alignment.edits import Editor
from tests.alignment.stored import assert_no_drift
from tests.examples import examples
from tests.factories import NOW
from tests.firm import build_firm

EDITS = 24
QUICKLY = (Phase.explicit, Phase.reuse, Phase.generate)
"""Not shrunk: an example takes seconds, and the edits made are told."""
MODES = {
    "small trees": (100, 400),
    "large trees": (-1, 400),
    "left to a worker": (100, 2),
    "all left to a worker": (-1, -1),
}
"""By name, `reading.SMALL_TREE` and `edits.INLINE`: in which way figures follow."""


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mode", MODES)
def test_stored_figures_equal_a_full_recompute_after_each_edit(mode, monkeypatch):
    small, inline = MODES[mode]
    monkeypatch.setattr(reading, "SMALL_TREE", small)
    monkeypatch.setattr(edits, "INLINE", inline)
    monkeypatch.setattr(reading, "MANY_GOALS", 1_000 if small > 0 else 0)

    @settings(max_examples=examples(4), deadline=None, phases=QUICKLY, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32), from_firm=st.booleans())
    def after_each_edit(seed: int, from_firm: bool) -> None:
        with transaction.atomic():
            _edit(Random(seed), from_firm=from_firm)
            transaction.set_rollback(True)

    after_each_edit()


def _edit(random: Random, *, from_firm: bool) -> None:
    """From a small firm, or from nothing."""
    if from_firm:
        build_firm()
    editor = Editor(random, make.PersonFactory(role=Role.ADMIN), NOW)
    told = []
    for _ in range(EDITS if from_firm else 2 * EDITS):
        told.append(editor.edit())
        refresh_waiting(at=editor.at)
        assert not Dirty.objects.exists()
        try:
            if Recompute.objects.exists():  # before the first edit that goes through
                assert_no_drift()
        except AssertionError as error:
            error.add_note(f"after {told}")
            raise
