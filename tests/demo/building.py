"""The demo built and looked at: what it says of itself, in a form that two builds can be compared by."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from alignment.models import CompanyWeek, Flag, GoalWeek, InitiativeHistory, Link, LinkHistory, TeamWeek
from alignment.refresh.nightly import recompute_when_stale
from alignment.selectors.report import alignment_report
from digest.models import Digest
from digest.services.building import build_digests
from digest.services.plans import put_in_order
from digest.services.sending import send_digests
from lib.mail.outbox import saved_mails
from strategy.models import CheckIn
from teams.models import LogEntry
from tests.exchange.bundles import exported

SUMS = ("effort", "aligned", "reasoned", "endorsed", "exploring", "sustaining", "orphaned")
ADDRESS, ID_IN_ADDRESS = re.compile(r"https?://\S+"), re.compile(r"(?<=/)\d+(?=/)|(?<=#support-)\d+")


def run_until(first: dt.datetime, last: dt.datetime) -> None:
    """The demo runs: every twelve hours what worker and scheduler do each minute."""
    at = first
    while at <= last:
        recompute_when_stale(at=at)
        put_in_order(at=at)
        while build_digests(at=at):
            pass
        while send_digests(at=at):
            pass
        at += dt.timedelta(hours=12)


def everything(day: dt.date) -> dict[str, Any]:
    """What the company is as of `day` and how it came to be so; without the ids of rows, which differ between any two
    builds, and without what an address in a digest is signed with."""
    return {
        "bundle": exported(),
        "report": _rounded(alignment_report(on=day)),
        "flags": sorted(
            Flag.objects.values_list(
                *(
                    "code",
                    "initiative__key",
                    "goal__key",
                    "team__key",
                    "first_seen",
                    "resolved_on",
                    "snoozed_until",
                    "cause__at",
                ),
            ),
            key=str,
        ),
        "links": sorted(
            Link.objects.values_list("initiative__key", "goal__key", "judged_on", "confirmed_on", "version")
        ),
        "log": [
            (at, actor, action, kind, version, _without_ids(changes), _without_ids(note))
            for at, actor, action, kind, version, changes, note in LogEntry.objects.order_by("id").values_list(
                "at", "actor__email", "action", "subject_kind", "row_version", "changes", "note"
            )
        ],
        "check-ins": list(CheckIn.objects.order_by("id").values_list("measure__key", "at", "person__email", "value")),
        "company weeks": _rounded(list(CompanyWeek.objects.order_by("week").values_list("week", "as_of", "at", *SUMS))),
        "team weeks": _rounded(
            list(TeamWeek.objects.order_by("team__key", "week", "together").values_list("team__key", "week", *SUMS))
        ),
        "goal weeks": _rounded(list(GoalWeek.objects.order_by("goal__key", "week").values_list("week", "effort"))),
        "history": _rounded(
            list(
                InitiativeHistory.objects.order_by("initiative__key", "id").values_list(
                    "initiative__key", "as_of", "cause__at", "cause__action", *SUMS
                )
            )
        ),
        "history of links": _rounded(
            list(
                LinkHistory.objects.order_by("initiative__key", "goal__key", "id").values_list(
                    *("initiative__key", "goal__key", "state", "amount", "as_of", "cause__at", "cause__action")
                )
            )
        ),
        "digests": [
            (*row, _without_ids(content))
            for *row, content in Digest.objects.order_by("week", "person__email").values_list(
                *("person__email", "week", "due_at", "ends_at", "state", "built_at", "sent_at", "subject", "content")
            )
        ],
        "mails": sorted(
            (mail.sent_at, mail.to, mail.subject, ADDRESS.sub("", mail.text), mail.file) for mail in saved_mails()
        ),
    }


def _rounded(value: Any) -> Any:
    """What the order of summing may change is no difference."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return repr(sorted(("" if name.isdigit() else name, repr(_without_ids(each))) for name, each in value.items()))
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    if isinstance(value, str):
        return ID_IN_ADDRESS.sub("id", value)
    return "id" if isinstance(value, int) and not isinstance(value, bool) else value
