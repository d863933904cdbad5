"""Draws the mail that says in which conversations it became somebody's turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from conversations.narrative import reminded_line, reminded_subject, thread_url, turn_line, turns_subject
from digest.models import TurnMail
from digest.rendering import SUBJECT_LIMIT, clipped, wrapped
from digest.replies import stop_turn_mails_path
from digest.selectors.turns import reminders_by
from lib.mail import sending as mail
from lib.text.counts import counted
from lib.text.names import path_of
from teams.models import Person

SHOWN = 8


def turns_message(row: TurnMail, threads: Sequence[Any], *, company: str, at: dt.datetime) -> EmailMultiAlternatives:
    """`threads` are those of `with_names` in which it is the turn of the row's person. The Message-ID is the same
    however often it is sent.
    """
    by = reminders_by(threads[:SHOWN])
    host, site = urlsplit(settings.SITE_URL).hostname, settings.SITE_URL
    stop_url = site + stop_turn_mails_path(row.person_id)
    context = {
        "subject": clipped(_subject(threads, by), SUBJECT_LIMIT),
        "greeting": f"Hello {row.person.name},",
        "turns": [_turn(thread, site, by) for thread in threads[:SHOWN]],
        "more": _more(len(threads) - SHOWN),
        "company": company,
        "list_url": f"{site}{path_of('thread_list')}?state=mine",
        "settings_url": site + path_of("settings"),
        "stop_url": stop_url,
    }
    headers = {
        "Date": format_datetime(at),
        "Message-ID": f"<turns.{row.day.isoformat()}.{row.person_id}@{host}>",
        "List-Id": f"Turns in conversations of Throughline <turns.{host}>",
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return mail.message("turns", to=row.person.email, context=context, headers=headers)


def _subject(threads: Sequence[Any], by: Mapping[int, Person | None]) -> str:
    if len(threads) == 1 and threads[0].is_reminded:
        return reminded_subject(threads[0], by.get(threads[0].pk))
    return turns_subject(threads[:SHOWN], len(threads))


def _turn(thread: Any, site: str, by: Mapping[int, Person | None]) -> dict[str, Any]:
    line = reminded_line(thread, by.get(thread.pk)) if thread.is_reminded else turn_line(thread)
    return {
        "said": [{"text": span.text, "url": site + span.path if span.path else ""} for span in line.said],
        "wrapped": wrapped(line.text),
        "detail": line.detail,
        "wrapped_detail": wrapped(line.detail),
        "url": site + thread_url(thread),
    }


def _more(count: int) -> str:
    return f"And {counted(count, 'more waits', 'more wait')} for you" if count > 0 else ""
