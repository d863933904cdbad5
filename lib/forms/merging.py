"""Merges a form with what somebody else saved while it was open: only a field that both changed is a conflict.

The form carries what it was opened with, as a short hash of each field, so that three texts are compared: what it was
opened with, what was typed, and what is there now. All are compared as a browser would send them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from lib.text.clean import tidy

OPENED, VERSION = "opened", "version"
Texts = tuple[str, ...]


class Merged:
    """`data` has what was typed, with what only somebody else changed (`theirs`); `conflicts` were changed by both, and
    have what was typed.
    """

    def __init__(self, form: forms.Form, now: Mapping[str, Any]) -> None:
        data: Any = form.data
        self.data: QueryDict = data.copy()
        self.theirs: list[str] = []
        self.conflicts: list[str] = []
        opened = _read(data.get(form.add_prefix(OPENED), ""))
        for name in _compared(form, now):
            mine, there = _typed(form, name), _texts(form, name, now[name])
            if mine == there or opened.get(name) == _hash(there):
                continue
            if opened.get(name) == _hash(mine):
                self.theirs.append(name)
                self._take(form, name, there)
            else:
                self.conflicts.append(name)
        self.data[form.add_prefix(VERSION)] = str(now[VERSION])
        self.data[form.add_prefix(OPENED)] = json.dumps(
            opened | {name: _hash(_texts(form, name, now[name])) for name in _compared(form, now)}
        )
        self.whole = bool(opened) and not self.conflicts

    def _take(self, form: forms.Form, name: str, texts: Texts) -> None:
        field = form.add_prefix(name)
        self.data.pop(field, None)
        if texts:
            self.data.setlist(field, [*texts])


def opened_with(form: forms.Form) -> str:
    """What the form starts with, for its hidden field OPENED."""
    names = [name for name in form.fields if name not in {OPENED, VERSION}]
    return json.dumps(
        {name: _hash(_texts(form, name, form.get_initial_for_field(form.fields[name], name))) for name in names}
    )


def _compared(form: forms.Form, now: Mapping[str, Any]) -> list[str]:
    return [name for name in form.fields if name in now and name not in {OPENED, VERSION}]


def _read(text: str) -> dict[str, str]:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _typed(form: forms.Form, name: str) -> Texts:
    return _flat(form.fields[name].widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))


def _texts(form: forms.Form, name: str, value: Any) -> Texts:
    """A value as the form's field would send it."""
    field = form.fields[name]
    prepared = field.prepare_value(value)
    if isinstance(field.widget, forms.CheckboxInput):
        return _flat(field.widget.check_test(prepared))
    return _flat(field.widget.format_value(prepared))


def _flat(value: Any) -> Texts:
    if isinstance(value, bool):
        return ("on",) if value else ()
    several = value if isinstance(value, (list, tuple, set)) else [value]
    return tuple(sorted(text for each in several if each is not None and (text := tidy(str(each)))))


def _hash(texts: Texts) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
