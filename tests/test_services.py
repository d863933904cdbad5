"""Which services hold the company alone, and which side by side with others.

Alone are those that change what hangs where or what counts: there the figures of others' edits would be counted on
ground that moves.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from rules.permissions import permissions

from lib.services import writes
from lib.services.permissions import SYSTEM, SYSTEM_ONLY, permission_of

ALONE = {
    "accounts": {"leaving.deactivate_person"},
    "alignment": {
        *("drift._mend_all", "nightly._recompute", "recompute.recompute_alignment", "waiting._everything"),
        "proposals.accept_proposal",
    },
    "strategy": {
        *("amendments.plan_edit", "amendments.publish_amendment"),
        *(f"decisions.{verb}_decision" for verb in ("create", "edit", "conclude", "reopen", "remove")),
        *("ordering.order_goals", "carrying_over.carry_over", "writing.write_goals"),
        *("outlines.outline_strategy", "taking_back.take_back_edition"),
        *(f"goals.{verb}_goal" for verb in ("create", "edit", "activate", "close", "reopen", "move", "remove")),
        *(f"strategies.{verb}_strategy" for verb in ("edit", "publish", "unpublish", "archive", "restore", "remove")),
        "measures.create_measure",
        "measures.remove_measure",
        *("archiving.archive_team", "archiving.restore_team"),
        "missions.set_mission",
        "personas.remove_persona",
    },
    "teams": {
        *("company.edit_company", "company.edit_stance_range", "presence.set_presence"),
        *("teams.move_team", "teams.remove_team"),
    },
}
TOGETHER = {
    "accounts": {"people.edit_person"},
    "alignment": {
        "drift._mend",
        "flags.snooze_flag",
        "flags.wake_flag",
        *(f"links.{verb}_link" for verb in ("make", "edit", "remove", "restore", "confirm", "endorse", "dispute")),
        "links.record_outcome",
        "links.set_shares",
        "links.revert_judgement",
        *("removal.remove_initiative", "removal.restore_initiative"),
        "links.withdraw_judgement",
        *(
            "successions.take_successor",
            "successions.give_back",
            "back_briefs.answer_back_brief",
            "back_briefs.ask_back_brief",
        ),
        "proposals.propose_goal",
        "waiting._one_edit",
        "waiting._recount",
        "weeks.take_snapshot",
    },
    "conversations": {
        *(
            "messages.edit_message",
            "messages.remove_text",
            "support.write_about_support",
            "threads.open_thread",
            "threads.write_message",
        ),
        *("threads.end_thread", "threads.reopen_thread", "threads.pin_answer", "threads.look_again"),
    },
    "digest": {
        *(f"running.{name}" for name in ("note_preview", "pause_digest", "resume_digest", "set_digest_times")),
        "running.start_digest",
        "now._bring_forward",
        "plans.drop_plans",
        "building.resend_failed",
        "building.resend_digest",
        "sending.refuse_address",
        *(f"subscriptions.{verb}_digests" for verb in ("allow", "choose", "stop")),
        *("subscriptions.start_digests_again", "subscriptions.note_refusal"),
        *("subscriptions.start_turn_mails_again", "subscriptions.stop_turn_mails"),
    },
    "strategy": {
        *(f"amendments.{name}" for name in ("open_amendment", "drop_amendment", "explain_amendment")),
        *(f"amendments.{name}" for name in ("withdraw_edit", "settle_conflict", "say_meaning")),
        *(f"context.{verb}_context_page" for verb in ("confirm", "create", "edit", "remove", "restore")),
        "citations.cite_for_goal",
        "decisions.relate_decision",
        *("reading.mark_read", "reading.mark_unread"),
        "measures.check_in",
        "measures.correct_check_in",
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
        "stance.revert_stance",
        "stance.set_stance",
        *(f"offers.{name}" for name in ("offer_support", "end_offer")),
        *(f"pledges.{verb}_support" for verb in ("answer", "deliver", "confirm", "thank")),
        "pledges.accept_terms",
        *(f"support.{verb}_support" for verb in ("ask", "withdraw", "restore", "revert")),
        "support.ask_again",
        "teams.create_team",
        "teams.edit_team",
    },
}


APART = {
    "accounts": {
        *(f"invitations.{name}" for name in ("invite_person", "send_invitation", "make_admin")),
        *(f"invitations.{name}" for name in ("choose_password", "join")),
        *("leaving.reactivate_person", "leaving.erase_person"),
        "resets.ask_for_reset",
        *("addresses.ask_for_address", "addresses.confirm_address", "addresses.withdraw_address"),
        "waiting_mail._send_next",
        *("rounds.invite_people", "rounds.invite_again", "rounds.renew_invitation"),
        *("mailing._begin", "mailing._give_up", "mailing._send_locked"),
    },
    "conversations": {"following.set_following"},
    "exchange": {"services.import_bundle"},
    "teams": {"people.change_role"},
}
"""These do not lock the company, or (an import) not from the start: they wait for nobody's edits."""
APPS = ("teams", "conversations", "strategy", "alignment", "digest", "exchange", "accounts")


