"""Sample rows, words and places for page requests, spread over the whole company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import InvitationRound
from alignment.models import Flag, Link
from alignment.selectors.successions import successions
from conversations.kinds import thread_kinds
from conversations.models import Message, Thread
from digest.enums import DigestState
from digest.models import Digest
from digest.rendering import subject
from digest.replies import Action, reply_path, stop_turn_mails_path, times_path, unsubscribe_path
from digest.schedule import week_ends
from digest.selectors.digests import digest_settings
from digest.upcoming import draft, next_digest
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from strategy.enums import AmendmentState, GoalStatus
from strategy.models import Amendment, CheckIn, ContextPage, Decision, Edition, Goal, Measure, Persona, Strategy
from teams.enums import InitiativeStatus, Stance
from teams.models import Initiative, Person, Support, Team
from teams.selectors.company import company

COUNT = 30
BY_KEY: dict[str, Any] = {
    "teams": Team,
    "goals": Goal,
    "strategies": Strategy,
    "initiatives": Initiative,
    "measures": Measure,
    "personas": Persona,
    "context": ContextPage,
    "decisions": Decision,
    "threads": Thread,
}
BY_ID: dict[str, Any] = {
    "people": Person,
    "support": Support,
    "links": Link,
    "flags": Flag,
    "check-ins": CheckIn,
}
TREES = {"teams", "goals"}
TEAMS = {
    "teams": [""],
    "goals": ["team__"],
    "measures": ["goal__team__"],
    "check-ins": ["measure__goal__team__"],
    "initiatives": ["team__"],
    "links": ["initiative__team__"],
    "support": ["initiative__team__", "team__"],
    "flags": ["initiative__team__", "goal__team__", "team__"],
}
"""The lookups from a row to the teams whose people may edit it."""

DIGESTS = {"unsubscription": unsubscribe_path, "times": times_path, "turns": stop_turn_mails_path}

Shapes = dict[str, list[str]]


def spread(values: Sequence[Any], count: int = COUNT) -> list[Any]:
    """At most `count` values, evenly spaced from the first on."""
    return list(values[:: max(len(values) // count, 1)][:count])


def _token(path: str) -> str:
    """The last part of a signed path."""
    return path.rstrip("/").rpartition("/")[2]


def _in_tree(rows: QuerySet[Any]) -> dict[str, QuerySet[Any]]:
    return {
        "root": rows.filter(parent=None),
        "middle": rows.exclude(parent=None).exclude(children=None),
        "leaf": rows.exclude(parent=None).filter(children=None),
    }


@dataclass(frozen=True)
class Samples:
    """`person` limits the rows, because pages of rows they may not see return early."""

    person: Person

    def keys(self, noun: str) -> Shapes:
        """Maps shapes to the URL arguments for `noun`, several of them with a "/" between; empty for a noun without
        pages of its own. Rows of the person's own teams are a separate shape, because they cannot edit most others.
        Digest tokens are signed for the person.
        """
        if noun in DIGESTS:
            return {"": [_token(DIGESTS[noun](self.person.pk))]}
        if noun == "replies":
            return self._replies()
        if noun == "digests":
            return {"": [self._digest().iso_week]}
        if noun == "stances":
            return {"": list(Stance.values)}
        if noun == "invite":
            return {"": [str(self._round().pk)]}
        if noun == "editions":
            seen = Edition.objects.visible_to(self.person).order_by("id").values_list("strategy__key", "number")
            return {"": [f"{key}/{number}" for key, number in spread(list(seen))]}
        if noun == "messages":
            return self._messages()
        if noun == "outcomes":
            return {"": self._outcomes()}
        if noun == "amendments":
            opened = Amendment.objects.visible_to(self.person).filter(state=AmendmentState.OPEN)
            return {"": list(opened.values_list("strategy__key", flat=True)[:COUNT])}
        if noun == "successors":
            return {"": self._successions()}
        if noun not in BY_KEY | BY_ID:
            return {}
        rows = (BY_KEY | BY_ID)[noun].objects.visible_to(self.person)
        if noun == "flags":
            rows = rows.open()
        shapes = _in_tree(rows) if noun in TREES else {"": rows}
        if noun == "goals":
            shapes["draft"] = rows.filter(status=GoalStatus.DRAFT)
        if noun == "links":
            shapes["to own goals"] = rows.filter(goal__owner=self.person)
        if ways := [Q(**{f"{way}memberships__person": self.person}) for way in TEAMS.get(noun, [])]:
            shapes["own"] = rows.filter(reduce(or_, ways))
        name = "key" if noun in BY_KEY else "id"
        return {
            shape: [str(key) for key in spread(list(found.distinct().order_by("id").values_list(name, flat=True)))]
            for shape, found in shapes.items()
        }

    def _messages(self) -> Shapes:
        seen = Message.objects.visible_to(self.person).order_by("id").values_list("thread__key", "pk")
        shapes = {"": seen, "own": seen.filter(author=self.person)}
        return {shape: [f"{key}/{pk}" for key, pk in spread(list(rows[:1000]))] for shape, rows in shapes.items()}

    def _outcomes(self) -> list[str]:
        """Of open threads, the endings that are said in a text."""
        said = {kind.code: [code for code, each in kind.endings.items() if each.says] for kind in thread_kinds()}
        found = Thread.objects.visible_to(self.person).open().filter(kind__in=[code for code in said if said[code]])
        rows = found.order_by("id").values_list("key", "kind")[:COUNT]
        return [f"{key}/{outcome}" for key, kind in rows for outcome in said[kind]]

    def _successions(self) -> list[str]:
        work = Initiative.objects.filter(links__goal__successors__isnull=False)
        if not self.person.sees_everything:
            work = work.filter(team__memberships__person=self.person)
        keys = dict(work.order_by("id").values_list("pk", "key")[: 10 * COUNT])
        found = successions(keys, self.person)
        return [f"{keys[pk]}/{each.goal.key}" for pk, of in found.items() for each in of][:COUNT]

    def _digest(self) -> Digest:
        """A sent digest of theirs or, where there is none, the next one stored as sent."""
        sent = Digest.objects.filter(person=self.person, state=DigestState.SENT).first()
        if sent:
            return sent
        coming = next_digest(self.person, digest_settings(), company(), now())
        content = draft(self.person, coming, now()).content
        values = {
            "state": DigestState.SENT,
            "subject": subject(content),
            "content": content.to_json(),
            "ends_at": week_ends(coming.week, coming.times.zone),
            **dict.fromkeys(("due_at", "not_before", "sent_at"), coming.due),
        }
        digest, _made = Digest.objects.update_or_create(person=self.person, week=coming.week, defaults=values)
        return digest

    def _round(self) -> InvitationRound:
        return InvitationRound.objects.first() or InvitationRound.objects.create(actor=self.person, at=now())

    def _replies(self) -> Shapes:
        """Maps each action to its tokens."""
        own = {noun: self.keys(noun).get("own", []) for noun in ("initiatives", "links", "flags")}
        work = Initiative.objects.filter(key__in=own["initiatives"]).order_by("id").values_list("id", flat=True)
        goals = Goal.objects.visible_to(self.person).order_by("id").values_list("id", flat=True)
        about: dict[Action, list[tuple[int, ...]]] = {
            Action.LINK: list(zip(work, goals, strict=False)),
            Action.EXPLORE: [(pk,) for pk in work],
            Action.SNOOZE: [(int(pk),) for pk in own["flags"]],
            Action.ENDORSE: [(int(pk),) for pk in self.keys("links")["to own goals"]],
            Action.CONFIRM: [(int(pk),) for pk in own["links"]],
            Action.CONTINUE: [(pk,) for pk in work],
        }
        return {
            action.value: [_token(reply_path(self.person.pk, action, ids)) for ids in each]
            for action, each in about.items()
        }

    def words(self, noun: str) -> Shapes:
        """Searches in a list of `noun`: words that many, few or no rows contain, and words that are too short."""
        texts: dict[str, QuerySet[Any]] = {
            "goals": Goal.objects.values_list("title", flat=True),
            "teams": Team.objects.values_list("name", flat=True),
            "people": Person.objects.values_list("name", flat=True),
        }
        titles = texts.get(noun, Initiative.objects.values_list("title", flat=True))
        counted = Counter(word for title in titles.iterator() for word in title.split() if len(word) > 3)
        ranked = [word for word, _count in counted.most_common()]
        return {
            "a common word": ranked[:5],
            "a rare word": [*ranked[-5:], "zzyzx"],
            "two words": [f"{one} {other}" for one, other in zip(ranked[:5], ranked[5:10], strict=False)],
            "a letter": ["e", "in"],
        }

    def deep(self, name: str) -> str:
        """The query string of a page half-way down the list `name`, where following links would take too long."""
        if name != "initiative_list":
            return ""
        rows = Initiative.objects.filter(status=InitiativeStatus.ACTIVE).order_by("title", "id")
        middle = rows[rows.count() // 2]
        return keyset_page(rows.filter(title__gte=middle.title), order=("title", "id"), params={}).next_url
