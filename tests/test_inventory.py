"""What Django, Celery and the rules find by themselves, by name: a module in the wrong place is found by nobody."""

from __future__ import annotations

from django.core.management import get_commands
from rules.permissions import permissions

from config.celery import app
from lib.admin import site
from tests.conftest import ORDINARY, TESTS
from tests.test_imports import APPS

TASKS = {
    "accounts.clear_expired_sessions",
    "accounts.send_address_notices",
    "accounts.send_invitations",
    "accounts.send_resets",
    "alignment.recompute_when_stale",
    "alignment.refresh_waiting",
    "config.note_worker",
    "digest.build_digests",
    "digest.send_digests",
    "digest.send_due_digests",
    "digest.send_due_turn_mails",
    "digest.send_turn_mails",
}
COMMANDS = {
    "accounts": {"create_admin", "deactivate_person"},
    "alignment": {"alignment_report", "recompute_alignment"},
    "config": {"demo"},
    "digest": {"send_digest"},
    "exchange": {"export_company", "generate_company", "import_company"},
}
ADMIN = {
    "alignment": {
        *("CompanyWeek", "Dirty", "Flag", "GoalFigures", "InitiativeFigures", "InitiativeHistory", "Link"),
        *(
            "LinkFigures",
            "LinkHistory",
            "LinkPage",
            "LinkPersona",
            "Proposal",
            "ProposalWork",
            "Recompute",
            "TeamFigures",
        ),
    },
    "conversations": {"Following", "Mention", "Message", "Thread"},
    "digest": {"Digest", "DigestSettings", "TurnMail"},
    "strategy": {
        *(
            "Amendment",
            "AmendmentEdit",
            "CheckIn",
            "ContextPage",
            "Decision",
            "DecisionGoal",
            "DecisionPage",
            "DecisionPerson",
            "DecisionPersona",
            "Edition",
            "EditionGoal",
            "Goal",
            "GoalPage",
            "GoalPersona",
            "GoalSuccessor",
            "Measure",
            "MissionGoal",
            "Persona",
            "Strategy",
            "TeamPersona",
        ),
    },
    "teams": {
        *("Company", "Contributor", "Initiative", "LogEntry", "Membership", "Person", "StanceRange", "Support", "Team"),
    },
}
RULES = {
    "accounts": {"deactivate_person", "edit_person", "erase_person", "invite_person", "own_account", "read_data"},
    "alignment": {"accept_proposal", "edit_link", "judge_link", "link_work", "recompute", "snooze_flag"},
    "conversations": {
        *("edit_message", "end_thread", "follow_thread", "open_thread", "pin_answer", "remove_text", "write_message"),
    },
    "digest": {"run_digest"},
    "exchange": {"import_company"},
    "strategy": {
        "amend_strategy",
        *("add_goal_below", "check_in", "create_goal", "decide_goal", "edit_context_page", "edit_goal"),
        *("edit_measure", "order_goals", "publish_strategy", "write_context_page", "write_persona", "write_strategy"),
        *("edit_decision", "read_edition", "write_decision"),
    },
    "teams": {
        *("answer_support", "archive_team", "ask_support", "assign_initiative", "bring_in_team", "change_role"),
        *("create_team", "edit_initiative"),
        *("edit_company", "edit_team", "move_team", "remove_team", "settle_support", "start_initiative", "work_on"),
    },
}


def named(of: dict[str, set[str]]) -> set[str]:
    return {f"{app}.{name}" for app, names in of.items() for name in names}


def test_every_task_is_found():
    app.loader.import_default_modules()

    ours = {name for name, task in app.tasks.items() if type(task).__module__.partition(".")[0] in APPS}
    assert ours == TASKS


def test_every_command_is_found():
    ours = {f"{folder}.{name}" for name, folder in get_commands().items() if folder in APPS}

    assert ours == named(COMMANDS)


def test_every_model_of_ours_has_its_place_in_the_admin():
    assert {model._meta.label for model in site._registry} == named(ADMIN)


def test_every_rule_is_found():
    assert {*permissions} == named(RULES)


def test_every_place_of_tests_with_ordinary_servers_is_there():
    here = [path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py")]

    assert [place for place in ORDINARY if not any(path.startswith(place) for path in here)] == []
