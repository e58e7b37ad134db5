"""Settings of every Trueline process, read from the environment. Without any variable they fit ``make run``."""

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.apps import BASE_DIR, OUR_APPS
from config.caching import CACHE
from config.database import URL_VARIABLES, configuration
from config.embedded import broker_url, redis_url
from config.environment import resolved
from config.logs import logging_configuration
from config.production import Installation, Network, networks, refuse_unsafe
from config.providers import refuse_unfit_providers
from config.secret import secret_key

env = environ.Env()
env.ENVIRON = resolved(os.environ)

# --- This process --------------------------------------------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", default=False)
DEMO: bool = env.bool("DEMO", default=False)
TRUELINE_GALLERY: bool = DEBUG or DEMO
"""A demonstration plant: a permanent banner, published sign-ins. Never set on a database with real records."""
HTTPS: bool = env.bool("TRUELINE_HTTPS", default=False)
"""Whether people reach this server by HTTPS (a proxy in front sets X-Forwarded-Proto)."""
DATA_DIR: Path = Path(env.str("TRUELINE_DATA", default=str(BASE_DIR / "var"))).resolve()
"""Files kept by this installation: attachments, sealed PDFs, keys, the embedded database."""

PRODUCTION: bool = env.bool("TRUELINE_PRODUCTION", default=False)
"""An installation with real records: it refuses to start with settings that are good for trying out only."""

SECRET_KEY: str = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else secret_key(DATA_DIR))
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
"""Former secret keys: what they signed or encrypted (sessions, keys of second factors) is still read."""
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUELINE_EPCIS_BASE: str = env.str("TRUELINE_EPCIS_BASE", default="") or f"https://{ALLOWED_HOSTS[0].lstrip('.*')}/id"
"""What the addresses of places, documents and materials without a GTIN begin with in EPCIS events. Names are for good:
set it before the first event leaves, to an address of your own, and never change it."""

# --- Apps ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS: list[str] = [
    "django.contrib.auth",  # before ours, which take back what it does at every sign-in
    "django.contrib.contenttypes",
    *OUR_APPS,
    "config",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_tables2",
    "drf_spectacular",
    "rest_framework",
    "template_partials",
]
AUTH_USER_MODEL = "core_organization.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
NAVIGATION = "config.navigation.SECTIONS"

MIDDLEWARE: list[str] = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.probes.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.requests.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.organization.views.middleware.PersonMiddleware",
    "core.organization.views.middleware.TerminalMiddleware",
    "core.organization.views.middleware.RightsMiddleware",
    "core.signing.views.DigestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.organization.views.middleware.AccountMiddleware",
    "core.web.middleware.DoorMiddleware",
]

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
                "django.template.context_processors.i18n",
                "core.web.context.shell",
            ],
        },
    },
]

# --- Database, cache, jobs ------------------------------------------------------------------------------------------
DB_ROLE: str = env.str("TRUELINE_DB_ROLE", default="app")
DATABASES: dict[str, dict[str, Any]] = {
    "default": configuration(
        DB_ROLE,
        env.ENVIRON,
        DATA_DIR,
        pool_size=env.int("TRUELINE_DB_POOL", default=16),
        timeout=env.int("TRUELINE_DB_TIMEOUT", default=0),
    ),  # fmt: skip
}

REDIS_URL: str = env.str("REDIS_URL", default=redis_url(DATA_DIR))
CACHES: dict[str, dict[str, Any]] = {
    "default": {**CACHE, "LOCATION": REDIS_URL},
}
CELERY_BROKER_URL: str = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
TRUELINE_JOB_LEASE = timedelta(seconds=env.int("TRUELINE_JOB_LEASE", default=60))
"""How long a silent worker keeps a background job before another takes it over."""
TRUELINE_JOB_REDISPATCH = timedelta(seconds=env.int("TRUELINE_JOB_REDISPATCH", default=15))
TRUELINE_JOB_RETRY = timedelta(seconds=env.int("TRUELINE_JOB_RETRY", default=5))
TRUELINE_PRINTER_NETWORKS: list[Network] = networks(
    env.list("TRUELINE_PRINTER_NETWORKS", default=["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"])
)
"""Where label printers are; nothing else is connected to by their addresses (docs/identification.md)."""
TRUELINE_PRINTER_PORTS = {
    int(port) for port in env.list("TRUELINE_PRINTER_PORTS", default=["9100", "9101", "9102", "6101"])
}
TRUELINE_PRINTER_TIMEOUT = env.float("TRUELINE_PRINTER_TIMEOUT", default=10.0)
"""Seconds until a printer that does not answer counts as off."""

