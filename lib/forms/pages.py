"""Pages with one form: input is preserved, errors are next to their fields, a stale save shows both texts, and the
success message can offer to undo.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest, ValidationError
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lib.db.triggers import Versioned
from lib.forms.inputs import Markdown
from lib.forms.lookup import sought
from lib.forms.merging import OPENED, VERSION, Merged, opened_with
from lib.forms.returning import returning, undone_from, way_back
from lib.forms.sending import SECOND, WEIGHED, SentBeforeError, Unsaved, once, token_for, typed, unsaved_on, was_kept
from lib.log.meanwhile import told_since
from lib.services.errors import RefusedError, StaleError
from lib.services.trials import tried
from lib.text.days import whole_day
from lib.text.numbers import plain

Result = TypeVar("Result")
UNDO, TAKE_BACK = "undo ", "take back "
STALE = "Somebody else saved this while you had it open, so nothing of yours was saved yet."
MEANWHILE = "It has changed since this page was drawn, so nothing was done. Look at it as it is now, and press again."
NOT_UNDONE = "It has changed since, so nothing was undone. Edit it instead."
MERGED = "What somebody else changed meanwhile is kept:"
SENT_TWICE = "It was sent twice, and saved once."
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
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Success:
    """The success message and the URL of the next page; `undo` and `take_back` are as in `done`."""

    text: str
    url: str
    undo: str = ""
    take_back: str = ""

    def response(self, request: HttpRequest) -> HttpResponse:
        done(request, self.text, undo=undone_from(request, self.undo), take_back=self.take_back)
        return HttpResponseRedirect(way_back(request, self.url))


@dataclass
class FormPage:
    """The context of form_page.html. `crumbs` are pairs (label, url); `effect` is for figures/_effect.html, or None;
    `notice` says what the form begins with, where that is not what is saved;
    `weighs` adds a button that shows the effect of what is typed, `second` one of that label that saves it in another
    way (`by_second`); `danger` marks a step that removes something;
    `returning` is the way back to a list, for further forms of the page;
    `focused` opens the page with the focus in the first field, or on the button;
    `stopped` says why there is nothing to send as things are, in place of the form, with links (label, url) to what can
    be done `instead`.
    """

    title: str
    form: forms.Form
    action_label: str
    cancel_url: str
    lede: str = ""
    notice: str = ""
    crumbs: Sequence[tuple[str, str]] = ()
    effect: Any = None
    weighs: bool = False
    second: str = ""
    danger: bool = False
    focused: bool = False
    stopped: str = ""
    instead: Sequence[tuple[str, str]] = ()
    sending: str = ""
    unsaved: Unsaved | None = None
    reader: Any = None
    returning: Mapping[str, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    template: str = "form_page.html"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Label and id of each field with errors, in the order of the form."""
        return [(str(field.label), field.auto_id) for field in self.form.visible_fields() if field.errors]

    @property
    def keeps(self) -> bool:
        """Whether what is typed is kept before it is saved: a form with long text."""
        return any(isinstance(field, Markdown) for field in self.form.fields.values())

    def response(self, request: HttpRequest, status: int | None = None) -> HttpResponse:
        """Status 409 after a stale save, 422 for a form with errors, otherwise 200."""
        is_wrong = self.form.is_bound and self.form.errors and not was_kept(request)
        wrong = 422 if is_wrong else 200
        self.sending = token_for(request)
        self.cancel_url, self.returning = way_back(request, self.cancel_url), returning(request)
        if self.keeps:
            self.unsaved = unsaved_on(request)
        self._focus()
        context = {"page": self, "form": self.form, **self.extra}
        return render(request, self.template, context, status=status or (409 if self.differences else wrong))

    def _focus(self) -> None:
        """The keyboard begins in the first field that is wrong, or that somebody else changed too."""
        fields = {field.name: field for field in self.form.visible_fields()}
        wanted = [name for name, field in fields.items() if field.errors] if self.form.is_bound else []
        wanted += [each.name for each in self.differences]
        if self.focused and not self.form.is_bound:
            wanted += fields
        if first := next((name for name in wanted if name in fields), None):
            fields[first].field.widget.attrs["autofocus"] = True

    def handle(
        self,
        request: HttpRequest,
        *,
        save: Callable[[], Result],
        done: Callable[[Result], Success],
        current: CurrentValues | None = None,
        prepare: Callable[[], None] | None = None,
        weigh: Callable[[], Any] | None = None,
        tries: bool = True,
        searching: bool = False,
    ) -> HttpResponse:
        """Shows the form, or saves it and redirects to the Success that `done` returns.

        `save` calls the service, with a valid form. `prepare` loads what only the rendered page needs; where
        it raises RefusedError, as somebody else made the step impossible meanwhile, the page goes without. `weigh`
        gives the effect of a form that is sent to see what saving it would do. `save` is tried before it, and what
        saving would be refused for is said instead; without `tries`, `weigh` refuses that itself. With `searching`,
        the form was sent to find more choices, not to be saved (lib.forms.lookup), and what is missing yet is no error.
        """
        self.weighs = weigh is not None
        self.reader = getattr(request, "user", None)
        if weigh is not None and WEIGHED in request.POST and not searching:
            self.effect = self.save(lambda: (not tries or tried(save)) and weigh(), current=current)
        elif request.method == "POST" and not searching:
            success = self.save(lambda: sent_once(request, save, done), current=current)
            if success is not None:
                kept = f" {MERGED} {', '.join(self.merged)}." if self.merged else ""
                return replace(success, text=success.text + kept).response(request)
        if prepare is not None:
            with suppress(RefusedError):
                prepare()
        if searching and sought(request) is not None:
            self.form.errors.clear()
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
            if self._merge(current(stale.current) if current else stale.current):
                return self.save(service, current=current)
            self.form.add_error(None, f"{STALE} {told_since(stale.row, stale.version, self.reader)}".strip())
        except ValidationError as error:
            add_errors(self.form, error)
        except RefusedError as refusal:
            self.form.add_error(None, str(refusal))
        return None

    def _merge(self, current: Model | Mapping[str, Any]) -> bool:
        """Takes what only somebody else changed into the form, and says whether it can be saved like that. Otherwise
        the page shows both texts.
        """
        now = (
            current if isinstance(current, Mapping) else model_to_dict(current) | {"version": vars(current)["version"]}
        )
        form: Any = self.form
        is_news = str(now["version"]) != str(form.data.get(form.add_prefix("version")))
        merged = Merged(form, now)
        if not (getattr(form, "merges", False) and merged.whole and is_news):
            show_both(self, merged, now)
            return False
        self.merged += [str(form[name].label) for name in merged.theirs]
        form.data = merged.data
        form.full_clean()
        return True


