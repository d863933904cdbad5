"""All settings, from a typed environment (spec/interfaces.md, Environment). Importing this module starts nothing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab

from config import devserver as embedded
from config import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / ".data")

DEBUG = environment.boolean("DEBUG", default=False)
PORT = environment.number("PORT", 8000, 1, 65535)  # the demo's port, also used for the default SITE_URL
SITE_URL = environment.site("SITE_URL", f"http://localhost:{PORT}")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = environment.host_names(
    "ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
)
CSRF_FAILURE_VIEW = "accounts.middleware.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TIME_ZONE = environment.time_zone("TIME_ZONE", "UTC")

# Servers: from the environment, or the embedded ones (which manage.py and the test run start, never this file).
_database_url, _redis_url = environment.database_url("DATABASE_URL"), environment.redis_url("REDIS_URL")
DEMO = environment.demo("DEMO", database_url=_database_url, site_url=SITE_URL, allowed_hosts=ALLOWED_HOSTS)
EMBEDDED_SERVERS = embedded.needed(database_url=_database_url, redis_url=_redis_url)
EMBEDDED_DATABASE = embedded.Server.POSTGRES in EMBEDDED_SERVERS
if EMBEDDED_SERVERS and not embedded.installed():
    if EMBEDDED_DATABASE:
        environment.stop("DATABASE_URL", environment.DATABASE_EXAMPLE)
    environment.stop("REDIS_URL", environment.REDIS_EXAMPLE)
DATABASE_URL = _database_url or embedded.database_url(DATA_DIR)
REDIS_URL = _redis_url or embedded.redis_url(DATA_DIR)

# A key is generated only with the embedded database; in production, sessions must survive the loss of a machine.
SECRET_KEY = environment.text("SECRET_KEY") or ""
if not SECRET_KEY and not EMBEDDED_DATABASE:
    environment.stop("SECRET_KEY", "a long random text, the same for every process")
try:
    SECRET_KEY = SECRET_KEY or embedded.secret_key(DATA_DIR)
except embedded.EmbeddedError as error:
    raise SystemExit(f"throughline: {error}") from error

# A pooler in transaction mode supports neither cursors beyond a transaction nor startup options
# (docs/operations.md, *A pooler*). JIT compilation takes longer than any of the queries.
DATABASE_POOLER = environment.boolean("DATABASE_POOLER", default=False)
_database = environment.database(DATABASE_URL)
DATABASES = {
    "default": {
        **_database,
        "OPTIONS": ({} if DATABASE_POOLER else {"options": "-c jit=off"}) | _database.get("OPTIONS", {}),
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLER,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_PREFIX = environment.prefix("REDIS_PREFIX", "throughline")
CACHES = {
    "default": {
        "BACKEND": "lib.http.cache.SteadyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

INSTALLED_APPS = [
    "config",
    "lib",
    "teams",
    "conversations",
    "strategy",
    "alignment",
    "digest",
    "exchange",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "pgtrigger",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
]
MIDDLEWARE = [
    "config.middleware.Private",
    "config.middleware.Probes",
    "config.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds random padding, so that the length reveals no secret
    "csp.middleware.CSPMiddleware",
    "config.middleware.OnlyUtf8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SlidingSession",
    "accounts.middleware.TypedForms",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lib.http.methods.MethodPageMiddleware",
    "lib.http.moved.MovedMiddleware",
    "web.readers.ReadersZone",
    "web.namesakes.Namesakes",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
ROOT_URLCONF = "config.urls"
if DEMO:
    INSTALLED_APPS.append("demo")
    MIDDLEWARE = [MIDDLEWARE[0], "demo.middleware.OnlyFromHere", *MIDDLEWARE[1:], "demo.middleware.Progress"]
    CONTEXT_PROCESSORS.append("demo.context.demo")
    ROOT_URLCONF = "config.urls_demo"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    }
]

DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000  # the goals of a strategy, 200 rows with up to 8 fields each, and new ones
FORM_RENDERER = "lib.forms.rendering.FormRenderer"

# Authentication.
AUTH_USER_MODEL = "teams.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "accounts.adapter.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The number of trusted proxies: rate limits of sign-in use the client address that the outermost one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXIES", 0, 0, 10)
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.services.tokens.LinkTokens"  # noqa: S105
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "web.accounts.forms.LoginForm",
    "change_password": "web.accounts.forms.ChangePasswordForm",
    "reset_password": "web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "web.accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_DISPLAY = "accounts.adapter.display_name"

USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en-gb"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail: stored as files unless EMAIL_URL is set.
_mail = environment.mail("EMAIL_URL", DATA_DIR / "mail")
EMAIL_BACKEND, EMAIL_FILE_PATH = _mail["EMAIL_BACKEND"], _mail["EMAIL_FILE_PATH"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DIGEST_LEASE_SECONDS = 300  # after this, other workers may take a silent worker's digests
DEFAULT_FROM_EMAIL = environment.sender("DEFAULT_FROM_EMAIL", "Throughline <throughline@localhost>")

# Celery: queued work is a row in PostgreSQL, Redis only wakes a worker (docs/architecture/running.md).
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 660, 600
CELERY_TASK_DEFAULT_QUEUE = f"{REDIS_PREFIX}.default"
DIGESTS_QUEUE = f"{REDIS_PREFIX}.digests"  # separate, so that refreshes after edits do not wait for many mails
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {CELERY_TASK_DEFAULT_QUEUE: {}, DIGESTS_QUEUE: {}}  # both by default
CELERY_TASK_ROUTES = {
    name: {"queue": DIGESTS_QUEUE}
    for name in (
        *("digest.build_digests", "digest.send_digests", "digest.send_turn_mails"),
        "accounts.send_invitations",
    )
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # workers still reconnect when Redis is back after hours
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    "socket_timeout": 3,
    "socket_connect_timeout": 1,
    "global_keyprefix": f"{REDIS_PREFIX}.",
}
# A task not started by then is no longer needed; the worker compares its own clock, which may be minutes ahead.
TASK_EXPIRES = 900
CELERY_BEAT_SCHEDULE = {
    said: {"task": task, "schedule": schedule, "options": {"expires": TASK_EXPIRES}}
    for said, task, schedule in (
        ("note that a worker is there", "config.note_worker", 60.0),
        ("refresh figures that wait", "alignment.refresh_waiting", 60.0),
        ("refresh figures when the day has changed", "alignment.recompute_when_stale", 60.0),
        ("send the digests that are due", "digest.send_due_digests", 60.0),
        ("send the mails about turns in conversations", "digest.send_due_turn_mails", 60.0),
        ("send links for forgotten passwords", "accounts.send_resets", 60.0),
        ("send notices of other addresses", "accounts.send_address_notices", 60.0),
        ("send the invitations that wait", "accounts.send_invitations", 60.0),
        # At a fixed time: an interval would restart with each beat process.
        ("clear expired sessions", "accounts.clear_expired_sessions", crontab(hour="3", minute="40")),
    )
}

# Browser security.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # without use

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.problem_response",
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "EditionKind": "strategy.enums.EditionKind",
        "GoalKind": "strategy.enums.GoalKind",
        "GoalStatus": "strategy.enums.GoalStatus",
        "InitiativeKind": "teams.enums.InitiativeKind",
        "InitiativeStatus": "teams.enums.InitiativeStatus",
        "MeasureKind": "strategy.enums.MeasureKind",
        "ThreadSubject": "api.v1.threads.SUBJECTS",
    },
    "TITLE": "Throughline",
    "DESCRIPTION": "Strategy-to-team alignment: which work reaches the published strategy, and which does not.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_problems",
    ],
}

LOG_FORMAT = logs.chosen_format()
LOG_LEVEL = environment.choice("LOG_LEVEL", "info" if LOG_FORMAT == "json" else "warning", logs.LEVELS)
SLOW_REQUEST_SECONDS = 1.0
LOGGING = logs.settings(LOG_FORMAT, LOG_LEVEL)
