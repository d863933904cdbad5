"""Run as a process of its own in a throwaway DATA_DIR: it fills a company whose people wait for this week's digest, and
tells what became of the digests.

    fill PEOPLE     as many, who get no digests until the test turns them on
    miss            as if everything had been down since last week, some of whose digests were built
    judge           prints which week's digests are in which state, by person
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import defaultdict
from collections.abc import Callable

from django.core.management import call_command

from alignment.refresh.recompute import recompute_alignment
from digest.models import Digest, DigestSettings
from digest.schedule import LEAD, WEEK
from digest.services.building import build_digests
from digest.services.plans import plan_digests
from lib.programs.commands import bring_up_to_date
from lib.services.dates import day_in, monday, now
from teams.models import Person
from teams.selectors.company import company_day
from tests import factories as make

FAR = "Pacific/Kiritimati"
"""Its weeks begin and end fourteen hours before those of UTC."""


def middle_of_a_week(at: dt.datetime) -> str:
    """A time zone in which it is neither the end of an ISO week at `at`, nor the beginning of one."""
    near = dt.timedelta(hours=13)
    same = monday(day_in("UTC", at - near)) == monday(day_in("UTC", at + near))
    return "UTC" if same else FAR


def fill(people: str) -> None:
    """Everybody's moment was when this week began; they have joined long ago, and the digests were started then."""
    bring_up_to_date()
    call_command("collectstatic", verbosity=0, interactive=False)
    zone, at = middle_of_a_week(now()), now()
    ago = at - 10 * WEEK
    recompute_alignment(as_of=company_day(at), at=at)
    wanted = {"digests": False, "digests_always": True, "digest_weekday": 1, "digest_hour": 0, "timezone": zone}
    Person.objects.bulk_create(
        make.PersonFactory.build(email=f"{number}@example.com", password="!", joined_at=ago, **wanted)
        for number in range(int(people))
    )
    DigestSettings.objects.update(previewed_at=ago, started_at=ago, planned_to=at + LEAD)


def miss() -> None:
    then = now() - WEEK
    DigestSettings.objects.update(planned_to=then + LEAD)
    plan_digests(at=then)
    build_digests(at=then, limit=5)
    DigestSettings.objects.update(planned_to=then + LEAD)


def judge() -> None:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for digest in Digest.objects.select_related("person").order_by("week", "id"):
        found[digest.iso_week][digest.state].append(digest.person.email)
    print(json.dumps(found))


def main() -> None:
    steps: dict[str, Callable[..., None]] = {"fill": fill, "miss": miss, "judge": judge}
    steps[sys.argv[1]](*sys.argv[2:])