class VersionedForm(forms.Form):
    """A form for an existing row: it carries the version that it was opened with, and a hash of each field.

    `merges` is for forms that edit the row's own fields one by one: what others changed in other fields meanwhile
    stays, and the rest is saved.
    """

    merges = False

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())
    opened = forms.CharField(required=False, widget=forms.HiddenInput())

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        return opened_with(self) if field_name == OPENED else super().get_initial_for_field(field, field_name)

    @property
    def opened_version(self) -> int:
        return int(self.cleaned_data["version"])

    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {VERSION, OPENED}}


posted = typed


def by_second(request: HttpRequest) -> bool:
    """Whether the second button of the form was pressed."""
    return SECOND in request.POST


def sent_once(request: HttpRequest, save: Callable[[], Result], done: Callable[[Result], Success]) -> Success:
    """Saves a form, or leads to what came of it where it was sent before."""
    try:
        return once(request, lambda: done(save()), lambda success: success.url)
    except SentBeforeError as before:
        return Success(SENT_TWICE, before.url)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Adds errors to the form's own fields, and all others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def show_both(page: FormPage, merged: Merged, now: Mapping[str, Any]) -> None:
    """Fills `page.differences` from what both changed, and the form with what only somebody else did: a second save
    overwrites nothing but values that the person has seen.
    """
    form = page.form
    page.differences = [
        Difference(str(form[name].label), shown(form, name, now[name]), shown(form, name, value), name)
        for name, value in form.cleaned_data.items()
        if name in merged.conflicts and shown(form, name, now[name]) != shown(form, name, value)
    ]
    form.data = merged.data


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


def done(request: HttpRequest, text: str, *, undo: str = "", take_back: str = "") -> None:
    """Adds a success message; `undo` is the URL that its Undo button posts to, `take_back` that of a page which shows
    first what undoing it would do.
    """
    back = f"{TAKE_BACK}{take_back}" if take_back else ""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}" if undo else back)


class UnseenError(BadRequest):
    """A button was sent without the version that it was drawn with, so that nobody knows what was on view."""


def seen_version(request: HttpRequest) -> int:
    """The version that a button was drawn with: posted, or in the address of an undo. Raises UnseenError."""
    return seen_number(request, "version")


def seen_number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name) or request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise UnseenError(f"a button without its {name}")
    return int(text)


def meanwhile(request: HttpRequest, stale: StaleError, sentence: str) -> str:
    """`sentence`, with what the log says was done since the page was drawn."""
    reader = getattr(request, "user", None)
    return f"{sentence} {told_since(stale.row, stale.version, reader)}".strip()


def attempt(request: HttpRequest, service: Callable[[], Result], *, stale: str = MEANWHILE) -> Result | None:
    """For a button without a form: the result of `service`, or None after a message that says why nothing was done."""
    try:
        return service()
    except StaleError as error:
        messages.warning(request, meanwhile(request, error, stale))
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
        return HttpResponseRedirect(way_back(request, url))
    success = Success(done, url) if isinstance(done, str) else done(result)
    return success.response(request)


def undo(request: HttpRequest, service: Callable[[], object], url: str, text: str = "Undone.") -> HttpResponse:
    """Undoes an edit, or says why it cannot be undone; redirects to `url`."""
    if attempt(request, service, stale=NOT_UNDONE) is not None:
        done(request, text)
    return HttpResponseRedirect(way_back(request, url))


def edited(before: Versioned, row: Versioned, text: str, url: str, *, undo: str) -> Success:
    """The Success after an edit that may have changed nothing. `undo` is the URL that undoes it, without the
    version.
    """
    if row.version == before.version:
        return Success(NOTHING, url)
    return Success(text, url, undo=f"{undo}?version={row.version}")
