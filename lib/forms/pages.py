"""Pages with one form: what was typed stays, what is wrong is said beside its field, a stale save shows both texts, and
what was done can be undone from the message that says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
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
from lib.text.numbers import plain

Result = TypeVar("Result")
UNDO = "undo "
STALE = "Somebody else saved this while you had it open, so nothing of yours was saved yet."
MEANWHILE = "Somebody has changed it meanwhile, so nothing was done. Look at it as it is now."
NOT_UNDONE = "It has changed since, so nothing was undone. Edit it instead."
NOTHING = "Nothing was changed."

CurrentValues = Callable[[Any], Mapping[str, Any]]
"""Makes the values of a form, by field and with the version, of the row that a StaleError comes with."""

form_view = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Difference:
    """A field of which the row as it is now says something else than what was typed."""

    label: str
    now: str
    yours: str


@dataclass(frozen=True)
class Success:
    """What is said once something is done, and the address of the page that follows; `undo` is as in `done`."""

    text: str
    url: str
    undo: str = ""

    def response(self, request: HttpRequest) -> HttpResponse:
        done(request, self.text, undo=self.undo)
        return HttpResponseRedirect(self.url)


@dataclass
class FormPage:
    """What form_page.html shows. `crumbs` are pairs (label, url); `effect` is what effects/_effect.html shows, or None;
    `danger` marks a step that takes something away; one that is `focused` opens with the keyboard in its first field,
    or on its button.
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
        """Label and id of each field with something wrong in it, in the order of the form."""
        return [(str(field.label), field.auto_id) for field in self.form.visible_fields() if field.errors]

    def response(self, request: HttpRequest, status: int | None = None) -> HttpResponse:
        """409 after a stale save, 422 for a form with something wrong in it, otherwise 200."""
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
        """Shows the form, or saves what was sent and leads to what `done` makes of the result.

        `save` calls the service; the form is valid by then. `prepare` fills in what the page needs only where it is
        shown. A form that is `searching` was sent to find more choices, not to be saved (lib.forms.lookup).
        """
        if request.method == "POST" and not searching:
            result = self.save(save, current=current)
            if result is not None:
                return done(result).response(request)
        if prepare is not None:
            prepare()
        return self.response(request)

    def save(self, service: Callable[[], Result], *, current: CurrentValues | None = None) -> Result | None:
        """What `service` returns; None where the form or the service finds something wrong, which the page then shows.

        ValidationError goes beside its fields, RefusedError above the form, StaleError shows both texts and lets the
        next save of the same form go through. `current` makes the form's values of the row as it is now, where they
        are not the row's fields.
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
    """A form about a row that is there: it carries the version that it was opened with."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    @property
    def opened_version(self) -> int:
        return int(self.cleaned_data["version"])

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. None opens it; one that is sent with nothing in it is wrong."""
    return request.POST if request.method == "POST" else None


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Beside the fields that the form has, above it for the others."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def show_both(page: FormPage, current: Model | Mapping[str, Any]) -> None:
    """Fills `page.differences` from the row as it is now (or its values by field), and takes its version over: whoever
    saves again has seen what they replace."""
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
    """A value as people read it."""
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
        return f"{value.day} {value:%B %Y}"
    return plain(value) if isinstance(value, Decimal) else raw


def done(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """A message; `undo` is the address that a click on its Undo posts to."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}" if undo else "")


def opened_version(params: QueryDict) -> int:
    """The version that a click was made on; 0, which no row has, where it does not say."""
    text = params.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def known_version(params: QueryDict) -> int | None:
    """As `opened_version`; None for a click that does whatever the version is."""
    return opened_version(params) if "version" in params else None


def attempt(request: HttpRequest, service: Callable[[], Result], *, stale: str = MEANWHILE) -> Result | None:
    """For a click without a form: what `service` returns, or None after a message that says why it did nothing."""
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
    """The whole of a button without a form: leads to what `done` makes of the result, or says why nothing was done and
    leads to `url`. A `done` that is a text is said at `url` as well.
    """
    result = attempt(request, service)
    if result is None:
        return HttpResponseRedirect(url)
    success = Success(done, url) if isinstance(done, str) else done(result)
    return success.response(request)


def undo(request: HttpRequest, service: Callable[[], object], url: str, text: str = "Undone.") -> HttpResponse:
    """Undoes, or says why not; leads to `url`."""
    if attempt(request, service, stale=NOT_UNDONE) is not None:
        done(request, text)
    return HttpResponseRedirect(url)


def edited(before: Versioned, row: Versioned, text: str, url: str, *, undo: str) -> Success:
    """After an edit that may have changed nothing. `undo` is the address that undoes one, without the version."""
    if row.version == before.version:
        return Success(NOTHING, url)
    return Success(text, url, undo=f"{undo}?version={row.version}")
