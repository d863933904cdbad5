"""Workers, schedulers, Valkey and PostgreSQL die by `kill -9` while digests are built and sent to a real mail server:
everybody gets theirs, and nobody two.

There are two of each program, and the clocks of the second ones are minutes ahead. A digest may be repeated, with the
same Message-ID, where the worker that sent it was killed before it could note that the mail server had taken it, or the
database was away for longer than a lease.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import psycopg2
import pytest

from config import devserver as embedded
from config.devserver.waiting import wait_until
from tests.config import servers
from tests.config.test_demo import free_port
from tests.config.test_living_faults import ROUNDS, Living
from tests.smtp import HOST, read_journal

pytestmark = pytest.mark.faults

WAVE = 40
"""People whose digests become due before each kill."""
LEASE = 4
"""Seconds (tests/config/digest_settings.py)."""
SETTLED_WITHIN = 60
"""Seconds from the last restart until nothing waits."""
PAUSE = 0.02
"""Seconds that the mail server takes over a digest, and again before it says so: kills fall into both."""
APART = {"worker": 7, "scheduler": 4}
"""Minutes by which the clocks of the second ones are ahead."""
AHEAD = """
import sys, time
import time_machine
time_machine.travel(time.time() + {seconds}, tick=True).start()
from celery.__main__ import main
main()
"""
PROCESSES = {"worker": 2, "worker ahead": 2, "postgres": 4}
"""How many digests can be between their taking and the note of it, by what is killed."""
Repeat = tuple[float, float]
"""When a digest was taken, and when it was again."""
VICTIMS = ("worker", "worker ahead", "scheduler", "scheduler ahead", "postgres", "valkey")
KILLS = len(VICTIMS) if ROUNDS == 1 else 50
"""In each turn: 200 by `make faults`, which has four."""
PEOPLE = ROUNDS * KILLS * WAVE + WAVE


@dataclass
class Outage:
    """`name` was killed at `began`; what asked for it found it again from `ended` on. `pardons` is how many repeated
    digests that may explain."""

    name: str
    began: float
    ended: float

    def __post_init__(self) -> None:
        self.pardons = PROCESSES.get(self.name, 0)

    def pardon(self, repeat: Repeat) -> bool:
        """Whether it explains a digest that was taken at both instants."""
        explains = self.pardons > 0 and self.began <= repeat[1] and repeat[0] <= self.ended
        self.pardons -= explains
        return explains


class Digests(Living):
    """The product with two workers and two schedulers, and a mail server. No web server is needed."""

    helper = "digests"
    filling = ("fill", str(PEOPLE))

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "taken"
        self.joined = 0
        self.outages: list[Outage] = []
        self._smtp = free_port()
        mail = f"smtp://{HOST}:{self._smtp}"
        super().__init__(folder, DJANGO_SETTINGS_MODULE="tests.config.digest_settings", EMAIL_URL=mail)

    def programs(self) -> dict[str, list[str]]:
        own = super().programs()
        found = {"mail server": [sys.executable, "-m", "tests.smtp", str(self._smtp), str(self.journal), str(PAUSE)]}
        for name, minutes in APART.items():
            found |= {name: own[name], f"{name} ahead": ahead(own[name], minutes)}
        return found

    def start_programs(self) -> None:
        for name in self._commands:
            self.start(name)
        assert wait_until(self.journal.exists, 30), self.said()

    def let_wait(self, people: int) -> None:
        """Turns on the digests of so many more: their moment of this week is over already."""
        more = range(self.joined, self.joined + people)
        emails = ", ".join(f"'{address(number)}'" for number in more)
        servers.ask(self.folder, f"UPDATE teams_person SET digests = true WHERE email IN ({emails})")
        self.joined += people

    def taken(self) -> int:
        """How many digests the mail server has."""
        return len(self.journal.read_bytes().splitlines())

    def waiting(self) -> int:
        """How many people have not got this week's digest; -1 while the database does not say."""
        try:
            return int(servers.ask(self.folder, WAITING))
        except psycopg2.OperationalError:
            return -1

    def kill_in_the_middle(self, name: str, random: Random) -> None:
        """While digests are planned, built or sent."""
        self.let_wait(WAVE)
        enough = self.taken() + random.choice([0, random.randrange(WAVE)])
        assert wait_until(lambda: self.taken() >= enough, 30), self.said()
        time.sleep(random.random() / 2)
        began = time.time()
        self.kill(name)
        ended = time.time()
        self.start(name)
        self.outages.append(Outage(name, began, time.time() if name == "postgres" else ended))


