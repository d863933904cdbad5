"""Who may sign in by a mailed address, who may be invited, and what became of invitations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Lower

from accounts.enums import InvitationState
from accounts.models import Invitation, InvitationRound
from lib.db.triggers import subtree
from lib.mail.addresses import Addressee
from lib.paging.keyset import Page, keyset_page
from teams.models import Membership, Person, Team

LATEST = 5


def may_have_link(email: str) -> Person | None:
    """The active person with this address who has joined or was invited; nobody else may sign in by mail. None where a
    mail server permanently refused the address.
    """
    return Person.objects.with_email(email).filter(_may_have_link()).first()


def may_still_have_link(pk: int) -> Person | None:
    """As `may_have_link`, for a person it found earlier."""
    return Person.objects.filter(_may_have_link(), pk=pk).first()


def _may_have_link() -> Q:
    invited = Q(invited_at__isnull=False) | Q(joined_at__isnull=False)
    return invited & Q(is_active=True, refused_at=None)


class Reach(StrEnum):
    """Which of the people who have not joined are invited."""

    NEW = "new"
    """Those who were never invited."""
    EXPIRED = "expired"
    """Also those whose invitation has expired."""
    INVITED = "invited"
    """Those who were invited before, who are reminded so."""
    ALL = "all"


class PassedOver(StrEnum):
    """Why a known person gets no invitation."""

    JOINED = "joined"
    INACTIVE = "inactive"
    WAITING = "waiting"


@dataclass(frozen=True)
class Invited:
    """The people whom a list of addresses means: those to invite, those who are new, and those passed over."""

    known: list[Person]
    new: list[Addressee]
    passed_over: list[tuple[Person, PassedOver]]


def link_lifetime() -> dt.timedelta:
    return dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def invitation_expired(at: dt.datetime, prefix: str = "") -> Q:
    """Matches people who have not joined while the link of their last invitation worked; `prefix` reaches them
    ("person__").
    """
    return Q(**{f"{prefix}joined_at": None, f"{prefix}invited_at__lte": at - link_lifetime()})


def people_to_invite(
    *, reach: Reach, at: dt.datetime, role: str = "", team: Team | None = None, alone: bool = False
) -> list[Person]:
    """People of a role, or of a team and, unless it stands `alone`, its sub-teams, by name. Leaves out those whose
    invitation waits to be sent, and whose address was refused. One query.
    """
    never = Q(invited_at=None)
    reached = {
        Reach.NEW: never,
        Reach.EXPIRED: never | invitation_expired(at),
        Reach.INVITED: ~never,
        Reach.ALL: Q(),
    }[reach]
    rows = Person.objects.filter(reached, ~Exists(_waiting()), is_active=True, joined_at=None, refused_at=None)
    if role:
        rows = rows.filter(role=role)
    if team is not None:
        of_team = Q(team=team) if alone else subtree(team.path, "team__")
        rows = rows.filter(Exists(Membership.objects.current().filter(of_team, person=OuterRef("pk"))))
    return list(rows)


def people_of_list(addressees: Sequence[Addressee]) -> Invited:
    """One query."""
    rows = Person.objects.annotate(lower_email=Lower("email"), waits=Exists(_waiting())).order_by()
    found = {vars(row)["lower_email"]: row for row in rows.filter(lower_email__in=[each.email for each in addressees])}
    invited = Invited([], [], [])
    for each in addressees:
        person = found.get(each.email)
        if person is None:
            invited.new.append(each)
        elif why := _passed_over(person):
            invited.passed_over.append((person, why))
        else:
            invited.known.append(person)
    return invited


def _waiting() -> QuerySet[Invitation]:
    return Invitation.objects.filter(person=OuterRef("pk"), state=InvitationState.WAITING)


def _passed_over(person: Person) -> PassedOver | None:
    if not person.is_active:
        return PassedOver.INACTIVE
    if person.joined_at is not None:
        return PassedOver.JOINED
    return PassedOver.WAITING if vars(person)["waits"] else None


def with_invitations(rows: QuerySet[Person], at: dt.datetime) -> QuerySet[Person]:
    """Each person with the state, problem and round of their last `invitation` of several, and whether the link that
    they were sent `has_expired`.
    """
    last = Invitation.objects.filter(person=OuterRef("pk")).order_by("-id")
    told = last.values(row=JSONObject(state="state", problem="problem", round="round_id"))
    return rows.annotate(invitation=Subquery(told[:1]), has_expired=invitation_expired(at))


_COUNTS = {state.value: Count("invitations", filter=Q(invitations__state=state)) for state in InvitationState}


def latest_rounds() -> list[InvitationRound]:
    """The last ones, each with the number of its invitations in each state. One query."""
    latest = InvitationRound.objects.order_by("-id").values("pk")[:LATEST]
    rows = InvitationRound.objects.select_related("actor").annotate(**_COUNTS)
    return list(rows.filter(pk__in=latest).order_by("-id"))


def invitation_round(pk: int) -> InvitationRound | None:
    """As in `latest_rounds`, with the last answer of a mail server to what still waits as `delayed`."""
    delayed = Invitation.objects.filter(round=OuterRef("pk"), state=InvitationState.WAITING).exclude(problem="")
    rows = InvitationRound.objects.select_related("actor").annotate(
        **_COUNTS, delayed=Subquery(delayed.order_by("-due_at").values("problem")[:1])
    )
    return rows.filter(pk=pk).first()


def failed_invitations(of: InvitationRound, params: Mapping[str, str]) -> Page[Invitation]:
    rows = Invitation.objects.filter(round=of, state=InvitationState.FAILED).select_related("person")
    return keyset_page(rows, order=("person__name__folded", "id"), params=params)


def invited_person(pk: int) -> Person | None:
    """The person, if they were invited, have not joined, and mail reaches them."""
    return Person.objects.filter(_may_have_link(), pk=pk, joined_at=None).first()
