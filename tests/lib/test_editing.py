"""What a page with a form says above it."""

from __future__ import annotations

from django import forms
from django.test import RequestFactory

from lib.editing import FormPage


class Form(forms.Form):
    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="What is it?", choices=[("a", "A")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)


def page(form: Form) -> FormPage:
    return FormPage(title="New thing", form=form, action_label="Save", cancel_url="/")


def test_fields_with_something_wrong_are_told_in_their_order() -> None:
    assert page(Form({"note": "Kept"})).wrong == [("Name", "id_name"), ("What is it?", "id_kind")]
    assert page(Form({"name": "Ours", "kind": "a"})).wrong == []
    assert page(Form()).wrong == []


def test_wrong_fields_are_linked_above_the_form_and_told_in_the_title() -> None:
    html = page(Form({"name": "Ours"})).response(RequestFactory().get("/")).content.decode()

    assert "<title>Not saved: New thing" in html
    assert 'role="alert"' in html
    assert '<a href="#id_kind">What is it?</a>' in html
    assert 'id="id_kind"' in html
    assert html.index('role="alert"') < html.index("<form")


def test_form_that_is_only_opened_says_nothing_of_errors() -> None:
    html = page(Form()).response(RequestFactory().get("/")).content.decode()

    assert "<title>New thing" in html
    assert 'role="alert"' not in html