# --- People --------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS: list[str] = ["core.organization.views.adapter.DeskBackend"]
PASSWORD_HASHERS: list[str] = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "config.passwords.OneKnownWord"},
    {"NAME": "config.passwords.NotBreached"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "core.organization.views.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip"}
"""By address only, and generously: a shift begins behind one address. Names are counted by the product itself."""
MFA_ADAPTER = "core.organization.views.adapter.FactorAdapter"
MFA_FORMS = {"authenticate": "core.organization.views.adapter.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
"""A code is taken one step (30 seconds) early or late: clocks of phones differ."""
MFA_WEBAUTHN_USER_VERIFICATION = "required"
"""A passkey asks for the finger, the face or its PIN: having found the key is not enough."""
TRUELINE_OIDC_ISSUER: str = env.str("TRUELINE_OIDC_ISSUER", default="")
"""The plant's identity provider (OpenID Connect), exactly as its discovery document names it; empty: none."""
TRUELINE_OIDC_CLIENT_ID: str = env.str("TRUELINE_OIDC_CLIENT_ID", default="")
TRUELINE_OIDC_CLIENT_SECRET: str = env.str("TRUELINE_OIDC_CLIENT_SECRET", default="")
TRUELINE_OIDC_SCOPES: str = env.str("TRUELINE_OIDC_SCOPES", default="openid profile email")
TRUELINE_OIDC_CLAIM: str = env.str("TRUELINE_OIDC_CLAIM", default="preferred_username")
TRUELINE_OIDC_FIELD: str = env.str("TRUELINE_OIDC_FIELD", default="username")
"""Which claim names a person, and by what they are known here."""
TRUELINE_OIDC_NAME: str = env.str("TRUELINE_OIDC_NAME", default="identity provider")
TRUELINE_OIDC_CREATE: bool = env.bool("TRUELINE_OIDC_CREATE", default=False)
"""Whether an unknown person gets an account, without any role, at the first sign-in by the provider."""
TRUELINE_SAML_IDP: str = env.str("TRUELINE_SAML_IDP", default="")
"""The plant's identity provider (SAML 2.0): its entity id; empty: none. The extra `saml` speaks with it."""
TRUELINE_SAML_SSO_URL: str = env.str("TRUELINE_SAML_SSO_URL", default="")
TRUELINE_SAML_CERTIFICATE: str = env.str("TRUELINE_SAML_CERTIFICATE", default="")
"""A PEM file with the certificate by whose key it signs; with the next one too while it changes them."""
TRUELINE_SAML_KEY: str = env.str("TRUELINE_SAML_KEY", default="")
TRUELINE_SAML_KEY_CERTIFICATE: str = env.str("TRUELINE_SAML_KEY_CERTIFICATE", default="")
"""PEM files of our own RSA key and its certificate: questions are signed with it. Empty: they are not signed."""
TRUELINE_SAML_ATTRIBUTE: str = env.str("TRUELINE_SAML_ATTRIBUTE", default="uid")
TRUELINE_SAML_FIELD: str = env.str("TRUELINE_SAML_FIELD", default="username")
TRUELINE_SAML_NAME: str = env.str("TRUELINE_SAML_NAME", default="identity provider")
TRUELINE_SAML_CREATE: bool = env.bool("TRUELINE_SAML_CREATE", default=False)
TRUELINE_LDAP_URL: str = env.str("TRUELINE_LDAP_URL", default="")
"""The plant's directory: `ldaps://host`, or `ldap://host`, which becomes TLS by StartTLS; empty: none. Extra `ldap`."""
TRUELINE_LDAP_CA: str = env.str("TRUELINE_LDAP_CA", default="")
"""A PEM file with the certificates that its own is judged by; empty: those of OpenLDAP's configuration."""
TRUELINE_LDAP_BASE: str = env.str("TRUELINE_LDAP_BASE", default="")
TRUELINE_LDAP_BIND_DN: str = env.str("TRUELINE_LDAP_BIND_DN", default="")
TRUELINE_LDAP_BIND_PASSWORD: str = env.str("TRUELINE_LDAP_BIND_PASSWORD", default="")
"""Below what people are searched, and as whom; without a name anonymously."""
TRUELINE_LDAP_NAME: str = env.str("TRUELINE_LDAP_NAME", default="uid")
TRUELINE_LDAP_ID: str = env.str("TRUELINE_LDAP_ID", default="entryUUID")
"""The attribute that people type as their name, and the one that an entry keeps for ever."""
TRUELINE_LDAP_CREATE: bool = env.bool("TRUELINE_LDAP_CREATE", default=False)
refuse_unfit_providers(vars())
SESSION_ENGINE = "core.organization.services.sessions"
TRUELINE_PIN_SIGNING: bool = env.bool("TRUELINE_PIN_SIGNING", default=True)
"""Whether a PIN may be the secret of Performed, Witnessed and Hold placed at terminals; else it is the password."""
TRUELINE_DESK_IDLE = timedelta(minutes=env.int("TRUELINE_DESK_IDLE", default=60))
"""How long a browser at a desk may be idle (in minutes) until its person must sign in again."""
TRUELINE_BREACHED_PASSWORDS: str = env.str("TRUELINE_BREACHED_PASSWORDS", default="")
"""A file of SHA-1 digests of breached passwords, sorted (`DIGEST:count`, one a line); empty: none is asked."""
SILENCED_SYSTEM_CHECKS: list[str] = ["security.W021"]
"""Whether browsers are told of the domain in advance is for the owner of the domain to decide."""

# --- Language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
"""Those whose catalogue is in locale/, and the language of the sources."""
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- Static files and uploads --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT: Path = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
TRUELINE_FILES_DIR: Path = DATA_DIR / "files"
"""Attachments, sealed PDFs and result files, each under its SHA-256."""
TRUELINE_KEY_DIR: Path = DATA_DIR / "keys"
"""The key that seals PDFs (core.printing.seal); back it up, and keep it readable by this user only."""
TRUELINE_SEAL_DIRECTORY: Path = Path(env.str("TRUELINE_SEAL_DIRECTORY", default=str(DATA_DIR / "seals"))).resolve()
"""Where the daily export writes the heads; let it lead out of this machine (write-once storage)."""
TRUELINE_SEAL_EMAIL: list[str] = env.list("TRUELINE_SEAL_EMAIL", default=[])
"""Who gets the newest head by e-mail with each daily export."""
TRUELINE_TSA_URL: str = env.str("TRUELINE_TSA_URL", default="")
"""A time-stamp authority (RFC 3161) that stamps the newest head every hour; empty: none."""
TRUELINE_SEAL_LIMIT = timedelta(seconds=env.int("TRUELINE_SEAL_LIMIT", default=600))
"""How long a row may wait for its seal before an alarm is raised."""
TRUELINE_CACHE_DIR: Path = DATA_DIR / "cache"
TRUELINE_ATTACHMENT_LIMIT: int = env.int("TRUELINE_ATTACHMENT_LIMIT", default=100 * 1024 * 1024)
TRUELINE_S3_URL: str = env.str("TRUELINE_S3_URL", default="").rstrip("/")
"""An S3-compatible store for these files: `https://host/bucket`, perhaps with a prefix; empty: the directory."""
TRUELINE_S3_REGION: str = env.str("TRUELINE_S3_REGION", default="us-east-1")
TRUELINE_S3_ACCESS_KEY: str = env.str("TRUELINE_S3_ACCESS_KEY", default="")
TRUELINE_S3_SECRET_KEY: str = env.str("TRUELINE_S3_SECRET_KEY", default="")
if TRUELINE_S3_URL and not (TRUELINE_S3_URL.startswith(("https://", "http://")) and TRUELINE_S3_SECRET_KEY):
    raise ImproperlyConfigured("TRUELINE_S3_URL is https://host/bucket, with TRUELINE_S3_ACCESS_KEY and …_SECRET_KEY")
TRUELINE_SCANNER: str = env.str("TRUELINE_SCANNER", default="")
"""What checks attachments for viruses: `clamd:/path`, `clamd:host:port` or `command:…`; empty: nothing does."""
if TRUELINE_SCANNER.partition(":")[0] not in ("", "clamd", "command") or TRUELINE_SCANNER.endswith(":"):
    raise ImproperlyConfigured("TRUELINE_SCANNER is clamd:/path, clamd:host:port or command:…")
TRUELINE_SCANNER_REQUIRED: bool = env.bool("TRUELINE_SCANNER_REQUIRED", default=True)
"""Whether a file that the scanner could not check is refused; 0 keeps it and writes an error to the log."""
TRUELINE_PAPER: str = env.str("TRUELINE_PAPER", default="A4").lower()
if TRUELINE_PAPER not in ("a4", "letter"):
    raise ImproperlyConfigured("TRUELINE_PAPER is A4 or Letter")
"""The paper of everything that is printed."""
TRUELINE_ORGANIZATION: str = env.str("TRUELINE_ORGANIZATION", default="Trueline")
"""The name in the seal's certificate and at the head of printed records."""
TRUELINE_PUBLIC_URL: str = env.str(
    "TRUELINE_PUBLIC_URL", default=f"http://localhost:{env.int('PORT', default=8000)}"
).rstrip("/")
"""The address printed as QR code on every sealed record."""
MEDIA_ROOT: Path = TRUELINE_FILES_DIR
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- API -----------------------------------------------------------------------------------------------------------
TRUELINE_API_RATE: int = env.int("TRUELINE_API_RATE", default=600)
"""Requests per minute that one API token, or one signed-in person, may make."""
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Trueline",
    "DESCRIPTION": "The records of the plant and every deed on them, under the rights and rules of the screens.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "WorkKindEnum": "core.worklist.models.Kind",
        "ReportKindEnum": "qms.reporting.models.ReportSchedule.Kind",
        "TrainingKindEnum": "qms.training.models.TrainingRequirement.Kind",
        "DocumentKindEnum": "qms.documents.models.DocumentKind",
        "DispositionShapeKindEnum": "qms.nonconformance.models.Disposition.Kind",
        "FoundAtEnum": "qms.nonconformance.models.FoundAt",
        "ImpactAssessmentShapeAnswerEnum": "qms.changes.models.ImpactAssessment.Answer",
        "SeverityEnum": "qms.nonconformance.models.Severity",
        "LevelEnum": "qms.capa.models.CapaDecision.Level",
        "ResultEnum": "qms.capa.models.EffectivenessResult.Result",
        "WhereEnum": "traceability.models.RecallLine.Where",
        "ContainmentResultEnum": "qms.nonconformance.models.ContainmentCheck.Result",
        "ContainmentPlaceEnum": "qms.nonconformance.models.ContainmentCheck.Where",
        "CauseCategoryEnum": "qms.nonconformance.models.CauseCategory",
        "TaskStatusEnum": [
            (code, code.replace("_", " ").capitalize())
            for code in ("open", "in_progress", "done", "accepted", "cancelled")
        ],
        "RevisionStatusEnum": [
            (code, code.replace("_", " ").capitalize())
            for code in ("draft", "in_review", "approved", "effective", "superseded", "obsolete")
        ],
        "VersionStatusEnum": [(code, code.capitalize()) for code in ("draft", "effective", "superseded", "obsolete")],
    },
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        },
    },
}

