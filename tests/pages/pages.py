"""The pages whose forms are sent, and as whom: those of the permission table, and some of the lively World."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tests.pages.world import Lively
from tests.permissions.table import ROWS, SECRET_KEY, Row

LEADERS = (
    *(f"/initiatives/{key}/" for key in ("work", "resting", "loose", "foreign", "asking")),
    *(f"/initiatives/{key}/status/" for key in ("idea", "resting", "finished", "given-up")),
    *(f"/goals/{key}/" for key in ("open-goal", "closed", "below-open")),
    *("/goals/drafted/activation/", "/goals/own-draft/removal/", "/goals/crew-goal/position/?to=half-open"),
    *(f"/strategies/{SECRET_KEY}-draft/publication/", "/strategies/old/publication/", "/strategies/bare/removal/"),
    *("/teams/crew/", "/teams/busy/stance/", "/teams/idle/removal/", "/teams/crew/members/"),
    *("/measures/sold/check-ins/", "/measures/untouched/removal/", "/flags/?code=orphan", "/flags/?snoozed=yes"),
)
LEADS = (
    *("/", "/initiatives/work/", "/initiatives/work/edit/", "/goals/half-open/edit/", "/goals/crew-goal/closure/"),
    *("/goals/open-goal/goals/new/", "/teams/crew/goals/new/", "/teams/crew/initiatives/new/"),
    *("/goals/unlinked/links/new/?initiative=work", "/settings/", "/accounts/password/"),
)
ADMINISTRATORS = (
    *("/people/", "/digests/administration/", "/digests/administration/times/"),
    *("/settings/company/", "/settings/stances/core/"),
)

REFUSED = {
    *("/strategies/open/publication/", "/strategies/open/removal/"),  # it is published
    *("/goals/open-goal/activation/", "/goals/open-goal/removal/", "/goals/open-goal/reopening/"),  # it is active
    "/decisions/partners-sell/removal/",  # it was decided
    "/teams/crew/stance/",  # its last day has passed
    "/goals/unlinked/links/new/",  # a leader on no team has nothing to link
}
"""Forms that are refused as things are, with a page that says why."""
NOT_YET = {"support_thanks", "support_offer_end"}
"""So are these, as nothing was delivered or offered."""


def leaders_forms(lively: Lively) -> Iterator[str]:
    """Each page with a form once, as the permission table has it first."""
    yield from LEADERS
    yield f"/flags/{lively.flags['goal'].pk}/snooze/"
    seen: set[str] = set()
    for row in ROWS:
        if _has_a_form(row) and row.name not in seen:
            seen.add(row.name)
            yield reverse(row.name, kwargs=row.args(lively.world))


def leads_forms(lively: Lively) -> Iterator[str]:
    """And each answer by mail to the member."""
    yield from LEADS
    for row in ROWS:
        if row.name == "digest_reply" and row.statuses[2] == 200 and row.case.endswith(" for member"):
            yield reverse(row.name, kwargs=row.args(lively.world))


def _has_a_form(row: Row) -> bool:
    """Of pages that leaders get; the answers to mails are for one person each."""
    shows = row.name.endswith(("_list", "_detail", "home")) or row.name in {
        "flag_snooze",
        "digest_reply",
        "edition_changes",
        "edition_taking_back",
    }
    return row.method == "get" and row.statuses[3] == 200 and not shows and not row.name.startswith("api_")
