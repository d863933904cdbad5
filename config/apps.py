"""Loads the Celery app with Django, so that web processes queue tasks to the configured broker."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "config"
    verbose_name = "Runtime"

    def ready(self) -> None:
        import_module("config.celery")
