"""Sentences about what happened: "Ada Adams bet that “Faster” moves “Growth”.", with the words that changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, Model

from alignment.enums import FlagCode
from alignment.narrative.story import REASONS, STORY, UNSAID, VERBS
from alignment.selectors.timeline import refs_named
from conversations.kinds import thread_kind
from lib.log.actions import actions
from lib.log.kinds import kind, kind_for
from lib.text.differences import SAME, Piece
from lib.text.isolation import isolated
from lib.text.names import name_of, path_of, several
from lib.text.spans import Span
from strategy.narrative import Said, field_name, field_said, value_words
from strategy.selectors.differences import FieldChange
from teams.narrative import person_name

UNDOING = ("initiative.undone", "support.undone")
UNKNOWN = "Changed something."
"""For an action of another release."""
SYSTEM = Span("The system")
NAMED = ("initiative", "goal", "strategy", "contextpage", "decision", "persona", "team", "person")
"""The order in which a sentence names what it has no words for."""
ABOUT = ("link", "measure", "initiative", "goal", "strategy", "contextpage", "decision", "team", "company")
"""What a conversation or a flag is about is the first of these that it refers to."""
_PART = re.compile(r"\{([=!-]?)(\w+)\}")


@dataclass(frozen=True)
class Told:
    """An entry in a sentence, with what it changed: the words of texts, other values, reasons."""

    said: tuple[Span, ...]
    details: list[Said] = field(default_factory=list)


def told(entry: Any, *, words: bool = True) -> Told:
    """For an entry of `timeline`; without `words` nothing that was written is told."""
    actor = person_name(entry.actor) if entry.actor else SYSTEM
    sentence, used = _sentence(entry)
    details = [*_details(entry, used)] if words else []
    return Told((actor, Span(" "), *sentence, Span(".")), [*details, *_edition(entry, details)])


def named_spans(entry: Any, *names: str) -> list[Span]:
    """The first of each of these kinds that an entry of `timeline` names."""
    return [_name(refs_named(entry, name)[0]) for name in names]


def _sentence(entry: Any) -> tuple[list[Span], set[str]]:
    """The words between actor and full stop, and the fields whose values are in them."""
    for template in STORY.get(entry.action, ()):
        parts = list(_PART.finditer(template))
        spans = [_part(entry, part[1], part[2]) for part in parts]
        if all(spans):
            return _joined(template, parts, spans), {part[2] for part in parts if part[1]}
    known = actions().get(entry.action)
    meaning = (known.meaning if known else UNKNOWN).removesuffix(".")
    names = [_name(ref) for ref in refs_named(entry, *NAMED)]
    return [Span(f"{meaning[0].lower()}{meaning[1:]}"), *([Span(": "), *several(names)] if names else ())], set()


def _joined(template: str, parts: list[re.Match[str]], spans: list[Span | None]) -> list[Span]:
    said, at = [], 0
    for part, span in zip(parts, spans, strict=True):
        said += [Span(template[at : part.start()]), span]
        at = part.end()
    return [span for span in (*said, Span(template[at:])) if span and span.text]


def _part(entry: Any, sign: str, name: str) -> Span | None:
    """None where the entry does not say it."""
    if sign:
        return _value(entry, sign, name)
    if name == "flag":
        code = entry.note.get("code", "")
        return Span(f"“{FlagCode(code).label}”") if code in FlagCode.values else None
    if name == "outcome":
        return _outcome(entry)
    names = ABOUT if name == "thing" else (name,)
    own = [
        ref for ref in refs_named(entry, *names) if (ref["kind"], ref["id"]) == (entry.subject_kind, entry.subject_id)
    ]
    found = next(iter(own or refs_named(entry, *names)), None)
    return _name(found) if found else None


def _value(entry: Any, sign: str, name: str) -> Span | None:
    if name not in entry.changes:
        return None
    value = entry.changes[name][0 if sign == "-" else 1]
    if sign == "!":
        verb = VERBS[entry.subject_kind, name].get(value)
        return Span(verb) if verb else None
    said = value_words(kind(entry.subject_kind).model, name, value)
    return Span(said[0].lower() + said[1:])


def _outcome(entry: Any) -> Span | None:
    thread = next(iter(refs_named(entry, "thread")), None)
    outcome = entry.changes.get("outcome", ["", ""])[1]
    return Span(thread_kind(thread["named"]["title"]).told(outcome)) if thread and outcome else None


def _name(ref: Mapping[str, Any]) -> Span:
    return _NAMES[ref["kind"]](ref["named"]["title"], ref["named"]["key"], ref["id"])


def _quoted(page: str) -> Callable[[str, Any, int], Span]:
    return lambda title, key, _pk: name_of(title, page, key)


_NAMES: Mapping[str, Callable[[str, Any, int], Span]] = {
    "initiative": _quoted("initiative_detail"),
    "goal": _quoted("goal_detail"),
    "strategy": _quoted("strategy_detail"),
    "contextpage": _quoted("context_detail"),
    "decision": _quoted("decision_detail"),
    "measure": _quoted("measure_check_in"),
    "persona": lambda title, key, _pk: Span(isolated(title), f"{path_of('persona_list')}#{key}"),
    "team": lambda title, key, _pk: Span(isolated(title), path_of("team_detail", key)),
    "person": lambda title, _key, pk: Span(isolated(title), path_of("person_detail", pk)),
    "link": lambda title, key, pk: Span(f"“{isolated(title)}”", f"{path_of('initiative_detail', key)}#link-{pk}"),
    "company": lambda _title, _key, _pk: Span("the company"),
    "thread": lambda title, key, _pk: Span(thread_kind(title).called, path_of("thread_detail", key)),
}


def _details(entry: Any, used: set[str]) -> Iterator[Said]:
    if entry.subject_kind == "thread" or all(after is None for _before, after in entry.changes.values()):
        return
    for name, said in REASONS.items():
        before, after = entry.changes.get(name, (None, None))
        if after and not before:
            yield Said((Span(said),), (Piece(SAME, after),))
    for check_in in refs_named(entry, "checkin")[-1:]:
        if check_in["named"]["title"]:
            yield Said((Span("What they wrote:"),), (Piece(SAME, check_in["named"]["title"]),))
    if any(before is not None for before, _after in entry.changes.values()):
        yield from _differences(entry, used)


def _differences(entry: Any, used: set[str]) -> Iterator[Said]:
    model = kind(entry.subject_kind).model
    for name, (before, after) in entry.changes.items():
        is_told = name in REASONS and not (before and after)
        if not is_told and name not in used and (name not in UNSAID or entry.action in UNDOING):
            yield from _changed(entry, model, FieldChange(name, before, after))


def _changed(entry: Any, model: type[Model], change: FieldChange) -> Iterator[Said]:
    of: Any = model._meta.get_field(change.name)
    if of.many_to_many:
        yield from _others(entry, of, change)
    elif of.is_relation:
        before, after = (_related(entry, of, value) for value in (change.before, change.after))
        if before and after:
            called = field_name(model, change.name)
            yield Said((Span(f"Its {called} went from "), before, Span(" to "), after, Span(".")))
    else:
        yield field_said(model, change, "Its ")


def _related(entry: Any, of: Field[Any, Any], value: int | None) -> Span | None:
    if value is None:
        return Span("none")
    related: Any = of.related_model
    name = kind_for(related).name
    return next((_name(ref) for ref in refs_named(entry, name) if ref["id"] == value and name in _NAMES), None)


def _others(entry: Any, of: Field[Any, Any], change: FieldChange) -> Iterator[Said]:
    """Which rows a relation names now and did not, and the other way round, as far as they may be named."""
    before, after = {*(change.before or ())}, {*(change.after or ())}
    related: Any = of.related_model
    rows = {ref["id"]: _name(ref) for ref in refs_named(entry, kind_for(related).name)}
    for verb, ids in (("now with", after - before), ("no longer with", before - after)):
        names = [rows[pk] for pk in sorted(ids) if pk in rows]
        if names:
            yield Said((Span(f"Its {related._meta.verbose_name_plural}: {verb} "), *several(names), Span(".")))


def _edition(entry: Any, details: Sequence[Said]) -> Iterator[Said]:
    """The edition that the entry made, with its reason, unless `details` say that already."""
    made = entry.made
    if not made:
        return
    where = path_of("edition_detail", made["key"], made["number"])
    because = (Piece(SAME, made["because"]),) if made["because"] else ()
    because = () if any(each.words == because for each in details) else because
    yield Said((Span("That is "), Span(f"edition {made['number']}", where), Span(":" if because else ".")), because)