# --- Browser security ----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.web.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "core.web.cookies.MessageStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
"""The longest shift: whoever signed in must sign in again after it."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$", "^api/"]
"""The API refuses plain HTTP instead: a program that leaked its token must not go on unnoticed."""
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# --- Logs and probes -----------------------------------------------------------------------------------------------
LOGGING_CONFIG = "config.logs.configure"
LOGGING: dict[str, Any] = logging_configuration(env.str("LOG_FORMAT", default="console"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
TRUELINE_PROBE_NETWORKS: list[Network] = networks(
    env.list("TRUELINE_PROBE_NETWORKS", default=["127.0.0.0/8", "::1/128"])
)
"""Who may ask /readyz and /metrics without a token."""
TRUELINE_PROBE_TOKEN: str = env.str("TRUELINE_PROBE_TOKEN", default="")

# --- Mail ----------------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
TRUELINE_MAIL_IS_NAMED = bool(env.str("EMAIL_URL", default=""))
"""Whether whoever runs the server named a mail server; without one no mail is tried."""
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("TRUELINE_EMAIL_FROM", default="trueline@localhost")

if PRODUCTION:
    refuse_unsafe(
        Installation(
            debug=DEBUG, demo=DEMO, https=HTTPS, secret_key=SECRET_KEY, hosts=ALLOWED_HOSTS,
            public_url=TRUELINE_PUBLIC_URL, has_database=bool(env.str(URL_VARIABLES[DB_ROLE], default="")),
            has_broker=bool(env.str("REDIS_URL", default="")),
        )
    )  # fmt: skip
