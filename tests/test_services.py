"""Which services hold the company alone, and which side by side with others.

Alone are those that change what hangs where or what counts: there the figures of others' edits would be counted on
ground that moves.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from rules.permissions import permissions

from lib import writes
from lib.permissions import SYSTEM, SYSTEM_ONLY, permission_of

ALONE = {
    "alignment": {"drift._mend_all", "nightly._recompute", "recompute.recompute_alignment", "waiting._everything"},
    "strategy": {
        *(f"goals.{verb}_goal" for verb in ("create", "edit", "activate", "close", "reopen", "move", "remove")),
        *(f"strategies.{verb}_strategy" for verb in ("edit", "publish", "unpublish", "archive", "restore", "remove")),
        "measures.create_measure",
        "measures.remove_measure",
        "missions.set_mission",
        "personas.remove_persona",
    },
    "teams": {"teams.move_team", "teams.remove_team"},
}
TOGETHER = {
    "alignment": {
        *(f"digest.{name}" for name in ("note_preview", "pause_digest", "resume_digest", "set_digest_times")),
        "digest.start_digest",
        "drift._mend",
        "flags.snooze_flag",
        "flags.wake_flag",
        "letternow._bring_forward",
        "letterplans.drop_plans",
        "letters.resend_failed",
        "letters.resend_letter",
        "lettersending.refuse_address",
        *(f"links.{verb}_link" for verb in ("make", "edit", "remove", "restore", "confirm", "endorse", "dispute")),
        "links.record_outcome",
        "links.set_shares",
        "links.withdraw_judgement",
        *(f"subscriptions.{verb}_letters" for verb in ("allow", "choose", "stop")),
        "subscriptions.start_letters_again",
        "waiting._one_edit",
        "waiting._recount",
        "weeks.take_snapshot",
    },
    "strategy": {
        *(f"context.{verb}_context_page" for verb in ("create", "edit", "remove", "restore")),
        "measures.check_in",
        "measures.edit_measure",
        "measures.undo_check_in",
        *(f"personas.{name}" for name in ("create_persona", "edit_persona", "set_personas")),
        "strategies.create_strategy",
    },
    "teams": {
        *(f"initiatives.{verb}_initiative" for verb in ("create", "edit", "confirm", "revert")),
        "initiatives.change_status",
        "initiatives.declare_kind",
        *(f"members.{verb}_member" for verb in ("add", "change", "remove")),
        "stance.set_stance",
        *(f"support.{verb}_support" for verb in ("ask", "answer", "deliver", "withdraw", "restore", "revert")),
        "support.ask_again",
        "teams.create_team",
        "teams.edit_team",
    },
}


PACKAGES = {"alignment": ("services", "refresh"), "strategy": ("services",), "teams": ("services",)}


def rows_for(service: Callable[..., Any]) -> list[Any]:
    """Something in the place of each row that the service is called with."""
    parameters = inspect.signature(service).parameters.values()
    return [mock.MagicMock(data={"initiative": 0}) for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]


class HeldError(Exception):
    """In the place of a service's work: how it holds the company."""


def modules_of(app: str) -> Iterator[ModuleType]:
    for package in (import_module(f"{app}.{name}") for name in PACKAGES[app]):
        for found in pkgutil.iter_modules(package.__path__):
            yield import_module(f"{package.__name__}.{found.name}")


def decorated(app: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """What stands behind a decorator in the services of `app`, by module and name."""
    for module in modules_of(app):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and hasattr(function, "__wrapped__"):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", function


@pytest.mark.django_db
@pytest.mark.parametrize("app", ALONE)
def test_services_hold_the_company_alone_or_together(app, monkeypatch):
    def lock(*, alone: bool = False) -> None:
        raise HeldError(alone)

    monkeypatch.setattr(writes, "company_locked", lock)
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for name, service in decorated(app):
        if "permission" not in vars(service):
            continue
        actor = {} if permission_of(service).name == SYSTEM_ONLY else {"actor": SYSTEM}
        try:
            service(*rows_for(service), **actor)
        except HeldError as held:
            found[held.args[0]].add(name)
        except TypeError:  # it takes no lock, and was called without what it needs
            continue

    assert found == {True: ALONE[app], False: TOGETHER[app]}


SERVICES = {name: service for app in ALONE for name, service in decorated(app) if "permission" in vars(service)}
FOR_PEOPLE = [name for name, service in SERVICES.items() if permission_of(service).name != SYSTEM_ONLY]


class Stranger:
    """May nothing."""

    def __init__(self):
        self.asked = []

    def has_perm(self, perm, obj=None):
        self.asked.append(perm)
        return False


@pytest.mark.django_db
@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_service_refuses_whoever_lacks_its_permission(name, django_assert_max_num_queries):
    """Before it looks at anything else of what it was given."""
    service = SERVICES[name]
    actor, needed = Stranger(), permission_of(service).name

    with pytest.raises(PermissionDenied, match=needed), django_assert_max_num_queries(1):
        service(*rows_for(service), actor=actor)
    assert actor.asked == [needed]


def test_every_permission_of_a_service_is_one_that_rules_know():
    assert {permission_of(SERVICES[name]).name for name in FOR_PEOPLE} <= {*permissions}


CALLED_BY_SERVICES = {"linkrows.saved", "initiatives.log_change", "log.record"}
"""What services have in common, and what writes their entries."""


def test_whatever_is_done_for_somebody_is_a_service_with_a_permission():
    bare = [
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for app in ALONE
        for module in modules_of(app)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "permission" not in vars(function)
        and {"actor", "at"} <= {*inspect.signature(function).parameters}
    ]

    assert {*bare} == CALLED_BY_SERVICES
