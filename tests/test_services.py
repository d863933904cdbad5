"""Which services hold the company alone, and which side by side with others.

Alone are those that change what hangs where or what counts: there the figures of others' edits would be counted on
ground that moves.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from lib import writes

ALONE = {
    "alignment": {"drift._mend_all", "nightly._recompute", "waiting._everything"},
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


class HeldError(Exception):
    """In the place of a service's work: how it holds the company."""


def decorated(app: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """What stands behind a decorator in the services of `app`, by module and name."""
    package = import_module(f"{app}.services")
    for found in pkgutil.iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and hasattr(function, "__wrapped__"):
                yield f"{found.name}.{name}", function


@pytest.mark.django_db
@pytest.mark.parametrize("app", ALONE)
def test_services_hold_the_company_alone_or_together(app, monkeypatch):
    def hold(*, alone: bool = False) -> None:
        raise HeldError(alone)

    monkeypatch.setattr(writes, "hold_company", hold)
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for name, service in decorated(app):
        try:
            service()
        except HeldError as held:
            found[held.args[0]].add(name)
        except TypeError:  # it is no such service, and was called without what it needs
            continue

    assert found == {True: ALONE[app], False: TOGETHER[app]}
