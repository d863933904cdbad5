"""The small firm of tests/firm.py with the demo's cast in it, and something for every step of the path.

Tomasz leads Search; Priya owns "Faster", which reaches the strategy, and "Loose", which reaches nothing. Ruth owns
Growth, to which "Faster" is linked, and the draft goal "Some day" waits in the published strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

from demo.actions import BUILT
from demo.cast import ADMIN, CAST, LEAD, LEADER, MEMBER, VIEWER, Part
from digest.enums import DigestState
from digest.models import Digest
from strategy.models import Goal
from teams.enums import Role, TeamRole
from teams.models import Initiative, Person
from tests import factories as make
from tests.digest.digests import digest
from tests.firm import Firm, build_firm

ROLES = {
    LEADER.role: Role.LEADER,
    LEAD.role: Role.MEMBER,
    MEMBER.role: Role.MEMBER,
    VIEWER.role: Role.VIEWER,
    ADMIN.role: Role.ADMIN,
}


@dataclass
class Company:
    firm: Firm
    people: dict[str, Person]
    digest: Digest

    def person(self, part: Part) -> Person:
        return self.people[part.role]


def build_company() -> Company:
    firm = build_firm()
    people = {part.role: make.PersonFactory(name=part.name, email=part.email, role=ROLES[part.role]) for part in CAST}
    make.MembershipFactory(team=firm.search, person=people[LEAD.role], role=TeamRole.LEAD)
    make.MembershipFactory(team=firm.search, person=people[MEMBER.role])
    own = [firm.work[key].pk for key in ("faster", "loose")]
    Initiative.objects.filter(pk__in=own).update(owner=people[MEMBER.role])
    Goal.objects.filter(pk=firm.growth.pk).update(owner=people[LEADER.role])
    sent = make.DigestFactory(
        person=people[LEAD.role],
        state=DigestState.SENT,
        sent_at=make.NOW,
        subject="Coverage went up",
        content=digest().to_json(),
    )
    make.LogEntryFactory(action=BUILT)
    return Company(firm, people, sent)
