"""The template check sees what it has to see, and nothing else."""

from pathlib import Path

import pytest

from tools import check_templates


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(check_templates, "ROOT", tmp_path)
    monkeypatch.setattr(check_templates, "FOLDER", tmp_path / "templates")
    monkeypatch.setattr(check_templates, "MAILS", tmp_path / "templates" / "emails")
    (tmp_path / "templates" / "emails").mkdir(parents=True)
    return tmp_path / "templates"


def found(path: Path, text: str) -> list[str]:
    path.write_text(text)
    return list(check_templates.breaches(path))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>alert(1)</script>", "an inline script"),
        ('<script defer\n type="module">x</script>', "an inline script"),
        ("<style>p {}</style>", "an inline style element"),
        ('<p style="color: red">', "an inline style attribute"),
        ('<button type="button" onclick="go()">', "an inline event handler"),
        ('<div hx-on:click="go()">', "an inline event handler"),
        ('<a href="javascript:go()">', "a javascript: address"),
        ("{{ text|safe }}", "text that is marked safe"),
        ("{% autoescape off %}", "text that is marked safe"),
        ('<img alt="" src="https://elsewhere.example/x.png">', "a page from another site"),
    ],
)
def test_breach_is_found_with_its_line(folder: Path, text: str, what: str) -> None:
    assert found(folder / "page.html", f"<p>\n{text}") == [f"templates/page.html:2: {what}"]


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% static 'js/menus.js' %}\" defer></script>",
        '<script id="rows" type="application/json">[]</script>',
        '<link rel="stylesheet" href="/static/css/base.css">',
        '<p class="style">one = 1; a safe place; on = 2</p>',
        "{# <style> is not allowed here #}",
        '<a href="https://elsewhere.example/">there</a>',
        "{{ text|force_escape }}",
    ],
)
def test_ordinary_markup_passes(folder: Path, text: str) -> None:
    assert found(folder / "page.html", text) == []


@pytest.mark.parametrize(
    ("inside", "wrong"),
    [
        ("<button>Remove</button>", True),
        ('<input type="hidden" name="version" value="1">', False),
        ('{% include "components/_sending.html" with sending=page.sending only %}', False),
    ],
)
def test_form_that_posts_says_what_it_was_drawn_with(folder: Path, inside: str, *, wrong: bool) -> None:
    page = folder / "page.html"
    page.write_text(f'<p>\n<form method="post" action="{{% url \'link_removal\' 1 %}}">\n{inside}\n</form>')
    what = "templates/page.html:2: a form without what it was drawn with (components/_seen.html)"

    assert list(check_templates.unseen_forms(page)) == ([what] if wrong else [])


def test_form_that_searches_or_signs_out_says_nothing_of_the_kind(folder: Path) -> None:
    page = folder / "page.html"
    signs_out = '<form method="post" action="{% url \'account_logout\' %}"></form>'
    page.write_text(f'<form method="get"></form>{signs_out}')

    assert list(check_templates.unseen_forms(page)) == []


def test_mail_may_style_its_elements(folder: Path) -> None:
    assert found(folder / "emails" / "digest.html", '<p style="margin: 0">') == []


@pytest.mark.parametrize("name", ["page.html", "emails/digest.html", "emails/digest.txt"])
def test_line_that_is_too_long_to_read_is_found(folder: Path, name: str) -> None:
    path = folder / name
    path.write_text(f"{'é' * 160}\n{'x' * 161}\n")
    assert list(check_templates.long_lines(path)) == [f"templates/{name}:2: a line of 161 characters (at most 160)"]


def test_every_template_of_ours_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_templates.main() == 0, capsys.readouterr().err
