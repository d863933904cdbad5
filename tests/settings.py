"""config.settings for the test run: a DATA_DIR of its own, and of the developer's shell only the servers' addresses."""

import os
from pathlib import Path

OWN = (
    "DEBUG",
    "DEMO",
    "PORT",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "TIME_ZONE",
    "SECRET_KEY_FILE",
    "EMAIL_URL",
    "EMAIL_URL_FILE",
    "DEFAULT_FROM_EMAIL",
    "DATABASE_POOLER",
    "TRUSTED_PROXIES",
    "LOG_FORMAT",
    "LOG_LEVEL",
)

for name in OWN:
    os.environ.pop(name, None)
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / ".data" / "test"))
os.environ["SECRET_KEY"] = "only for tests"
os.environ["REDIS_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

from config.settings import *  # noqa: E402, F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 -- WhiteNoise warns where it is missing
SLOW_REQUEST_SECONDS = 600  # the machine may have other things to do
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"  # noqa: F405 -- no commit waits for the disk
