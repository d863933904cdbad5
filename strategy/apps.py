from importlib import import_module

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("strategy.actions")
