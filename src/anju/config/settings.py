"""One settings file for every installation; environment variables say what differs."""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from anju.config.database import Role, django_database
from anju.config.home import PROJECT, Home
from anju.config.tiles import read_tiles
from anju.rules.passwords import PROFILES


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes"}


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _count(name: str) -> int:
    given = os.environ.get(name, "").strip() or "0"
    if not (given.isascii() and given.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a number, not {given!r} · {name} 应为数字")
    return int(given)


def _address(name: str) -> str:
    given = os.environ.get(name, "").strip().rstrip("/")
    if given and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[\w.\-/]*)?", given):
        raise ImproperlyConfigured(f"{name} must begin with http:// or https:// and name a host · {name} 应为完整网址")
    return given


def _secret_key(home: Home, serving: bool) -> str:
    """A server never invents its key: sessions would break at each start and two workers would disagree."""
    if key := os.environ.get("ANJU_SECRET_KEY", "").strip():
        return key
    if home.secret_key.is_file():
        return home.secret_key.read_text("ascii").strip()
    if serving:
        raise ImproperlyConfigured(
            "No secret key: set ANJU_SECRET_KEY or run `anju init` · 没有密钥，请先运行 anju init"
        )
    return secrets.token_urlsafe(48)


def _password_profile() -> str:
    name = os.environ.get("ANJU_PASSWORD_PROFILE", "").strip() or "djbh"
    if name not in PROFILES:
        raise ImproperlyConfigured(
            f"ANJU_PASSWORD_PROFILE must be one of {', '.join(PROFILES)} · 密码规则只能是其中之一"
        )
    return name


HOME = Home.of(os.environ)
SERVING = _flag("ANJU_SERVING")  # set by `anju run` and config.wsgi
HTTPS = _flag("ANJU_HTTPS")
TRUSTED_PROXIES = _count("ANJU_TRUSTED_PROXIES")
TILES = read_tiles(os.environ)  # the map's background; none by default
POLICIES = PROJECT / "policy"  # one folder for each county's document
# What each app adds when a county is founded or taken up by a newer release, and what it adds to the demo county, in this order.
COUNTY_LOADERS = [
    "anju.registry.services.indicators.load_indicators",
    "anju.cases.services.loading.load_cases",
]
DEMO_LOADERS: list[str] = [
    "anju.registry.services.demo.load_demo_facts",
    "anju.registry.services.demo_map.load_demo_map",
    "anju.disclosure.services.demo.load_demo_releases",
    "anju.cases.services.demo.load_demo_cases",
    "anju.inspections.services.demo.load_demo_rounds",
]
# Where citizens reach this installation, as posters print it; empty: the host of the request that asks for the poster.
PUBLIC_URL = _address("ANJU_PUBLIC_URL")
_role: Role = "owner" if os.environ.get("ANJU_DB_ROLE") == "owner" else "app"

DEBUG = False
SECRET_KEY = _secret_key(HOME, SERVING)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_words("ANJU_ALLOWED_HOSTS")]
ROOT_URLCONF = "anju.config.urls"
WSGI_APPLICATION = "anju.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "anju.base",
    "anju.places",
    "anju.accounts",
    "anju.registry",
    "anju.cases",
    "anju.inspections",
    "anju.disclosure",
    "anju.reports",
    "anju.web",
    "anju.papers",
    "django.forms",  # last: our own template of a select, drawn in one piece, comes before Django's
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "anju.web.signin.idle.IdleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "anju.web.middleware.ActorMiddleware",
    "anju.web.signin.middleware.PasswordMiddleware",
    "anju.web.middleware.TrialMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anju.web.context.house",
            ],
        },
    },
]

# Database
DATABASES = {"default": django_database(os.environ, _role)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Language and time: every page is Chinese, every county lives in one time zone
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["anju.accounts.hashers.OwaspArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "anju.web.signin.validators.ProfileValidator"}]
PASSWORD_PROFILE = _password_profile()
IDLE = timedelta(minutes=_count("ANJU_IDLE_MINUTES")) or PROFILES[PASSWORD_PROFILE].idle
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:today"
ACCOUNT_ADAPTER = "anju.web.signin.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = False  # ours count in the database, see rules/lockout.py; allauth's in one process's memory
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Anju 安居"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ; a code works once all the same
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = False

# Sessions and cookies
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True

# Transport. Forwarding headers count only behind a stated number of proxies.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = HTTPS and TRUSTED_PROXIES > 0
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # a county's domain has other subdomains that are not ours to bind
    "security.W008",  # the redirect to HTTPS belongs to the proxy, or is set above
    "security.W021",  # preload lists are the domain owner's decision
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *TILES.hosts],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# Static files: content hashes when serving; plain names in tests and one-off commands
STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
_manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(HOME.files)}},
    "staticfiles": {"BACKEND": _manifest if SERVING else _plain},
}
WHITENOISE_MAX_AGE = 0 if not SERVING else 60
MEDIA_ROOT: Path = HOME.files

# Uploads are bounded before any of our code sees them
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000  # a returned table has a box for each of up to 5,000 changes

# Every process writes to standard error; the supervisor keeps it in bounded files under var/log. No personal data:
# neither request bodies nor query strings are logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "anju.config.logfile.LineFormatter", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # pages not found are everyday
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
