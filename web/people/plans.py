"""Whom the form that invites several people means, as its page shows them before anything is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from accounts.selectors.invitations import PassedOver, Reach, people_of_list, people_to_invite
from accounts.services.invitations import mail_context
from lib.mail.addresses import Addressee, WrongAddress, name_from
from lib.mail.sending import Words, words
from lib.text.counts import counted
from teams.enums import Role
from teams.models import Person, Team
from teams.selectors.company import company
from web.people.invite_forms import InviteForm, Whom

SHOWN = 100
LINK = "https://…"
"""In the mail that is looked at: each one has its own."""
WHY = {
    PassedOver.JOINED: "has joined already",
    PassedOver.INACTIVE: "is no longer active here",
    PassedOver.WAITING: "has an invitation on its way already",
}


@dataclass(frozen=True)
class Plan:
    """`known` and `new` get an invitation; `passed_over` are people with the reason why they get none."""

    known: list[Person]
    new: list[Addressee] = field(default_factory=list)
    passed_over: list[tuple[Person, str]] = field(default_factory=list)
    wrong: list[WrongAddress] = field(default_factory=list)
    repeated: int = 0
    role: Role = Role.MEMBER

    @property
    def count(self) -> int:
        return len(self.known) + len(self.new)

    @property
    def ids(self) -> list[int]:
        return [person.pk for person in self.known]

    @property
    def count_text(self) -> str:
        return counted(self.count, "invitation")

    @property
    def repeated_text(self) -> str:
        twice = counted(self.repeated, "address stands", "addresses stand")
        return f"{twice} in the list more than once; nobody gets two." if self.repeated else ""

    @property
    def wrong_text(self) -> str:
        return (
            f"{counted(len(self.wrong), 'entry', 'entries')} of the list cannot be read. Correct it, or leave it out."
        )

    @property
    def passed_over_text(self) -> str:
        return f"{counted(len(self.passed_over), 'person', 'people')} of the list passed over"

    @property
    def mark(self) -> str:
        """The same as long as the same people get the same."""
        new = (f"{each.email} {each.name} {self.role}" for each in self.new)
        return hashlib.sha256("\n".join([*map(str, self.ids), *new]).encode()).hexdigest()[:16]

    @property
    def recipients(self) -> list[tuple[str, str, str, bool]]:
        """Name, address and role of the first SHOWN, and whether they are new here."""
        known = ((each.name, each.email, str(each.get_role_display()), False) for each in self.known[:SHOWN])
        new = ((_name(each), each.email, str(self.role.label), True) for each in self.new[:SHOWN])
        return [*known, *new][:SHOWN]

    @property
    def others(self) -> int:
        return max(self.count - SHOWN, 0)

    def mail(self, actor: Person) -> Words:
        """What the first of them gets. One query."""
        first = self.known[0] if self.known else self._made(self.new[0])
        return words("invitation", mail_context(first, actor, company(), LINK))

    def _made(self, one: Addressee) -> Person:
        return Person(email=one.email, name=_name(one), role=self.role)


def plan_of(form: InviteForm, team: Team | None, at: dt.datetime) -> Plan:
    """Of a valid form. One query."""
    given = form.cleaned_data
    if given["whom"] == Whom.LIST:
        found = people_of_list(form.addresses.addressees)
        passed_over = [(person, WHY[why]) for person, why in found.passed_over]
        wrong, repeated = form.addresses.wrong, form.addresses.repeated
        return Plan(found.known, found.new, passed_over, wrong, repeated, Role(given["new_role"]))
    role = given["role"] if given["whom"] == Whom.ROLE else ""
    return Plan(people_to_invite(reach=Reach(given["reach"]), at=at, role=role, team=team, alone=given["alone"]))


def _name(one: Addressee) -> str:
    return one.name or name_from(one.email)
