"""The line of a digest about a flag of work, a goal or a team, with its one-click answers.

Only answers that the reader may give are offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from alignment.enums import FlagCode
from alignment.flags import NOT_COUNTING, REACH_NOTHING
from alignment.models import Flag, Link
from alignment.narrative.flags import flag_line, subject_name, what_it_rests_on
from alignment.rules import counts, is_about, snoozes_flag, was_confirmed_before
from alignment.selectors.people.flags import links_of
from alignment.selectors.successions import Succession, successions
from alignment.selectors.suggestions import suggested_for
from digest.registry import Batch
from digest.replies import Action
from lib.text.names import short
from lib.text.spans import Line, Reply
from strategy.models import Goal
from teams.enums import InitiativeKind
from teams.models import Initiative, Person
from teams.rules import edits_initiative

ABOUT_LINKS = NOT_COUNTING | {FlagCode.RECONFIRM, FlagCode.REVIEW_DUE}
CONFIRMED = 2
"""The most links of one initiative offered for confirmation."""


class Asking:
    """Lines about flags with their subjects, for all sections of a batch.

    Each section names its flags while it reads. The links and suggested goals that lines about any of them need, by
    initiative, are read after the last section.
    """

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._flags: list[Flag] = []
        self._links: Mapping[int, list[Link]] = {}
        self._suggested: Mapping[int, list[Goal]] = {}
        self._after: Mapping[int, list[Succession]] = {}
        batch.at_last(self._read)

    def about(self, flags: Iterable[Flag]) -> Asking:
        """Adds flags that lines may be asked for."""
        self._flags += flags
        return self

    def _read(self) -> None:
        """At most five queries."""
        lost = {flag.initiative.pk: flag.initiative for flag in self._flags if flag.initiative and _is_lost(flag)}
        linked = {flag.initiative_id or 0 for flag in self._flags if flag.code in ABOUT_LINKS}
        self._links = links_of(linked | lost.keys())
        pairs = {(work, link.goal.pk) for work, links in self._links.items() for link in links}
        self._suggested = suggested_for(lost.values(), pairs)
        self._after = successions(lost)

    def line(self, flag: Flag, person: Person) -> Line:
        links = [link for link in self._links.get(flag.initiative_id or 0, []) if not self.hides(person, link.goal)]
        subject = subject_name(flag, person, self.batch.confidential)
        said = flag_line(flag.code, subject, what_it_rests_on(flag.code, links))
        return replace(said, replies=tuple(self._replies(flag, person)))

    def hides(self, person: Person, goal: Goal) -> bool:
        return self.batch.confidential.hides(person, goal.path, goal.owner_id)

    def to_confirm(self, work: int) -> list[Link]:
        """The links of an initiative that count, and were confirmed before the meaning of their goal changed."""
        return [link for link in self._links.get(work, []) if counts(link) and was_confirmed_before(link)]

    def _replies(self, flag: Flag, person: Person) -> Iterator[Reply]:
        work = flag.initiative
        if work is not None and edits_initiative(person, work):
            if _is_lost(flag):
                yield from self._ways_out(work, person)
            elif flag.code == FlagCode.RECONFIRM:
                yield from self._confirmations(work, person)
            elif flag.code == FlagCode.REVIEW_DUE:
                yield from self._outcomes(work, person)
            elif flag.code == FlagCode.SILENT:
                yield Reply("It is still going on", Action.CONTINUE, (work.pk,))
        if snoozes_flag(person, flag):
            yield Reply("Snooze", Action.SNOOZE, (flag.pk,))

    def _ways_out(self, work: Initiative, person: Person) -> Iterator[Reply]:
        after = [each for each in self._after.get(work.pk, []) if not self._hides_one(person, each)]
        if after:
            taken = after[0].goal
            yield Reply(f"Take “{short(taken.title)}” in its place", Action.LINK, (work.pk, taken.pk))
        goal = next((goal for goal in self._suggested.get(work.pk, []) if not self.hides(person, goal)), None)
        if goal is not None and not after:
            yield Reply(f"Link it to “{short(goal.title)}”", Action.LINK, (work.pk, goal.pk))
        if work.kind != InitiativeKind.EXPLORE:
            yield Reply("Declare it an exploration", Action.EXPLORE, (work.pk,))

    def _hides_one(self, person: Person, each: Succession) -> bool:
        return self.hides(person, each.goal) or self.hides(person, each.link.goal)

    def _confirmations(self, work: Initiative, person: Person) -> Iterator[Reply]:
        for link in [link for link in self.to_confirm(work.pk) if not self.hides(person, link.goal)][:CONFIRMED]:
            yield Reply(f"It still moves “{short(link.goal.title)}”", Action.CONFIRM, (link.pk,))

    def _outcomes(self, work: Initiative, person: Person) -> Iterator[Reply]:
        """Of the first bet whose day to look has come."""
        today = self.batch.company.as_of
        due = [
            link for link in self._links.get(work.pk, []) if counts(link) and is_about(FlagCode.REVIEW_DUE, link, today)
        ]
        for link in [link for link in due if not self.hides(person, link.goal)][:1]:
            on = f" on “{short(link.goal.title)}”" if len(due) > 1 else ""
            yield Reply(f"The bet{on} held", Action.HELD, (link.pk,))
            yield Reply(f"The bet{on} failed", Action.FAILED, (link.pk,))


def _is_lost(flag: Flag) -> bool:
    return flag.code in REACH_NOTHING


def asking(batch: Batch) -> Asking:
    """The one of a batch."""
    return batch.once(Asking)