def rows_for(service: Callable[..., Any]) -> list[Any]:
    """Something in the place of each row that the service is called with."""
    parameters = inspect.signature(service).parameters.values()
    return [
        mock.MagicMock(changes={"initiative": [0, None]})
        for each in parameters
        if each.kind is each.POSITIONAL_OR_KEYWORD
    ]


class HeldError(Exception):
    """In the place of a service's work: how it holds the company."""


def modules_of(app: str) -> Iterator[ModuleType]:
    for name in ("services", "refresh"):
        if find_spec(f"{app}.{name}") is None:
            continue
        package = import_module(f"{app}.{name}")
        yield package
        for found in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
            yield import_module(found.name)


def decorated(app: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """What stands behind a decorator in the services of `app`, by module and name."""
    for module in modules_of(app):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and hasattr(function, "__wrapped__"):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", function


@pytest.mark.django_db
@pytest.mark.parametrize("app", APPS)
def test_services_hold_the_company_alone_or_together(app, monkeypatch):
    def lock(*, alone: bool = False) -> None:
        raise HeldError(alone)

    monkeypatch.setattr(writes, "company_locked", lock)
    found: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
    for name, service in decorated(app):
        if "permission" not in vars(service):
            continue
        actor = {} if permission_of(service).name == SYSTEM_ONLY else {"actor": SYSTEM}
        try:
            service(*rows_for(service), **actor)
        except HeldError as held:
            found[held.args[0]].add(name)
        except Exception:  # noqa: BLE001 -- it took no lock, and was called without what it needs
            found[None].add(name)

    assert found == {True: ALONE.get(app, set()), False: TOGETHER.get(app, set()), None: APART.get(app, set())}


SERVICES = {name: service for app in APPS for name, service in decorated(app) if "permission" in vars(service)}
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


CALLED_BY_SERVICES = {
    *("goal_rules.change_goal", "goals.tell_goal", "link_rules.saved", "log.record", "log.record_all"),
    *(
        "messages.added",
        "threads.ended",
        "threads.turned",
        "threads.begun",
        "threads.again",
        "threads.given_to",
        "threads.remarked",
        "support.deleted",
        "support.logged",
        "threads.open_threads",
        "proposed_links.link_work",
        "proposed_links.take_links_back",
        *("proposals.link_published", "proposals.unlink_taken_back"),
        "disputes.judged",
        "disputes.answered",
        "disputes.removed",
    ),
    *("handing_over.hand_over", "handing_over.hand_over_lead", "people.note_who_left", "people.note_who_is_back"),
}
"""What services have in common, and what writes their entries."""
CALLING_SERVICES = {
    *("undo.undo", "missions.revert_mission"),
    *("amending.apply_edits", "amendments.rehearse_amendment", "taking_back.undo_edition"),
}
"""What writes nothing itself: the services that these call have their permissions."""


def test_whatever_is_done_for_somebody_is_a_service_with_a_permission():
    bare = [
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for app in APPS
        for module in modules_of(app)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "permission" not in vars(function)
        and {"actor", "at"} <= {*inspect.signature(function).parameters}
    ]

    assert {*bare} == CALLED_BY_SERVICES | CALLING_SERVICES
