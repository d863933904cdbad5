"""Mails the invitations that wait. Each is sent once: only where a worker is killed after the mail server took a mail
and before that is noted is it sent again, with the same Message-ID and the same link.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from enum import Enum, auto
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet

from accounts.enums import InvitationState
from accounts.models import Invitation
from accounts.services.invitations import mail_context
from accounts.services.rounds import TASK
from accounts.services.tokens import one_time_link
from digest.services.subscriptions import note_refusal
from lib.mail import sending as mail
from lib.programs.waking import wake
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Company, Person
from teams.selectors.company import company

logger = logging.getLogger("throughline.mail")

SECONDS = 20.0
"""After this time no further mail is begun, to let other tasks run."""
BATCH = 50
FIRST_PAUSE, LONGEST_PAUSE, DOUBLINGS = dt.timedelta(minutes=1), dt.timedelta(hours=1), 6
"""Before the second try; twice as long before each further one, up to the longest, reached after so many doublings."""
PATIENCE = dt.timedelta(days=1)
GIVEN_UP = "The mail server did not take it within a day."
UNWRITTEN = "It could not be written: an error of ours, which is in the log of the worker."


class Step(Enum):
    NOTHING = auto()
    """No invitation is due."""
    DONE = auto()
    AWAY = auto()
    """The mail server accepts no mails at all."""


def send_invitations(*, at: dt.datetime, server: mail.MailServer | None = None) -> int:
    """Sends invitations that are due over one connection, and wakes a worker for what is left; returns how many are
    done, sent or not.
    """
    _give_up(at=at)
    done, until, firm = 0, time.monotonic() + SECONDS, company()
    with server or mail.MailServer() as to:
        while (step := _send_next(to, firm, at=at)) is not Step.AWAY:
            if step is Step.NOTHING and not _begin(at=at):
                return done
            done += step is Step.DONE
            if time.monotonic() > until:
                wake(TASK)
                return done
    return done


@writes(permission=SYSTEM_ONLY, queues=False)
def _begin(*, at: dt.datetime) -> int:
    """Gives the next ones that are due the instant of their link, before they are sent: so the link of a mail works
    whatever becomes of the worker. Returns how many.
    """
    fresh = _due(at).filter(link_at=None).select_for_update(skip_locked=True, of=("self",))
    rows = dict(fresh.order_by("due_at", "id").values_list("pk", "person")[:BATCH])
    Invitation.objects.filter(pk__in=rows).update(link_at=at)
    Person.objects.filter(pk__in=rows.values(), joined_at=None).update(invited_at=at)
    return len(rows)


def _send_next(server: mail.MailServer, firm: Company, *, at: dt.datetime) -> Step:
    step, refused = _send_locked(server, firm, at=at)
    if refused is not None:
        note_refusal(*refused, at=at)
    return step


@writes(permission=SYSTEM_ONLY, queues=False)
def _send_locked(
    server: mail.MailServer, firm: Company, *, at: dt.datetime
) -> tuple[Step, tuple[Person, mail.AddressRefusedError] | None]:
    """The row is locked while its mail is sent, which is its lease. Also returns an address that was refused."""
    rows = _due(at).filter(link_at__isnull=False).select_related("person", "actor")
    row = rows.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id").first()
    if row is None:
        return Step.NOTHING, None
    if not _is_needed(row.person):
        _end(row, InvitationState.UNNEEDED)
        return Step.DONE, None
    try:
        server.send(_mail(row, firm))
    except mail.AddressRefusedError as refused:
        _end(row, InvitationState.FAILED, str(refused))
        return Step.DONE, (row.person, refused)
    except mail.MailRefusedError as refused:
        _end(row, InvitationState.FAILED, str(refused))
    except mail.LaterError as later:
        _put_off(row, later, at)
        return (Step.AWAY if isinstance(later, mail.AwayError) else Step.DONE), None
    except Exception:  # what cannot be written must not hold up the others
        logger.exception("invitation %s could not be written", row.pk)
        _end(row, InvitationState.FAILED, UNWRITTEN)
    else:
        _end(row, InvitationState.SENT, at=at)
    return Step.DONE, None


@writes(permission=SYSTEM_ONLY, queues=False)
def _give_up(*, at: dt.datetime) -> int:
    """Fails what the mail server has not taken for too long."""
    late = Invitation.objects.filter(state=InvitationState.WAITING, asked_at__lt=at - PATIENCE).exclude(problem="")
    return late.update(state=InvitationState.FAILED, problem=GIVEN_UP)


def _due(at: dt.datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(state=InvitationState.WAITING, due_at__lte=at)


def _is_needed(person: Person) -> bool:
    return person.is_active and person.joined_at is None and person.refused_at is None


def _mail(row: Invitation, firm: Company) -> EmailMultiAlternatives:
    said = mail_context(row.person, row.actor, firm, one_time_link(row.person))
    host, link_at = urlsplit(settings.SITE_URL).hostname, row.link_at or row.asked_at
    headers = {
        "Message-ID": f"<invitation.{row.pk}.{link_at:%Y%m%d%H%M%S}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    return mail.message("invitation", to=row.person.email, context=said, headers=headers)


def _end(row: Invitation, state: InvitationState, problem: str = "", at: dt.datetime | None = None) -> None:
    Invitation.objects.filter(pk=row.pk).update(state=state, problem=problem, sent_at=at)


def _put_off(row: Invitation, later: mail.LaterError, at: dt.datetime) -> None:
    """What the server answered to, it certainly has not taken: the next try gets another link, which works as long."""
    pause = min(FIRST_PAUSE * 2 ** min(row.tries, DOUBLINGS), LONGEST_PAUSE)
    link_at = None if later.code else row.link_at
    Invitation.objects.filter(pk=row.pk).update(
        tries=row.tries + 1, due_at=at + pause, problem=str(later), link_at=link_at
    )
