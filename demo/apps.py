from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed only with DEMO=1, so that its static/ is served only then."""

    name = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        import_module("demo.actions")
