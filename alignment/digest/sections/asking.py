"""A question about work, a goal or a team as a letter asks it, with what can be answered in one click.

Nothing is offered to those who may not do it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from alignment.digest.content import Line, Reply, Span
from alignment.digest.registry import Batch
from alignment.digest.replies import Action
from alignment.digest.sections.naming import day_of
from alignment.digest.sections.phrases import goal_name, short, team_name, work_name
from alignment.enums import FlagCode
from alignment.models import Flag, Link
from alignment.rules import reason_of, snoozes_flag, was_confirmed_before
from alignment.selectors.questions import links_of
from alignment.selectors.suggestions import suggested_for
from alignment.wording import FLAG_WORDS
from strategy.models import Goal
from teams.enums import InitiativeKind
from teams.models import Initiative, Person
from teams.rules import edits_initiative

REACH_NOTHING = frozenset({FlagCode.ORPHAN, FlagCode.DISCONNECTED})
ABOUT_LINKS = frozenset({FlagCode.DISCONNECTED, FlagCode.PARTLY_ORPHANED, FlagCode.RECONFIRM})
BROKEN, CONFIRMED = 2, 2
"""Of so many links of one initiative is said why they do not count, and so many may be confirmed."""


@dataclass(frozen=True)
class Asking:
    """Asks about flags with their subjects; `links` and `suggested` goals are by initiative. No query."""

    batch: Batch
    links: Mapping[int, list[Link]]
    suggested: Mapping[int, list[Goal]]

    def line(self, flag: Flag, person: Person) -> Line:
        words = FLAG_WORDS[FlagCode(flag.code)]
        return Line(
            (self._subject(flag, person), Span(f" {words.one}")),
            self._because(flag, person) or words.question,
            tuple(self._replies(flag, person)),
        )

    def hides(self, person: Person, goal: Goal) -> bool:
        return self.batch.confidential.hides(person, goal.path, goal.owner_id)

    def to_confirm(self, work: int) -> list[Link]:
        """The links of an initiative that count, and were confirmed before the meaning of their goal changed."""
        return [link for link in self.links.get(work, []) if counts(link) and was_confirmed_before(link)]

    def _subject(self, flag: Flag, person: Person) -> Span:
        if flag.initiative is not None:
            return work_name(flag.initiative)
        if flag.goal is not None:
            return goal_name(flag.goal, person, self.batch)
        if flag.team is None:
            raise ValueError("a flag is about an initiative, a goal or a team")
        return team_name(flag.team)

    def _because(self, flag: Flag, person: Person) -> str:
        """What the question rests on, as far as `person` may know it; '' for what needs no more words."""
        links = [link for link in self.links.get(flag.initiative_id or 0, []) if not self.hides(person, link.goal)]
        if flag.code in {FlagCode.DISCONNECTED, FlagCode.PARTLY_ORPHANED}:
            why = [f"“{link.goal}”: {reason.label}" for link in links if (reason := reason_of(link))]
            return f"{'; '.join(why[:BROKEN])}." if why else ""
        if flag.code == FlagCode.RECONFIRM:
            for link in self.to_confirm(flag.initiative_id or 0):
                if link in links and link.goal.meaning_changed_on:
                    changed = day_of(link.goal.meaning_changed_on)
                    return f"“{link.goal}” means something else since {changed}: does the work still move it?"
        return ""

    def _replies(self, flag: Flag, person: Person) -> Iterator[Reply]:
        work = flag.initiative
        if work is not None and edits_initiative(person, work):
            if flag.code in REACH_NOTHING:
                yield from self._ways_out(work, person)
            elif flag.code == FlagCode.RECONFIRM:
                yield from self._confirmations(work, person)
            elif flag.code == FlagCode.SILENT:
                yield Reply("It is still going on", Action.CONTINUE, (work.pk,))
        if snoozes_flag(person, flag):
            yield Reply("Snooze", Action.SNOOZE, (flag.pk,))

    def _ways_out(self, work: Initiative, person: Person) -> Iterator[Reply]:
        goal = next((goal for goal in self.suggested.get(work.pk, []) if not self.hides(person, goal)), None)
        if goal is not None:
            yield Reply(f"Link it to “{short(goal.title)}”", Action.LINK, (work.pk, goal.pk))
        if work.kind != InitiativeKind.EXPLORE:
            yield Reply("Declare it an exploration", Action.EXPLORE, (work.pk,))

    def _confirmations(self, work: Initiative, person: Person) -> Iterator[Reply]:
        for link in [link for link in self.to_confirm(work.pk) if not self.hides(person, link.goal)][:CONFIRMED]:
            yield Reply(f"It still moves “{short(link.goal.title)}”", Action.CONFIRM, (link.pk,))


def asking(batch: Batch, flags: Collection[Flag]) -> Asking:
    """What asking about `flags` takes. Four queries."""
    linked = {flag.initiative_id or 0 for flag in flags if flag.code in ABOUT_LINKS}
    lost = {flag.initiative.pk: flag.initiative for flag in flags if flag.initiative and flag.code in REACH_NOTHING}
    return Asking(batch, links_of(linked), suggested_for(lost.values()))


def counts(link: Link) -> bool:
    return reason_of(link) is None
