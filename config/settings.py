"""All settings. Three switches choose the parts: DATABASE_URL, REDIS_URL and S3_BUCKET; unset means embedded."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG: bool = env.bool("DEBUG", default=False)
TESTING: bool = env.bool("ATTEST_TESTING", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _own_secret() -> str:
    """A key of this installation, made once and kept readable by its owner only (embedded use)."""
    path = VAR_DIR / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY_GIVEN: bool = bool(env.str("SECRET_KEY", default=""))
SECRET_KEY: str = env.str("SECRET_KEY", default="") or _own_secret()
SITE_ORIGIN: str = env.str("SITE_ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
FILES_ORIGIN: str = env.str("FILES_ORIGIN", default="").rstrip("/")
_site_host = urlsplit(SITE_ORIGIN).hostname or "127.0.0.1"
_files_host = urlsplit(FILES_ORIGIN).hostname
_default_hosts = [_site_host, *([_files_host] if _files_host else []), "127.0.0.1", "localhost"]
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=_default_hosts)
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
HTTPS = SITE_ORIGIN.startswith("https://")
# The person running several web processes says so; the checks refuse SQLite and local files then.
#: Our proxy overwrites what it tells us of a caller: encryption, address, the request's id. Nobody else is believed.
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
WEB_PROCESSES: int = env.int("WEB_PROCESSES", default=1)
WEB_HOSTS: int = env.int("WEB_HOSTS", default=1)

INSTALLED_APPS = [
    "common",
    "audit",
    "jobs",
    "ledger",
    "accounts",
    "qualifications",
    "centres",
    "portfolio",
    "assessments",
    "web.shared",
    "web.account",
    "demo",
    "upkeep",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "web.files.middleware.only_files",
    "web.shared.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "web.shared.middleware.headers",
    "web.shared.door.door",
    "web.shared.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "web.shared.middleware.walls",
    "web.shared.door.forms",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
FORCE_SCRIPT_NAME = ""  # the site stands at the root of its host; no header of a client says otherwise
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.shared.nav.shell",
            ],
        },
    },
]

# --- switch 1: the database -------------------------------------------------------------------------------------------
_SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN instead of failing at its first write
    "timeout": 20,
    # Recursive: what a REPLACE takes away is a deletion that triggers see, so that append-only rows stay.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA recursive_triggers=ON;",
}
#: A server that is gone without a word is noticed in seconds, so that nobody looks at a blank page for a minute (T23).
_POSTGRES: dict[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 8000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}
if env.str("DATABASE_URL", default=""):
    DATABASES: dict[str, Any] = {"default": env.db_url("DATABASE_URL")}
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    if "sqlite3" in DATABASES["default"]["ENGINE"]:
        DATABASES["default"]["OPTIONS"] = _SQLITE
    elif "postgresql" in DATABASES["default"]["ENGINE"]:
        DATABASES["default"]["OPTIONS"] = _POSTGRES | DATABASES["default"].get("OPTIONS", {})
        DATABASES["default"]["ENGINE"] = "common.postgresql"
else:
    DATABASES = {
        "default": {
            "ENGINE": "common.sqlite3",
            "NAME": VAR_DIR / "attest.sqlite3",
            "CONN_MAX_AGE": 60,  # opening the file and its pragmas again would cost every page a millisecond or two
            "OPTIONS": _SQLITE,
        }
    }
# Several servers agree on what day it is by the database's clock. Tests set the clock themselves.
CLOCK_OF_DATABASE = not TESTING
EMBEDDED_DATABASE = "sqlite3" in DATABASES["default"]["ENGINE"]

# --- switch 2: Redis --------------------------------------------------------------------------------------------------
REDIS_URL: str = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES: dict[str, Any] = {
        "default": {
            "BACKEND": "common.caching.RedisOrOwn",  # nobody waits for it, or is kept out by it
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "attest"}}

# --- switch 3: files --------------------------------------------------------------------------------------------------
S3_BUCKET: str = env.str("S3_BUCKET", default="")
S3_ENDPOINT_URL: str = env.str("S3_ENDPOINT_URL", default="")
if S3_BUCKET:
    from botocore.config import Config

    _files: dict[str, Any] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "region_name": env.str("S3_REGION", default="us-east-1"),
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            # The library waits a minute for each of five tries; nobody waits so long for a store that is away.
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": env.str("S3_ADDRESSING_STYLE", default="path")},
                connect_timeout=3,
                read_timeout=30,
                retries={"total_max_attempts": 2, "mode": "standard"},
            ),
        },
    }
else:
    _files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "media"), "file_permissions_mode": 0o600},
    }
# Fingerprinted names need `collectstatic`; a developer's machine and the tests serve the sources.
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {"default": _files, "staticfiles": {"BACKEND": _static_storage}}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
(BASE_DIR / "static" / "build").mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG
# Uploads stream to disk from the first byte, so memory does not grow with the file.
FILE_UPLOAD_HANDLERS = ["web.files.uploads.WholeUploads"]
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
CLAMD_ADDRESS: str = env.str("CLAMD_ADDRESS", default="")

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "given_name", "family_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotOurWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True  # a learner's phone forgets the page, not the person; 12 hours at most
PASSWORD_RESET_TIMEOUT = 60 * 60  # a letter for a new password; invitations and new addresses keep their own time
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # the library's own would repeat the request's Host (H01)
# What is right is never counted, and failures count for one account: see accounts/adapter.py, which counts passwords.
# The library's limits by address would let 30 of a class in; its limit by name would lock an owner out from elsewhere
# (H07). Where only an address can be counted, that is a brake on floods, above what 200 people do in one morning.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/300s/key",  # codes of the second step, by person
    "reset_password": "5/m/key,300/10m/ip",
    "reset_password_from_key": "300/10m/ip",
    "manage_email": "10/m/user,30/d/user",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write on every page
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "300/10m/ip"}  # a passkey cannot be guessed
# Everybody came by a link from their mailbox; a wish for another address (accounts.AddressChange) closes nothing.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or TESTING
MFA_FORMS = {  # the library's own fall over what nobody can read
    "authenticate_webauthn": "web.account.passkeys.SecondStepForm",
    "login_webauthn": "web.account.passkeys.SignInForm",
    "reauthenticate_webauthn": "web.account.passkeys.ProveForm",
    "add_webauthn": "web.account.passkeys.AddForm",
    "signup_webauthn": "web.account.passkeys.SignUpForm",
}
MFA_TOTP_ISSUER = "Attest"
# A stranger who guesses passwords locks only his own address out of that account, never its owner.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Behind our nginx everybody would come from its address; it overwrites this header, so a client cannot set it.
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP" if BEHIND_PROXY else None
AXES_CLIENT_IP_CALLABLE = "accounts.adapter.counted_address"
AXES_USERNAME_CALLABLE = "accounts.adapter.name_tried"
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# --- sessions, cookies, headers ---------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-attest" if HTTPS else "attest"
CSRF_COOKIE_NAME = "__Host-attest-csrf" if HTTPS else "attest-csrf"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.shared.errors.csrf_refused"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_files_source = [FILES_ORIGIN] if FILES_ORIGIN else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *_files_source],
        "media-src": [SELF, *_files_source],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    "camera": "self",
    "microphone": "self",
    "publickey-credentials-get": "self",
    "publickey-credentials-create": "self",
    "geolocation": [],
    "payment": [],
    "usb": [],
    "accelerometer": [],
    "gyroscope": [],
}

# --- the log of sealed rows: who signs its heads, and where they go every day -----------------------------------------
LEDGER_ORIGIN: str = env.str("LEDGER_ORIGIN", default="")  # empty: the site's host with /attest
LEDGER_KEY: str = env.str("LEDGER_KEY", default="")  # a secret text, where several machines sign
LEDGER_KEY_FILE: str = env.str("LEDGER_KEY_FILE", default=str(VAR_DIR / "ledger-key.pem"))
LEDGER_ANCHOR_FOLDER: str = env.str("LEDGER_ANCHOR_FOLDER", default="")

# --- words and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"  # shown; stored in UTC

# --- mail, logs -------------------------------------------------------------------------------------------------------
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "common.smtp.Backend"  # the same, and it says whether a letter was handed over
else:  # embedded: letters are files that a person can open
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Attest <no-reply@attest.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
# "json": one object a line, for whoever collects the logs of several machines; "text": for a person to read.
LOG_FORMAT: str = env.str("LOG_FORMAT", default="json" if REDIS_URL else "text")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "common.logs.OneLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "common.logs.Json"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if LOG_FORMAT == "json" else "text"}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # to the root and nowhere else, so that one formatter sees it all
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
