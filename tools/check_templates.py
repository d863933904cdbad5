"""Checks that every template compiles, has lines of readable length, contains no inline script, style or event handler,
and marks nothing safe.

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


def main() -> int:
    paths = sorted(path for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt", ".mjml"})
    problems = [problem for path in paths for problem in (*breaches(path), *long_lines(path), *syntax_errors(path))]
    print("\n".join(problems) or f"{len(paths)} templates are fine", file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


def breaches(path: Path) -> Iterator[str]:
    text = COMMENTS.sub(lambda comment: "\n" * comment.group().count("\n"), path.read_text(encoding="utf-8"))
    for what, pattern in (BREACHES if path.is_relative_to(MAILS) else BREACHES | STYLES).items():
        for found in pattern.finditer(text):
            yield f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {what}"


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
