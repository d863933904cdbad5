"""Loads Celery's app with Django, so that a task queued by a web process goes to our broker."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "config"
    verbose_name = "Runtime"

    def ready(self) -> None:
        import_module("config.celery")
