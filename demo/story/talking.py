"""Actions of the story in conversations, as in demo.story.leading: people ask, answer, and say what was an answer."""

from __future__ import annotations

from alignment.services.proposals import accept_proposal, propose_goal
from conversations.models import Message
from conversations.questions import ANSWERED, QUESTION
from conversations.services.threads import end_thread, open_thread, pin_answer, remind_side, write_message
from demo.story.telling import Does, Scene, When
from strategy.counters import COMMITTED, COUNTER
from teams.selectors.company import company


def asks_about(kind: str, of: str, text: str, *, name: str = "", aspect: str = "") -> Does:
    """A question about `of`, of the log's `kind`, or about a flag or figure of it; `name` is for later events. `of` is
    '' for the company.
    """

    def ask(scene: Scene) -> None:
        finders = {"goal": scene.goal, "strategy": scene.strategy, "team": scene.team, "initiative": scene.work}
        about = (kind, finders[kind](of).pk if of else company().pk)
        scene.name(name, open_thread(**scene.by, kind=QUESTION, about=about, text=text, aspect=aspect))

    return ask


def proposes(name: str, *, below: str, title: str, why: str, work: str, because: str, measure: str = "") -> Does:
    """A goal, with `work` as its evidence; `name` is its conversation for later events."""

    def propose(scene: Scene) -> None:
        row = propose_goal(
            scene.goal(below),
            **scene.by,
            title=title,
            text=why,
            measure=measure,
            because=because,
            work=[scene.work(work)],
        )
        scene.name(name, row)

    return propose


def accepts(thread: str, *, below: str, why: str, owner: str, text: str) -> Does:
    """The proposal, into the open amendment."""

    def accept(scene: Scene) -> None:
        row = scene.thread(thread)
        accept_proposal(
            row,
            **scene.by,
            version=row.version,
            place=scene.goal(below),
            title=row.proposal.title,
            why=why,
            measure=row.proposal.measure,
            owner=scene.person(owner),
            text=text,
        )

    return accept


def counters(name: str, *, goal: str, instead: str, evidence: str) -> Does:
    """What somebody would want instead of a goal; `name` is its conversation for later events."""
    text = f"**What instead**\n\n{instead}\n\n**What speaks for it**\n\n{evidence}"

    def counter(scene: Scene) -> None:
        scene.name(name, open_thread(**scene.by, kind=COUNTER, about=("goal", scene.goal(goal).pk), text=text))

    return counter


def commits(thread: str, text: str, *, again: When) -> Does:
    """Disagrees and commits, with a day to look again."""

    def commit(scene: Scene) -> None:
        row = scene.thread(thread)
        end_thread(row, **scene.by, version=row.version, outcome=COMMITTED, text=text, again_on=scene.day(again))

    return commit


def writes(thread: str, text: str) -> Does:
    return lambda scene: write_message(scene.thread(thread), **scene.by, text=text)


def reminds(thread: str) -> Does:
    """Whoever is in turn, in their mail of the day."""

    def remind(scene: Scene) -> None:
        row = scene.thread(thread)
        remind_side(row, **scene.by, version=row.version)

    return remind


def has_answer(thread: str) -> Does:
    """Says that the last message answers it, and pins that for everybody."""

    def end(scene: Scene) -> None:
        row = scene.thread(thread)
        row = end_thread(row, **scene.by, version=row.version, outcome=ANSWERED)
        pin_answer(row, Message.objects.filter(thread=row).latest("at", "id"), **scene.by, version=row.version)

    return end
