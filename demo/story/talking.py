"""Actions of the story in conversations, as in demo.story.leading: people ask, answer, and say what was an answer."""

from __future__ import annotations

from conversations.models import Message
from conversations.questions import ANSWERED, QUESTION
from conversations.services.threads import end_thread, open_thread, pin_answer, write_message
from demo.story.telling import Does, Scene
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


def writes(thread: str, text: str) -> Does:
    return lambda scene: write_message(scene.thread(thread), **scene.by, text=text)


def has_answer(thread: str) -> Does:
    """Says that the last message answers it, and pins that for everybody."""

    def end(scene: Scene) -> None:
        row = scene.thread(thread)
        row = end_thread(row, **scene.by, version=row.version, outcome=ANSWERED)
        pin_answer(row, Message.objects.filter(thread=row).latest("at", "id"), **scene.by, version=row.version)

    return end
