from importlib import import_module

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lib.services.finishing import register_step
        from strategy.services.editions import write_editions

        import_module("strategy.actions")
        import_module("strategy.topics")
        import_module("strategy.counters")
        register_step(write_editions)
