"""What a person finds on a page to press: its forms as a browser sends them, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.urls import resolve

from lib.forms.sending import SECOND

CSRF = "csrfmiddlewaretoken"


@dataclass
class Form:
    """One button of a form that posts: where to, with which values of which fields (`several` may have one name).
    `wanted` are the required fields that nothing is in yet, `choices` what may be chosen for one."""

    action: str
    button: str
    values: dict[str, list[str]]
    hidden: set[str] = field(default_factory=set)
    wanted: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return url_name(self.action)

    def filled(self, typed: dict[str, str]) -> dict[str, list[str]]:
        """With what was `typed`, or the first choice there is, where something is required and nothing given."""
        added = {name: [self.choices[name][0] if name in self.choices else typed[name]] for name in self.wanted}
        if self.values.get("due_on") == [""]:
            added["due_on"] = [typed["due_on"]]  # which a promise needs, and no other answer
        return self.values | added


def url_name(address: str) -> str:
    return resolve(urlsplit(address).path).view_name


def post_forms(page: BeautifulSoup, address: str) -> Iterator[Form]:
    """Each way to send each form of the page at `address` that posts."""
    for form in page.find_all("form"):
        if str(form.get("method", "get")).lower() != "post":
            continue
        for button in _buttons(form):
            yield _form(page, form, button, address)


def _buttons(form: Tag) -> list[Tag]:
    return [button for button in form.find_all("button") if button.get("type", "submit") == "submit"]


def _form(page: BeautifulSoup, form: Tag, button: Tag, address: str) -> Form:
    action = urljoin(address, str(form.get("action", "")))
    found = Form(action, " ".join(button.get_text().split()), {})
    for control in _controls(page, form):
        _read(found, control)
    if button.get("name"):
        found.values[str(button["name"])] = [str(button.get("value", ""))]
    if button.get("name") == SECOND and "because" in found.values:
        found.wanted.append("because")  # which is not needed for the amendment that the first button adds to
    found.wanted = [name for name in dict.fromkeys(found.wanted) if not any(found.values.get(name, []))]
    return found


def _controls(page: BeautifulSoup, form: Tag) -> Iterator[Tag]:
    yield from form.find_all(["input", "select", "textarea"])
    if form.get("id"):
        yield from page.find_all(["input", "select", "textarea"], attrs={"form": form["id"]})


def _read(form: Form, control: Tag) -> None:
    name, kind = str(control.get("name", "")), str(control.get("type", "text"))
    if not name or control.has_attr("disabled"):
        return
    if control.has_attr("required"):
        form.wanted.append(name)
    if kind == "hidden":
        form.hidden.add(name)
    if control.name == "select":
        _read_select(form, control, name)
    elif kind in {"checkbox", "radio"}:
        value = str(control.get("value", "on"))
        form.choices.setdefault(name, []).append(value)
        if control.has_attr("checked"):
            form.values.setdefault(name, []).append(value)
    else:
        text = control.get_text().removeprefix("\n") if control.name == "textarea" else control.get("value", "")
        form.values.setdefault(name, []).append(str(text))


def _read_select(form: Form, select: Tag, name: str) -> None:
    options = [(str(option.get("value", option.get_text())), option) for option in select.find_all("option")]
    form.choices[name] = [value for value, _option in options if value]
    chosen = [value for value, option in options if option.has_attr("selected")]
    if not chosen and not select.has_attr("multiple"):
        chosen = [value for value, _option in options[:1]]
    form.values.setdefault(name, []).extend(chosen)


def links(node: Any, address: str) -> list[str]:
    """The addresses of ours that links of the page lead to."""
    found = [urljoin(address, str(link["href"])) for link in node.find_all("a", href=True)]
    return [each for each in found if each.startswith("/")]
