"""Reads lists of mail addresses as people paste them, with or without names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lib.db.fields import CONTROL_CHARACTERS, EMAIL_LIMIT, NAME_LIMIT
from lib.text.clean import bidi_control, normal, tidy

LIKE = "Write it like name@example.com."
AS_WRITTEN = re.compile(r"""(?P<name>[^<>]*)<\s*(?:mailto:)?(?P<email>[^<>]*)>[\s.:]*""", re.IGNORECASE)
_PIECES = re.compile(r"""(?:"[^"]*"|<[^<>]*>|[^,])+""")
_BETWEEN = re.compile(r"[\r\n;]")
_QUOTED = re.compile(r'"[^"]*"')
_KEPT = "\0"
"""In the place of a semicolon between quotation marks, which separates nothing."""
_DOTS = re.compile(r"\.{2,}")
_STOPS = ".:)]}"
"""What stands behind an address in a sentence."""


@dataclass(frozen=True)
class Addressee:
    """`email` is in lower case; `name` is '' where none was written."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class WrongAddress:
    """What was written, and a sentence that says what would be right."""

    written: str
    advice: str


@dataclass
class AddressList:
    """`addressees` in the order in which they were written, each address once; `repeated` counts those that came
    again."""

    addressees: list[Addressee] = field(default_factory=list)
    wrong: list[WrongAddress] = field(default_factory=list)
    repeated: int = 0


def typed_addresses(text: str) -> AddressList:
    """Reads addresses and `Name <address>`, separated by lines, commas and semicolons. A name may have a comma in it,
    and may stand in a cell of its own before its address.
    """
    found, seen = AddressList(), set()
    for written in _entries(text):
        one = _read(written)
        if isinstance(one, WrongAddress):
            found.wrong.append(one)
        elif one.email in seen:
            found.repeated += 1
        else:
            seen.add(one.email)
            found.addressees.append(one)
    return found


def name_from(email: str) -> str:
    """A name made of an address: "Jane Doe" of jane.doe@example.com."""
    local = email.partition("@")[0].partition("+")[0]
    words = [word for word in re.split(r"[._-]+", local) if word]
    return " ".join(word[:1].upper() + word[1:] for word in words) or email


def _entries(text: str) -> Iterator[str]:
    """What belongs to one address each: pieces between separators, with the pieces of a name before them."""
    for line in _BETWEEN.split(_QUOTED.sub(lambda quoted: quoted[0].replace(";", _KEPT), normal(text))):
        names: list[str] = []
        for piece in _PIECES.findall(line.replace("\t", ",")):
            piece = piece.replace(_KEPT, ";").strip()
            if _is_name(piece):
                names += [piece] if piece else []
                continue
            if "<" in piece:
                yield ", ".join([*names, piece])
            elif " " not in piece:
                yield f"{', '.join(names)} <{piece}>" if names else piece
            else:
                yield from [*names, piece]
            names = []
        yield from names


def _is_name(piece: str) -> bool:
    """Whether it may be (a part of) the name before an address, and is not an address without its @."""
    return "@" not in piece and "<" not in piece and (" " in piece or "." not in piece.rstrip("."))


def _read(written: str) -> Addressee | WrongAddress:
    bracketed = AS_WRITTEN.fullmatch(written)
    if bracketed:
        name, email = bracketed["name"], bracketed["email"]
    else:
        name, email = _apart(written)
    name, email = tidy(name.strip().strip("\"'")), email.strip().removeprefix("mailto:").strip("\"'").rstrip(_STOPS)
    advice = _wrong_with(email) or _wrong_with_name(name)
    return WrongAddress(written, advice) if advice else Addressee(email.lower(), name)


def _apart(written: str) -> tuple[str, str]:
    """Name and address without brackets: the one word with an @ is the address."""
    words = written.split()
    addresses = [word for word in words if "@" in word.strip("@")]
    if len(addresses) != 1:
        return "", written
    return " ".join(word for word in words if word != addresses[0]), addresses[0].strip("()[]")


def _wrong_with(email: str) -> str:
    if not email:
        return f"There is no address. {LIKE}"
    if "@" not in email:
        return f"An address has an @ in it. {LIKE}"
    if len(email) > EMAIL_LIMIT:
        return f"An address has at most {EMAIL_LIMIT} characters."
    try:
        validate_email(email)
    except ValidationError:
        return _advice(email)
    return ""


def _advice(email: str) -> str:
    local, _, host = email.rpartition("@")
    better = _DOTS.sub(".", f"{local.strip('.')}@{host.strip('.')}")
    if better != email and _is_valid(better):
        return f"Write {better}, if that is what is meant."
    if re.search(r"\s", email):
        return "There is a space in the address. Put a comma or a new line between two addresses."
    if "@" in local:
        return f"There are two @ in it. {LIKE}"
    if local and "." not in host:
        return f"What stands behind the @ is not whole. {LIKE}"
    return f"No mail can be sent to this. {LIKE}"


def _is_valid(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _wrong_with_name(name: str) -> str:
    if len(name) > NAME_LIMIT:
        return f"A name has at most {NAME_LIMIT} characters."
    if "@" in name:
        return "The name before the address has an @ in it. Put a comma or a new line between two addresses."
    if re.search(CONTROL_CHARACTERS, name) or bidi_control(name):
        return "There is an invisible character in the name. Type it anew."
    return ""
