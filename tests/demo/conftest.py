"""The demo switched on for a test, as DEMO=1 switches it on, and a small company with its cast."""

from __future__ import annotations

import functools
import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as project
from django.test import Client

from tests.demo.company import Company, build_company
from tests.kept import Kept, keep

SWITCHED = ("DEMO", "MIDDLEWARE", "TEMPLATES", "ROOT_URLCONF")
STATIC = Path(project.BASE_DIR, "demo", "static")


@functools.cache
def demo_settings() -> dict[str, Any]:
    """What config/settings.py says with DEMO=1, of all that this changes besides the list of apps."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"DEMO": "1"}
    with mock.patch.dict(os.environ, environment, clear=True):
        found = runpy.run_path(str(Path(project.BASE_DIR, "config", "settings.py")))
    return {name: found[name] for name in SWITCHED}


@pytest.fixture
def demo(settings) -> None:
    """Static files are found as those of an installed app are; the app has nothing else that would be missing."""
    for name, value in demo_settings().items():
        setattr(settings, name, value)
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, STATIC]


@pytest.fixture(scope="module")
def kept_company(whole_module) -> Kept[Company]:
    return keep(build_company(), {})


@pytest.fixture
def company(kept_company: Kept[Company], db) -> Company:
    return kept_company.copy()


@pytest.fixture
def client(demo) -> Client:
    return Client(HTTP_HOST="localhost")
