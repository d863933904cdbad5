"""Lists of addresses as people paste them."""

from __future__ import annotations

import pytest

from lib.mail.addresses import Addressee, name_from, typed_addresses

JANE = Addressee("jane@example.com", "Jane Doe")


def read(text):
    return [(each.name, each.email) for each in typed_addresses(text).addressees]


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe <jane@example.com>",
        '"Jane Doe" <Jane@Example.COM>',
        "  Jane Doe   <mailto:jane@example.com> ;",
        "Jane Doe jane@example.com",
        "Jane Doe, jane@example.com",
        "Jane Doe\tjane@example.com",
        "'Jane Doe' <jane@example.com>.",
        "Jane Doe (jane@example.com)",
        "Jane Doe jane@example.com.",
    ],
)
def test_name_and_address_are_read_however_they_are_written(text):
    found = typed_addresses(text)

    assert (found.addressees, found.wrong) == ([JANE], [])


def test_lines_commas_and_semicolons_separate():
    text = "a@example.com, b@example.com; Cé Ce <c@example.com>\r\nd@example.com\n\n;, \ne@example.com f"

    assert read(text) == [
        ("", "a@example.com"),
        ("", "b@example.com"),
        ("Cé Ce", "c@example.com"),
        ("", "d@example.com"),
        ("f", "e@example.com"),
    ]


@pytest.mark.parametrize(
    "text",
    ['"Doe, Jane" <jane@example.com>; bob@example.com', "Doe, Jane <jane@example.com>\nbob@example.com"],
)
def test_comma_in_a_name_separates_nothing(text):
    assert read(text) == [("Doe, Jane", "jane@example.com"), ("", "bob@example.com")]


def test_semicolon_between_quotation_marks_separates_nothing():
    assert read('"Doe; Jane" <jane@example.com>') == [("Doe; Jane", "jane@example.com")]


def test_name_is_as_long_as_the_limit_and_no_longer():
    longest = "J" * 200
    assert read(f"{longest} <jane@example.com>") == [(longest, "jane@example.com")]
    found = typed_addresses(f"{longest}J <jane@example.com>")
    assert (found.addressees, len(found.wrong)) == ([], 1)


def test_address_that_comes_again_counts_once():
    found = typed_addresses("jane@example.com, JANE@example.com\nJane <jane@example.com>")

    assert [each.email for each in found.addressees] == ["jane@example.com"]
    assert found.repeated == 2


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("jane.example.com", "An address has an @ in it. Write it like name@example.com."),
        ("Jane", "An address has an @ in it. Write it like name@example.com."),
        ("Jane <>", "There is no address. Write it like name@example.com."),
        ("jane@example", "What stands behind the @ is not whole. Write it like name@example.com."),
        ("jane@example..com", "Write jane@example.com, if that is what is meant."),
        ("jane@@example.com", "There are two @ in it. Write it like name@example.com."),
        (
            "Jane <jane doe@example.com>",
            "There is a space in the address. Put a comma or a new line between two addresses.",
        ),
        (
            "a@example.com b@example.com",
            "There is a space in the address. Put a comma or a new line between two addresses.",
        ),
        (
            "bob@example.com <jane@example.com>",
            "The name before the address has an @ in it. Put a comma or a new line between two addresses.",
        ),
        ("@example.com", "No mail can be sent to this. Write it like name@example.com."),
        (f"{'x' * 250}@example.com", "An address has at most 254 characters."),
        (f"{'x' * 201} <jane@example.com>", "A name has at most 200 characters."),
        ("Ja\u202ene <jane@example.com>", "There is an invisible character in the name. Type it anew."),
    ],
)
def test_wrong_entry_is_named_with_what_would_be_right(text, advice):
    found = typed_addresses(f"{text}\nbob@example.com")

    assert [(each.written, each.advice) for each in found.wrong] == [(text, advice)]
    assert [each.email for each in found.addressees] == ["bob@example.com"]


def test_wrong_entry_takes_nobody_elses_name():
    found = typed_addresses("jane.example.com, bob@example.com")

    assert found.addressees == [Addressee("bob@example.com")]
    assert [each.written for each in found.wrong] == ["jane.example.com"]


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("jane.doe@example.com", "Jane Doe"),
        ("jane_van-dam+work@example.com", "Jane Van Dam"),
        ("jdoe@example.com", "Jdoe"),
        ("_@example.com", "_@example.com"),
    ],
)
def test_name_is_made_of_the_address_where_none_was_written(email, name):
    assert name_from(email) == name


@pytest.mark.parametrize("text", ["", "\n ;, \t\n"])
def test_list_of_nothing_has_nothing_in_it(text):
    found = typed_addresses(text)

    assert (found.addressees, found.wrong) == ([], [])
