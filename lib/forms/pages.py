"""Pages with one form: input is preserved, errors are next to their fields, a stale save shows both texts, and the
success message can offer to undo.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lib.db.triggers import Versioned
from lib.services.errors import RefusedError, StaleError
from lib.text.days import whole_day
from lib.text.numbers import plain

Result = TypeVar("Result")
UNDO = "undo "
STALE = "Somebody else saved this while you had it open, so nothing of yours was saved yet."
MEANWHILE = "Somebody has changed it meanwhile, so nothing was done. Look at it as it is now."
NOT_UNDONE = "It has changed since, so nothing was undone. Edit it instead."
NOTHING = "Nothing was changed."

CurrentValues = Callable[[Any], Mapping[str, Any]]
"""Converts a StaleError's row to form values by field, with its version."""

form_view = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Difference:
    """A field whose current value differs from what was typed."""

    label: str
    now: str
    yours: str


@dataclass(frozen=True)
class Success:
    """The success message and the URL of the next page; `undo` is as in `done`."""

    text: str
    url: str
    undo: str = ""

    def response(self, request: HttpRequest) -> HttpResponse:
        done(request, self.text, undo=self.undo)
        return HttpResponseRedirect(self.url)


@dataclass
class FormPage:
    """The context of form_page.html. `crumbs` are pairs (label, url); `effect` is for alignment/_effect.html, or None;
    `danger` marks a step that removes something; `focused` opens the page with the focus in the first field, or on the
    button.
    """

    title: str
    form: forms.Form
    action_label: str
    cancel_url: str
    lede: str = ""
    crumbs: Sequence[tuple[str, str]] = ()
    effect: Any = None
    danger: bool = False
    focused: bool = False
    differences: list[Difference] = field(default_factory=list)
    template: str = "form_page.html"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Label and id of each field with errors, in the order of the form."""
        return [(str(field.label), field.auto_id) for field in self.form.visible_fields() if field.errors]

    def response(self, request: HttpRequest, status: int | None = None) -> HttpResponse:
        """Status 409 after a stale save, 422 for a form with errors, otherwise 200."""
        wrong = 422 if self.form.is_bound and self.form.errors else 200
        if self.focused and not self.form.is_bound and (fields := self.form.visible_fields()):
            fields[0].field.widget.attrs["autofocus"] = True
        context = {"page": self, "form": self.form, **self.extra}
        return render(request, self.template, context, status=status or (409 if self.differences else wrong))

    def handle(
        self,
        request: HttpRequest,
        *,
        save: Callable[[], Result],
        done: Callable[[Result], Success],
        current: CurrentValues | None = None,
        prepare: Callable[[], None] | None = None,
        searching: bool = False,
    ) -> HttpResponse:
        """Shows the form, or saves it and redirects to the Success that `done` returns.

        `save` calls the service, with a valid form. `prepare` loads what only the rendered page needs; where
        it raises RefusedError, as somebody else made the step impossible meanwhile, the page goes without. With
        `searching`, the form was sent to find more choices, not to be saved (lib.forms.lookup).
        """
        if request.method == "POST" and not searching:
            result = self.save(save, current=current)
            if result is not None:
                return done(result).response(request)
        if prepare is not None:
            with suppress(RefusedError):
                prepare()
        return self.response(request)

    def save(self, service: Callable[[], Result], *, current: CurrentValues | None = None) -> Result | None:
        """Returns the result of `service`, or None where the form or the service finds errors, which the page then
        shows.

        A ValidationError appears next to its fields and a RefusedError above the form; a StaleError shows both texts
        and lets the next save succeed. `current` supplies the row's current form values where these are not its fields.
        """
        if not self.form.is_valid():
            return None
        try:
            return service()
        except StaleError as stale:
            show_both(self, current(stale.current) if current else stale.current)
        except ValidationError as error:
            add_errors(self.form, error)
        except RefusedError as refusal:
            self.form.add_error(None, str(refusal))
        return None


class VersionedForm(forms.Form):
    """A form for an existing row: it carries the version that it was opened with."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    @property
    def opened_version(self) -> int:
        return int(self.cleaned_data["version"])

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def posted(request: HttpRequest) -> QueryDict | None:
    """The data to bind a form to: None on GET; an empty submission is still bound."""
    return request.POST if request.method == "POST" else None


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Adds errors to the form's own fields, and all others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def show_both(page: FormPage, current: Model | Mapping[str, Any]) -> None:
    """Fills `page.differences` from the current row (or its values by field) and puts its version in the form: a second
    save overwrites values that the person has seen.
    """
    now = current if isinstance(current, Mapping) else model_to_dict(current) | {"version": vars(current)["version"]}
    form = page.form
    typed: QueryDict = cast("QueryDict", form.data).copy()
    typed[form.add_prefix("version")] = str(now["version"])
    form.data = typed
    page.differences = [
        Difference(str(form[name].label), shown(form, name, now[name]), shown(form, name, value))
        for name, value in form.cleaned_data.items()
        if name != "version" and name in now and shown(form, name, now[name]) != shown(form, name, value)
    ]
    form.add_error(None, STALE)


def shown(form: forms.Form, name: str, value: Any) -> str:
    """The displayed text of a value."""
    choices: dict[str, str] = {}
    for key, label in getattr(form.fields[name], "choices", ()):
        choices |= (
            {str(key): str(label)} if not isinstance(label, (list, tuple)) else {str(k): str(v) for k, v in label}
        )
    if isinstance(value, (list, tuple, set)):
        return ", ".join(sorted(shown(form, name, item) for item in value))
    raw = str(value.pk) if isinstance(value, Model) else "" if value is None else str(value)
    if raw in choices:
        return choices[raw].strip()
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return whole_day(value)
    return plain(value) if isinstance(value, Decimal) else raw


def done(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Adds a success message; `undo` is the URL that its Undo button posts to."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}" if undo else "")


def opened_version(params: QueryDict) -> int:
    """The version that a button was rendered with; 0, which no row has, where it is missing."""
    text = params.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def known_version(params: QueryDict) -> int | None:
    """As `opened_version`, but None for a button that ignores the version."""
    return opened_version(params) if "version" in params else None


def attempt(request: HttpRequest, service: Callable[[], Result], *, stale: str = MEANWHILE) -> Result | None:
    """For a button without a form: the result of `service`, or None after a message that says why nothing was done."""
    try:
        return service()
    except StaleError:
        messages.warning(request, stale)
    except RefusedError as refusal:
        messages.warning(request, str(refusal))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return None


def click(
    request: HttpRequest, service: Callable[[], Result], url: str, *, done: str | Callable[[Result], Success]
) -> HttpResponse:
    """Handles a button without a form: redirects to the Success that `done` returns, or says why nothing was done and
    redirects to `url`. Where `done` is a text, it is the success message at `url`.
    """
    result = attempt(request, service)
    if result is None:
        return HttpResponseRedirect(url)
    success = Success(done, url) if isinstance(done, str) else done(result)
    return success.response(request)


def undo(request: HttpRequest, service: Callable[[], object], url: str, text: str = "Undone.") -> HttpResponse:
    """Undoes an edit, or says why it cannot be undone; redirects to `url`."""
    if attempt(request, service, stale=NOT_UNDONE) is not None:
        done(request, text)
    return HttpResponseRedirect(url)


def edited(before: Versioned, row: Versioned, text: str, url: str, *, undo: str) -> Success:
    """The Success after an edit that may have changed nothing. `undo` is the URL that undoes it, without the
    version.
    """
    if row.version == before.version:
        return Success(NOTHING, url)
    return Success(text, url, undo=f"{undo}?version={row.version}")
