"""Registers the log's kinds and actions for threads. Texts of messages are never in the log."""

from __future__ import annotations

from conversations.models import Message, Thread
from lib.log.actions import Action, register
from lib.log.kinds import register_kind

register_kind("thread", Thread, visible_to=Thread.objects.visible_to)
register_kind("message", Message, visible_to=Message.objects.visible_to, parents=("thread",), private=("text",))
register(
    Action("thread.opened", "thread", "Asked about something."),
    Action("thread.written", "thread", "Wrote in a conversation."),
    Action("thread.answered", "thread", "Answered whoever waited for it."),
    Action("thread.ended", "thread", "Ended a conversation, and said what came of it."),
    Action("thread.reopened", "thread", "Opened a conversation again."),
    Action("thread.pinned", "thread", "Pinned an answer for everybody."),
    Action("thread.unpinned", "thread", "Pinned an answer no longer."),
    Action("thread.reminded", "thread", "Reminded whoever is in turn in a conversation."),
    Action("message.edited", "message", "Edited a message within a quarter of an hour."),
    Action("message.text_removed", "message", "Took the text of a message away."),
)
