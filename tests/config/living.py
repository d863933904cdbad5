"""Run as a process of its own, beside the worker and the web server of a throwaway DATA_DIR: it fills a
company, edits it through the services while servers are killed, and judges what was kept.

    fill            prints a session to sign in with
    edit JOURNAL    until its standard input is closed
    judge JOURNAL   prints what is wrong
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from alignment.engine.parts import PARTS
from alignment.models import Dirty, InitiativeFigures, InitiativeHistory, Link
from alignment.refresh.drift import find_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.services.links import make_link, remove_link
from lib.programs.commands import bring_up_to_date
from lib.services.dates import now
from strategy.enums import GoalStatus
from strategy.models import Goal
from strategy.services.goals import close_goal, reopen_goal
from teams.enums import InitiativeStatus
from teams.models import Initiative, LogEntry, Person
from teams.selectors.company import company_day
from teams.services.initiatives import change_status, create_initiative, edit_initiative
from tests import factories as make

WIDE = 1500
"""Initiatives linked to the one goal whose closing is left to a worker."""
TEAMS, OF_EACH = 3, 4
"""Each team's initiatives have one editor."""
ACTIVE, PAUSED = InitiativeStatus.ACTIVE, InitiativeStatus.PAUSED


def fill() -> None:
    bring_up_to_date()
    call_command("collectstatic", verbosity=0, interactive=False)
    day = company_day(now())
    leader = make.LeaderFactory(email="leader@example.com")
    plan = make.StrategyFactory(key="plan")
    wide, near = (make.GoalFactory(key=key, strategy=plan) for key in ("wide", "near"))
    team = make.TeamFactory(key="many")
    many = [make.InitiativeFactory.build(key=f"of-many-{at}", team=team, touched_on=day) for at in range(WIDE)]
    Initiative.objects.bulk_create(many)
    rows = [(each, wide) for each in many]
    for at in range(TEAMS):
        own = make.TeamFactory(key=f"own-{at}")
        mine = [make.InitiativeFactory(key=f"own-{at}-{of}", team=own, touched_on=day) for of in range(OF_EACH)]
        rows += [(each, wide if of % 2 else near) for of, each in enumerate(mine)]
    Link.objects.bulk_create(
        Link(initiative=of, goal=goal, rationale="It helps.", confirmed_on=day) for of, goal in rows
    )
    recompute_alignment(as_of=day, at=now())
    client = Client()
    client.force_login(leader)
    print(client.cookies[settings.SESSION_COOKIE_NAME].value)


