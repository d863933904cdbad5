"""Registers the log's kinds and actions for people, teams and their work."""

from __future__ import annotations

from typing import Any

from lib.log.actions import Action, Telling, Undo, Variant, register
from lib.log.kinds import register_kind
from lib.log.meanwhile import register_teller
from teams.enums import InitiativeKind, InitiativeStatus
from teams.models import Company, Initiative, Membership, Person, Support, Team
from teams.selectors.meanwhile import told_since
from teams.services.initiatives import revert_initiative
from teams.services.presence import set_presence
from teams.services.stance import revert_stance
from teams.services.support import revert_support
from teams.services.teams import edit_team, move_team

STARTED = Telling("Starting {work}", "Starting {count} initiatives")
REMOVED = Telling("Removing work that was a mistake", "Removing {count} initiatives that were mistakes")
STATUSES = {
    InitiativeStatus.ACTIVE: Telling("Taking up {work} again", "Taking up {count} initiatives again"),
    InitiativeStatus.PROPOSED: Telling("Putting {work} back to the proposals", "Putting {count} initiatives back"),
    InitiativeStatus.PAUSED: Telling("Pausing {work}", "Pausing {count} initiatives"),
    InitiativeStatus.DONE: Telling("Finishing {work}", "Finishing {count} initiatives"),
    InitiativeStatus.DROPPED: Telling("Dropping {work}", "Dropping {count} initiatives"),
}
KINDS = {
    InitiativeKind.EXPLORE: Telling("Declaring {work} an exploration", "Declaring {count} explorations"),
    InitiativeKind.SUSTAIN: Telling("Declaring {work} upkeep", "Declaring {count} initiatives upkeep"),
    InitiativeKind.GOAL: Telling("Declaring {work} goal work", "Declaring {count} initiatives goal work"),
}
HANDED_OVER = Telling("Handing {work} to another team", "Handing {count} initiatives to other teams")
ARCHIVED = Telling("Archiving a team", "Archiving {count} teams")
ZONED = Telling("Another time zone of the company", "{count} changes of the company’s time zone")
GRACE = Telling("Other days of grace", "{count} changes of the days of grace")
SILENCE = Telling("Another time until work is silent", "{count} changes of the time until work is silent")
EXPECTED = Telling("Expecting something else of a stance", "{count} changes of what stances expect")
RESIZED = Telling("Another size of what is not sized", "{count} changes of the size of what is not sized")
SIZED = Telling("Sizing {work} anew", "Sizing {count} initiatives anew")

OF_WORK, OF_ASK = Undo(revert_initiative, noted=("touched_on",)), Undo(revert_support, own=True)


def editing_work() -> Telling:
    """Returns a new Telling per action, so that edits of different kinds are not counted together."""
    return Telling("Editing {work}", "Editing {count} initiatives")


def register_kinds() -> None:
    people: Any = Person.objects
    secrets = ("name", "email", "password", "refusal", "last_login")
    register_kind("company", Company, visible_to=lambda _person: Company.objects.all())
    register_kind("person", Person, visible_to=people.visible_to, private=secrets)
    register_kind("team", Team, visible_to=Team.objects.visible_to)
    register_kind("membership", Membership, visible_to=Membership.objects.visible_to, parents=("team", "person"))
    register_kind("initiative", Initiative, visible_to=Initiative.objects.visible_to)
    register_kind("support", Support, visible_to=Support.objects.visible_to, parents=("initiative", "team"))


def register_actions() -> None:
    _register_company()
    _register_people()
    _register_teams()
    _register_work()
    _register_support()


def _register_people() -> None:
    register(
        Action("person.role_changed", "person", "Gave somebody another role."),
        Action("person.deactivated", "person", "Ended somebody’s access, because they left."),
        Action("person.reactivated", "person", "Let somebody in again who had left."),
    )


def _register_company() -> None:
    register(
        Action(
            "company.edited",
            "company",
            "Changed the company’s settings.",
            ZONED,
            (
                Variant("default_effort", RESIZED),
                Variant("grace_days", GRACE),
                Variant("silent_days", SILENCE),
            ),
        ),
        Action("company.stance_set", "", "Changed what is expected of a stance.", EXPECTED),
    )


