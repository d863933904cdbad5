"""People and teams that a message names: "@Anna Berg", "@anna@example.org", "@Search".

What is typed becomes an address in Markdown, "[@Anna Berg](/people/12/)", so that the page needs no second look at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from lib.db.folding import folded
from lib.log.kinds import Ref
from lib.text.names import path_of
from teams.models import Person, Team

WORDS = 6
"""The words of a name that are looked at behind an @."""
_AT = re.compile(r"(?<![\w@\[(/.])@(?=[^\s@])")
_NAMED = re.compile(r"\[(@[^\]\n]+)\]\(/(people|teams)/([a-z0-9-]+)/\)")
_WORD = re.compile(r"[^\s,;:!?()\[\]\"“”]+")


@dataclass(frozen=True)
class Named:
    """Somebody, or a team, that can be mentioned by `name`."""

    name: str
    path: str


def with_addresses(text: str) -> str:
    """`text` with the address of everybody who is named behind an @. An unknown name stays as it is typed.

    Raises ValidationError where a name may mean several.
    """
    starts = [found.end() for found in _AT.finditer(text)]
    candidates = {start: list(_candidates(text[start:])) for start in starts}
    known = _known({folded(name) for names in candidates.values() for name in names})
    written, end = [], 0
    for start in starts:
        typed = next((name for name in candidates[start] if folded(name) in known), None)
        if typed is None or start < end:
            continue
        written += [text[end : start - 1], _address(typed, known[folded(typed)])]
        end = start + len(typed)
    return "".join([*written, text[end:]])


def mentions_in(texts: Mapping[int, str]) -> dict[int, set[Ref]]:
    """By id of the text, the people and teams whose addresses stand behind an @, as far as they exist. Two queries at
    most.
    """
    found = {pk: [(kind, key) for _name, kind, key in _NAMED.findall(text)] for pk, text in texts.items()}
    named = {each for several in found.values() for each in several}
    people = {int(key) for kind, key in named if kind == "people" and key.isdigit() and len(key) < 19}
    teams = {key for kind, key in named if kind == "teams"}
    refs: dict[tuple[str, str], Ref] = {}
    if people:
        ids = Person.objects.filter(pk__in=people).values_list("pk", flat=True)
        refs |= {("people", str(pk)): ("person", pk) for pk in ids}
    if teams:
        ids_by_key = Team.objects.filter(key__in=teams).values_list("key", "pk")
        refs |= {("teams", key): ("team", pk) for key, pk in ids_by_key}
    return {pk: {refs[each] for each in several if each in refs} for pk, several in found.items()}


def _candidates(rest: str) -> Iterator[str]:
    """What a name at the beginning of `rest` may be, the longest first; a full stop behind it is none of it."""
    line = rest.split("\n", 1)[0]
    ends = [word.end() for _at, word in zip(range(WORDS), _WORD.finditer(line), strict=False)]
    for end in reversed(ends):
        name = line[:end]
        yield name
        if name[-1] in ".’'":
            yield name[:-1]


def _known(names: set[str]) -> Mapping[str, list[Named]]:
    """By folded name or address, whom it may mean: people who are here, and teams that are not archived."""
    if not names:
        return {}
    people = Person.objects.filter(Q(name__folded__in=names) | Q(email__folded__in=names), is_active=True)
    found: dict[str, list[Named]] = {}
    for pk, name, email in people.order_by().values_list("pk", "name", "email"):
        person = Named(name, path_of("person_detail", pk))
        for known in {folded(name), folded(email)} & names:
            found.setdefault(known, []).append(person)
    for key, name in Team.objects.current().filter(name__folded__in=names).values_list("key", "name"):
        found.setdefault(folded(name), []).append(Named(name, path_of("team_detail", key)))
    return found


def _address(typed: str, meant: list[Named]) -> str:
    if len(meant) > 1:
        raise ValidationError(
            {"text": f"“@{typed}” may be {len(meant)} people or teams. Write the e-mail address behind the @ instead."}
        )
    return f"[@{_unmarked(meant[0].name)}]({meant[0].path})"


def _unmarked(name: str) -> str:
    """Without what Markdown would read as the end of the name."""
    return name.replace("[", "(").replace("]", ")")


def people_of(refs: Iterable[Ref]) -> set[int]:
    """The ids of people among what is mentioned."""
    return {pk for kind, pk in refs if kind == "person"}
