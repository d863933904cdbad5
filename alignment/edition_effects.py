"""The effect of what makes an edition: it is read from the rows after the services did it, and then taken back.

The work that is evidence for a proposed goal is linked with its publication, so it counts here too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from alignment.effects import Effect, activating, compared, figures_day
from alignment.engine.model import Company
from alignment.models import Proposal
from alignment.selectors.columns import company_columns
from alignment.services.proposals import link_published, unlink_taken_back
from lib.services.trials import rehearsed
from strategy.models import Amendment, Edition, Goal
from strategy.services.goals import activate_goal
from strategy.services.preparing.amendments import rehearse_amendment
from strategy.services.preparing.taking_back import undo_edition
from teams.models import Person


def amending(amendment: Amendment, *, reader: Person, at: dt.datetime) -> Effect:
    """Publishes the amendment. Raises RefusedError where `reader` could not publish it as it stands."""

    def publish() -> None:
        rehearse_amendment(amendment, actor=reader, at=at)
        link_published(actor=reader, at=at)

    return _rehearsed(publish, reader, at)


def taking_back(edition: Edition, *, reader: Person, at: dt.datetime) -> Effect:
    """Takes a published edition back. Raises RefusedError where `reader` could not do it."""

    def undo() -> None:
        undo_edition(edition, edition.strategy, actor=reader, at=at)
        unlink_taken_back(actor=reader, at=at)

    return _rehearsed(undo, reader, at)


def activating_now(goal: Goal, *, reader: Person, at: dt.datetime) -> Effect:
    """Sets the draft active."""
    if not Proposal.objects.filter(goal=goal, linked_at=None).exists():
        return activating(goal, reader=reader, on=figures_day(at))

    def activate() -> None:
        activate_goal(goal, actor=reader, at=at, version=goal.version)
        link_published(actor=reader, at=at)

    return _rehearsed(activate, reader, at)


def _rehearsed(work: Callable[[], None], reader: Person, at: dt.datetime) -> Effect:
    def both() -> tuple[Company, Company]:
        before = company_columns()
        work()
        return before, company_columns()

    return compared(*rehearsed(both), reader, figures_day(at))