class Journal:
    """A line, on the disk, before each edit and one after its service returned: what `done` says must not be lost."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._writing = threading.Lock()

    def write(self, state: str, fact: list[Any]) -> None:
        with self._writing:
            self._file.write(json.dumps([state, *fact]) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())


Step = tuple[str, str, Any, Callable[[], object]]
"""What it is a fact of, the key of the row, what is true of it afterwards, and the edit."""


def edit(path: Path) -> None:
    """Each thread writes rows of its own, so that nothing but a fault refuses an edit."""
    journal, ended = Journal(path), threading.Event()
    leader = Person.objects.get(email="leader@example.com")
    connection.close()
    series = [lambda at=at: own_work(at, leader) for at in range(TEAMS)] + [lambda: wide_goal(leader)]
    threads = [threading.Thread(target=write, args=(steps, journal, ended)) for steps in series]
    for thread in threads:
        thread.start()
    print("editing", flush=True)
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()


def write(series: Callable[[], Iterator[Step]], journal: Journal, ended: threading.Event) -> None:
    """When the database is away the edit that was under way is neither known to be kept nor to be lost, and the series
    starts again."""
    while not ended.is_set():
        try:
            for what, key, value, do in series():
                journal.write("tried", [what, key, value])
                do()
                journal.write("done", [what, key, value])
                if ended.is_set():
                    break
        except (OperationalError, InterfaceError):
            connection.close()
            ended.wait(0.05)
    connection.close()


numbers = count(1)


def own_work(at: int, leader: Person) -> Iterator[Step]:
    """Of the editor's initiatives in turn: another effort, a link to the other goal or not, paused or not; and new
    ones."""
    goals = {goal.key: goal for goal in Goal.objects.filter(key__in=["wide", "near"])}
    for of in cycle(range(OF_EACH)):
        who: dict[str, Any] = {"actor": leader, "at": now()}
        work = Initiative.objects.select_related("team").get(key=f"own-{at}-{of}")
        effort = Decimal(next(numbers)) / 100
        change: dict[str, Any] = {"version": work.version, "effort": effort, **who}
        yield "effort", work.key, str(effort), partial(edit_initiative, work, **change)
        other = goals["near" if of % 2 else "wide"]
        link = Link.objects.filter(initiative=work, goal=other).first()
        if link is None:
            yield "link", f"{work.key} {other.key}", True, partial(make_link, work, other, "It helps too.", **who)
        else:
            yield "link", f"{work.key} {other.key}", False, partial(remove_link, link, **who)
        work.refresh_from_db()
        status = PAUSED if work.status == ACTIVE else ACTIVE
        change = {"version": work.version, "status": status, **who}
        yield "status", work.key, status.value, partial(change_status, work, **change)
        title = f"New {os.getpid()} {next(numbers)}"
        new = {"title": title, "status": ACTIVE, "effort": effort, **who}
        yield "new", title, True, partial(create_initiative, work.team, **new)


def wide_goal(leader: Person) -> Iterator[Step]:
    """Closed and opened again, a little slower than the worker follows."""
    pause = threading.Event()
    while True:
        goal = Goal.objects.get(key="wide")
        who: dict[str, Any] = {"actor": leader, "at": now()}
        if goal.status == GoalStatus.ACTIVE:
            ending = {"version": goal.version, "status": GoalStatus.ACHIEVED, "reason": "It is reached.", **who}
            yield "goal", "wide", GoalStatus.ACHIEVED.value, partial(close_goal, goal, **ending)
        else:
            yield "goal", "wide", GoalStatus.ACTIVE.value, partial(reopen_goal, goal, **who)
        pause.wait(0.2)


def judge(path: Path) -> None:
    drift = find_drift()
    said = {
        "waiting": Dirty.objects.count(),
        "drift": None if drift is None else drift.size,
        "lost": list(lost(path)),
        "half": [*half_initiatives(), *half_links(), *half_goals()],
        "unexplained": list(unexplained()),
    }
    print(json.dumps(said))


def lost(path: Path) -> Iterator[str]:
    """Facts that are neither what was acknowledged last nor what was tried after that."""
    possible: dict[tuple[str, str], list[Any]] = {}
    certain: set[tuple[str, str]] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        state, what, key, value = json.loads(line)
        if state == "done":
            possible[what, key] = [value]
            certain.add((what, key))
        else:
            possible.setdefault((what, key), []).append(value)
    work = {row.key: row for row in Initiative.objects.all()}
    titles = Counter(row.title for row in work.values())
    links = {f"{of} {goal}" for of, goal in Link.objects.values_list("initiative__key", "goal__key")}
    read: dict[str, Callable[[str], Any]] = {
        "effort": lambda key: str(work[key].effort.normalize()),
        "status": lambda key: work[key].status,
        "link": lambda key: key in links,
        "new": lambda key: titles[key] == 1,
        "goal": lambda key: Goal.objects.get(key=key).status,
    }
    for what, key in sorted(certain):
        values = [str(Decimal(each).normalize()) if what == "effort" else each for each in possible[what, key]]
        if read[what](key) not in values:
            yield f"{what} of {key} is {read[what](key)}, not one of {values}"


def entries(*actions: str) -> dict[int | None, list[LogEntry]]:
    found: dict[int | None, list[LogEntry]] = defaultdict(list)
    for entry in LogEntry.objects.filter(action__in=actions).order_by("id"):
        found[entry.subject_id].append(entry)
    return found


def half_initiatives() -> Iterator[str]:
    """Each version has its entry in the log, each entry its version; each new row its one entry."""
    changed, made = entries("initiative.edited", "initiative.status_changed"), entries("initiative.created")
    for row in Initiative.objects.all():
        versions = [entry.row_version for entry in changed[row.pk]]
        if versions != list(range(2, row.version + 1)):
            yield f"{row.key} is at version {row.version}, its log says {versions}"
        if len(made[row.pk]) != row.title.startswith("New "):
            yield f"{row.key} was made {len(made[row.pk])} times by the log"
    if gone := made.keys() - set(Initiative.objects.values_list("pk", flat=True)):
        yield f"the log made initiatives {sorted(gone, key=str)} that are not there"


def half_links() -> Iterator[str]:
    """A link is there where the log says that it was made, and not removed since."""
    told = {pk: [entry.action for entry in each] for pk, each in entries("link.made", "link.removed").items()}
    there = set(Link.objects.values_list("pk", flat=True))
    for pk, actions in told.items():
        if (actions[-1] == "link.made") != (pk in there) or len(actions) > 2:
            yield f"link {pk} is {'' if pk in there else 'not '}there, its log says {actions}"
    if silent := there - told.keys() - set(Link.objects.filter(rationale="It helps.").values_list("pk", flat=True)):
        yield f"the log knows nothing of links {sorted(silent)}"


def half_goals() -> Iterator[str]:
    goal = Goal.objects.get(key="wide")
    actions = [entry.action for entry in entries("goal.closed", "goal.reopened")[goal.pk]]
    if goal.version != len(actions) + 1 or (actions and (actions[-1] == "goal.closed") != (goal.status == "achieved")):
        yield f"the wide goal is {goal.status} at version {goal.version}, its log says {len(actions)} {actions[-1:]}"


def unexplained() -> Iterator[str]:
    """Initiatives whose history does not end with the figures that are stored."""
    latest = InitiativeHistory.objects.order_by("initiative", "-id").distinct("initiative")
    told = {row.pop("initiative_id"): row for row in latest.values("initiative_id", *PARTS)}
    stored = {row.pop("initiative_id"): row for row in InitiativeFigures.objects.values("initiative_id", *PARTS)}
    nothing = dict.fromkeys(PARTS, 0.0)
    for of in sorted(told.keys() | stored.keys()):
        one, other = told.get(of, nothing), stored.get(of, nothing)
        if any(abs(one[name] - other[name]) > 1e-6 for name in PARTS):
            yield f"initiative {of} is stored as {other}, its history ends with {one}"


def main() -> None:
    steps: dict[str, Callable[..., None]] = {"fill": fill, "edit": edit, "judge": judge}
    steps[sys.argv[1]](*map(Path, sys.argv[2:]))