def _register_teams() -> None:
    moving = Undo(
        move_team,
        own=True,
        permission="teams.move_team",
        refusal="Leaders say where a team hangs. Ask one of them.",
    )
    presence = Undo(
        set_presence,
        permission="teams.bring_in_team",
        refusal="Leaders say which teams are here. Ask one of them.",
    )
    register(
        Action("team.created", "team", "Made a team."),
        Action("team.edited", "team", "Gave a team another name.", undo=Undo(edit_team, own=True)),
        Action("team.moved", "team", "Hung a team below another one, or at the top.", undo=moving),
        Action("team.archived", "team", "Archived a team, whose work went elsewhere or ended.", ARCHIVED),
        Action("team.restored", "team", "Brought an archived team back."),
        Action("team.removed", "team", "Removed a team that nothing hung on."),
        Action("team.stance_set", "team", "Set a team’s stance.", undo=Undo(revert_stance, own=True)),
        Action("team.presence_set", "team", "Marked a team as not here yet, or as here.", undo=presence),
        Action("member.added", "membership", "Took somebody on a team."),
        Action("member.changed", "membership", "Gave somebody another role on a team."),
        Action("member.removed", "membership", "Took somebody off a team."),
    )


def _register_work() -> None:
    started = Variant("status", STARTED, before=InitiativeStatus.PROPOSED, after=InitiativeStatus.ACTIVE)
    statuses = tuple(Variant("status", told, after=status) for status, told in STATUSES.items())
    kinds = tuple(Variant("kind", told, after=kind) for kind, told in KINDS.items())
    edits = (Variant("team", HANDED_OVER), Variant("effort", SIZED))
    undone = Telling("Undoing an edit of {work}", "Undoing edits of {count} initiatives")
    register(
        Action("initiative.created", "initiative", "Wrote down work of a team.", STARTED),
        Action("initiative.edited", "initiative", "Changed what work says.", editing_work(), edits, OF_WORK),
        Action(
            "initiative.kind_declared",
            "initiative",
            "Declared what kind of work it is.",
            editing_work(),
            kinds,
            OF_WORK,
        ),
        Action(
            "initiative.status_changed",
            "initiative",
            "Took up, paused, finished or dropped work.",
            editing_work(),
            (started, *statuses),
            OF_WORK,
        ),
        Action("initiative.confirmed", "initiative", "Confirmed that work is still going on.", editing_work()),
        Action("initiative.removed", "initiative", "Removed work that was written down by mistake.", REMOVED),
        Action("initiative.restored", "initiative", "Brought work back that was removed.", STARTED),
        Action("initiative.undone", "initiative", "Took an edit of work back.", undone, undo=OF_WORK),
    )


def _register_support() -> None:
    register(
        Action("support.asked", "support", "Asked another team for support."),
        Action("support.asked_again", "support", "Said anew what is asked.", undo=OF_ASK),
        Action("support.answered", "support", "Pledged or declined support.", undo=OF_ASK),
        Action("support.terms_offered", "support", "Said on what terms support is possible.", undo=OF_ASK),
        Action("support.accepted", "support", "Accepted what the other team can give.", undo=OF_ASK),
        Action("support.delivered", "support", "Said that the support was given.", undo=OF_ASK),
        Action("support.confirmed", "support", "Confirmed that the support is there.", undo=OF_ASK),
        Action("support.thanked", "support", "Thanked a team for its support.", undo=OF_ASK),
        Action("support.offered", "support", "Offered help that nobody had asked for."),
        Action("support.offer_ended", "support", "Declined help that was offered, or took it back."),
        Action("support.withdrawn", "support", "Took an ask away."),
        Action("support.restored", "support", "Brought an ask back that was taken away."),
        Action("support.undone", "support", "Took back what was last done to an ask.", undo=OF_ASK),
    )


register_kinds()
register_actions()
register_teller(told_since)
