"""config.settings of a product that lives a few minutes: what takes a minute there takes a second or some."""

from config.settings import *  # noqa: F403

DIGEST_LEASE_SECONDS = 4
for _entry in CELERY_BEAT_SCHEDULE.values():  # noqa: F405
    _entry["schedule"] = 1.0
