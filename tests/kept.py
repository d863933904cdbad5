"""A company that takes long to make, made once a module, with a client for each of its people."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, Generic, TypeVar

from django.test import Client

from teams.models import Person

Company = TypeVar("Company")


@dataclass(frozen=True)
class Kept(Generic[Company]):
    pickled: bytes
    """Quicker to copy than the rows themselves."""
    cookies: dict[str, SimpleCookie]
    """Of each of its people, signed in."""

    def copy(self) -> Company:
        """As it was made: what a test does to its rows is not done to those of the next."""
        company: Company = pickle.loads(self.pickled)  # noqa: S301 -- our own
        return company

    def client(self, who: str, **options: Any) -> Client:
        """Signed in as this person; `anonymous` is nobody."""
        client = Client(**options)
        if who != "anonymous":
            client.cookies = copy.deepcopy(self.cookies[who])
        return client


def keep(company: Company, people: Mapping[str, Person]) -> Kept[Company]:
    cookies = {}
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        cookies[who] = client.cookies
    return Kept(pickle.dumps(company), cookies)
