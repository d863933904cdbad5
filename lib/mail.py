"""Letters: each is three templates, `emails/<name>.subject.txt`, `.txt` and `.html`; both forms say the same."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string

from lib.errors import NotSentError

logger = logging.getLogger("throughline.mail")


def send(name: str, *, to: str, context: Mapping[str, Any]) -> None:
    """Hands the letter to the mail server now.

    Raises NotSentError, and puts the server's answer in the process's log, when the server does not take it.
    """
    values = {**context, "site_url": settings.SITE_URL}
    subject = " ".join(_plain(f"emails/{name}.subject.txt", values).split())
    letter = EmailMultiAlternatives(subject, _plain(f"emails/{name}.txt", values).strip() + "\n", to=[to])
    letter.attach_alternative(render_to_string(f"emails/{name}.html", values), "text/html")
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        logger.exception("the mail server did not take the letter %s", name)
        raise NotSentError("The mail server did not take the letter.") from error


def _plain(template: str, values: Mapping[str, Any]) -> str:
    """Text as it is, without HTML's escapes."""
    return Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False))
