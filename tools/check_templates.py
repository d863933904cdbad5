"""Checks that every template compiles, has lines of readable length, contains no inline script, style or event handler,
marks nothing safe, and has forms that say what they were drawn with.

Prints `path:line: what` for each problem and exits with 1. Mails (templates/emails/) may use inline styles, which mail
programs need.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
MAILS = FOLDER / "emails"
LONGEST = 160
"""Characters per line. A Django tag must fit on one line: long texts get a name from a `with` before it."""

COMMENTS = re.compile(r"\{#.*?#\}|\{% comment\b.*?endcomment %\}|<!--.*?-->", re.DOTALL)
STYLES = {
    "an inline style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
}
BREACHES = {
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype=[\"']application/json[\"'])", re.IGNORECASE
    ),
    "an inline event handler": re.compile(r"<[^<>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "text that is marked safe": re.compile(r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off"),
    "a page from another site": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}


FORMS = re.compile(r"<form\b.*?</form>", re.DOTALL)
POSTED_TO = re.compile(r"\{% url '(\w+)'")
SEEN = ('name="version"', "form.version", 'name="until"', "components/_seen.html", "components/_sending.html")
"""What a form that posts says of what it was drawn with: a version, or which form it is."""
UNSEEN = {
    "people/_rollout_ask.html": "it shows whom an invitation would go to, and sends nothing",
    **dict.fromkeys(("account_logout", "account_login", "demo_persona"), "signs in or out, and changes nothing else"),
    **dict.fromkeys(("account_reset_password", "account_change_password"), "asks for the password, or mails its owner"),
    "account/password_reset_from_key.html": "its address works once",
    **dict.fromkeys(("account_address", "account/address_confirm.html"), "its address works once"),
    "components/_messages.html": "the address of an undo has the version, or the log entry, that it undoes",
    "typed_removal": "its address names the one text that it discards",
    "digests/digest_unsubscription.html": "mail programs post it without a page (RFC 8058)",
    "digests/turn_mails_stop.html": "mail programs post it without a page (RFC 8058)",
    "admin/base_site.html": "signs out",
}
"""By the name of the address, or the template: why a form that posts says nothing of the kind."""


def main() -> int:
    paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt", ".mjml"})
    checks = (breaches, long_lines, unseen_forms, syntax_errors)
    problems = [problem for path in paths for check in checks for problem in check(path)]
    print("\n".join(problems) or f"{len(paths)} templates are fine", file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


def breaches(path: Path) -> Iterator[str]:
    text = COMMENTS.sub(lambda comment: "\n" * comment.group().count("\n"), path.read_text(encoding="utf-8"))
    for what, pattern in (BREACHES if path.is_relative_to(MAILS) else BREACHES | STYLES).items():
        for found in pattern.finditer(text):
            yield f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {what}"


def unseen_forms(path: Path) -> Iterator[str]:
    name, text = str(path.relative_to(FOLDER)), path.read_text(encoding="utf-8")
    for found in FORMS.finditer(text):
        form = found.group()
        excused = {name, *POSTED_TO.findall(form)} & {*UNSEEN}
        if 'method="post"' in form and not excused and not any(seen in form for seen in SEEN):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line}: a form without what it was drawn with (components/_seen.html)"


def long_lines(path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if len(line) > LONGEST:
            yield f"{path.relative_to(ROOT)}:{number}: a line of {len(line)} characters (at most {LONGEST})"


def syntax_errors(path: Path) -> Iterator[str]:
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    try:
        get_template(str(path.relative_to(FOLDER)))
    except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
        yield f"{path.relative_to(ROOT)}: {error}"


if __name__ == "__main__":
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(main())