WAITING = """
SELECT count(*) FROM teams_person person WHERE digests AND NOT EXISTS (
    SELECT FROM digest_digest digest WHERE digest.person_id = person.id AND digest.state = 'sent'
)"""


def ahead(command: list[str], minutes: int) -> list[str]:
    """The program by a clock that is so much ahead, beside the one that it is the second of."""
    at = command.index("-m")
    python, arguments = command[:at], command[at + 2 :]
    arguments = [f"{each}-ahead" if each.endswith("/beat") else each for each in arguments]
    if "worker" in arguments:
        arguments += ["--hostname", "ahead@%h"]
    return [*python, "-c", AHEAD.format(seconds=60 * minutes), *arguments]


@pytest.fixture(scope="module")
def digests() -> Iterator[Digests]:
    with servers.throwaway_folder() as folder, embedded.start(folder):
        product = Digests(folder)
        try:
            product.start_programs()
            yield product
        finally:
            product.stop_programs()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_everybody_has_one_digest_whatever_is_killed(digests: Digests, turn: int) -> None:
    random = Random(turn)
    victims = [*VICTIMS * (KILLS // len(VICTIMS) + 1)][:KILLS]
    random.shuffle(victims)
    for name in victims:
        digests.kill_in_the_middle(name, random)
    check(digests)
    by_clocks_ahead = int(servers.ask(digests.folder, "SELECT count(*) FROM digest_digest WHERE sent_at > now()"))
    assert 0 < by_clocks_ahead < digests.joined


def check(digests: Digests) -> None:
    """That it comes to rest, with one digest of this week to everybody who waited for one."""
    assert wait_until(lambda: digests.waiting() == 0, SETTLED_WITHIN), (digests.waiting(), digests.said())
    time.sleep(LEASE + 2)  # what was sent and not noted is sent again by then
    assert digests.ended() == [], digests.said()
    everybody = {address(number) for number in range(digests.joined)}
    taken = defaultdict(list)
    for line in read_journal(digests.journal):
        taken[line["to"]].append((line["at"], line["id"]))
    assert taken.keys() == everybody
    assert [to for to, each in taken.items() if len({digest for _at, digest in each}) > 1] == []
    repeats = [(one[0], two[0]) for each in taken.values() for one, two in pairwise(each)]
    assert unexplained(repeats, digests.outages) == []


def unexplained(repeats: list[Repeat], outages: list[Outage]) -> list[Repeat]:
    """Those for which there is no kill of a process that may have sent the first and not noted it. A process sends one
    digest at a time, so that each can explain one."""
    fresh = [replace(outage) for outage in outages]
    in_order = sorted(repeats, key=lambda repeat: repeat[1])
    return [repeat for repeat in in_order if not any(outage.pardon(repeat) for outage in fresh)]


def address(number: int) -> str:
    return f"{number}@example.com"


def test_week_that_ended_while_everything_was_down_is_missed(digests: Digests) -> None:
    digests.stop_programs()
    digests.let_wait(WAVE)
    digests.run("miss")
    digests.start_programs()
    check(digests)
    before, current = json.loads(digests.run("judge")).values()
    everybody = sorted(address(number) for number in range(digests.joined))
    assert {state: sorted(people) for state, people in before.items()} == {"missed": everybody}
    assert {state: sorted(people) for state, people in current.items()} == {"sent": everybody}
