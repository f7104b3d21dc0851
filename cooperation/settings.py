"""All settings, driven by the environment. Unsafe values stop the start with one sentence each.

Sections: environment, applications, database, broker and cache, people, languages and time,
security, files, forms, mail, background work, webhooks, logs.
"""

import os
import sys
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue

from cooperation import embedded, queues
from cooperation.documents.clamd import is_address
from cooperation.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

# --- environment -----------------------------------------------------------------------------------------
env = environ.Env()
TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
# The demo's mail page shows every mail, login codes included, to everybody: it exists in the demo only.
DEMO_MAIL_DIR = env.str("DEMO_MAIL_DIR", default="") if DEMO else ""
# A development key is accepted only where nothing real can be signed with it.
DEVELOPMENT_KEY = "development-only-key-never-used-in-production"
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY if (DEBUG or DEMO or TESTING) else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")

# Commands that touch no database may run where none is.
WITHOUT_SERVERS = {"check", "collectstatic", "compile_catalogues", "extract_cities", "extract_land"}
WITHOUT_SERVERS |= {"makemessages", "makemigrations"}
RUNS_WITHOUT_SERVERS = bool(WITHOUT_SERVERS.intersection(sys.argv[1:2])) or "mypy" in sys.modules

if HTTPS and DEBUG:
    raise ImproperlyConfigured("DEBUG is on and SITE_URL is https. DEBUG shows every visitor the code.")
if HTTPS and SECRET_KEY == DEVELOPMENT_KEY:
    raise ImproperlyConfigured("SECRET_KEY is the development key and SITE_URL is https. Set your own.")
if not SECRET_KEY and not RUNS_WITHOUT_SERVERS:
    raise ImproperlyConfigured("SECRET_KEY is not set. Put a long random value into the environment.")
SECRET_KEY = SECRET_KEY or DEVELOPMENT_KEY
# Earlier keys: links in mails and second factors made under them stay good.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if "*" in ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured("ALLOWED_HOSTS contains '*'. Name the hosts that this portal answers to.")

# --- applications ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "cooperation.web.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "crispy_forms",
    "django_countries",
    "django_htmx",
    "csp",
    "pgtrigger",
    "cooperation.web.apps.WebConfig",
    "cooperation.history.apps.HistoryConfig",
    "cooperation.accounts.apps.AccountsConfig",
    "cooperation.jobs.apps.JobsConfig",
    "cooperation.notifications.apps.NotificationsConfig",
    "partnerships",
    "calls",
]
MIDDLEWARE = [
    "cooperation.web.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cooperation.web.middleware.RefuseUnreadableMiddleware",
    "cooperation.web.brief_cache.BriefCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cooperation.history.actor.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cooperation.accounts.middleware.StaffSessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cooperation.web.middleware.PrivatePagesMiddleware",
]
ROOT_URLCONF = "cooperation.urls"
WSGI_APPLICATION = "cooperation.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cooperation.web.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- database --------------------------------------------------------------------------------------------
if TESTING and "DATABASE_URL" not in os.environ:
    embedded.start_for_tests()
if "DATABASE_URL" not in os.environ and not RUNS_WITHOUT_SERVERS and (found := embedded.running_urls()):
    os.environ.setdefault("DATABASE_URL", found[0])
    os.environ.setdefault("REDIS_URL", found[1])
if "DATABASE_URL" not in os.environ and not RUNS_WITHOUT_SERVERS:
    raise ImproperlyConfigured(
        "No database: DATABASE_URL is not set and no demo is running here. Set it, or run `make demo`."
    )
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://portal@localhost/portal")}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres://. The portal relies on PostgreSQL.")
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0 if TESTING else 60,
    "CONN_HEALTH_CHECKS": True,
    # A statement or lock that hangs must not hold a web worker: it ends as a friendly 503, well within the
    # 30 s that gunicorn gives a request when it stops. Eight threads that wait for one row are the whole
    # portal: they wait briefly. A holder that fell silent, or vanished with its network, lets go.
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "connect_timeout": 3,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": "-c statement_timeout=20000 -c lock_timeout=5000 -c tcp_keepalives_idle=30"
        " -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
        f" -c idle_in_transaction_session_timeout={0 if TESTING else 600_000}",
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker and cache ------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "cooperation.web.steady_cache.SteadyCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    # In its place while it is away.
    "own": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}
# How old a public page may be for readers without a session; 0 renders each afresh.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=0 if (DEBUG or TESTING) else 5)
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# allauth's, which also counts the reader's unread messages while it loads the reader.
AUTHENTICATION_BACKENDS = ["cooperation.notifications.authentication.CountingBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "calls:my_applications"
LOGOUT_REDIRECT_URL = "calls:list"
ACCOUNT_ADAPTER = "cooperation.notifications.account_mail.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# The password is optional: a code by mail always works.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Counted per account and per address, in the shared cache.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"} if not TESTING else False
# Who opens staff pages passes a second factor: an app's code, a passkey, a recovery code. "required" or
# "optional"; optional where nothing real is at stake, which is a debugged portal, the demo and the tests.
# Where it is required, staff without one set it up before any other page opens to them.
STAFF_SECOND_FACTOR = env.str(
    "STAFF_SECOND_FACTOR", default="optional" if (DEBUG or DEMO or TESTING) else "required"
)
if STAFF_SECOND_FACTOR not in {"required", "optional"}:
    raise ImproperlyConfigured("STAFF_SECOND_FACTOR must be required or optional.")
# Minutes after which decisions, publishing and exports ask again who is there; 0 never asks.
PROOF_MINUTES = env.int("PROOF_MINUTES", default=0 if TESTING else 30)
# Minutes without a request after which staff prove again who they are, with what they wrote kept; 0: never.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=0 if TESTING else 120)
# Hours after which staff log in anew, however busy they are.
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=12)
if min(PROOF_MINUTES, STAFF_IDLE_MINUTES) < 0 or STAFF_SESSION_HOURS < 1:
    raise ImproperlyConfigured(
        "PROOF_MINUTES and STAFF_IDLE_MINUTES must be 0 or more, STAFF_SESSION_HOURS 1 or more."
    )
MFA_ADAPTER = "cooperation.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "authenticate": "cooperation.accounts.factor_forms.AuthenticateForm",
    "reauthenticate": "cooperation.accounts.factor_forms.ReauthenticateForm",
    "activate_totp": "cooperation.accounts.factor_forms.ActivateTOTPForm",
    "add_webauthn": "cooperation.accounts.factor_forms.AddPasskeyForm",
    "edit_webauthn": "cooperation.accounts.factor_forms.RenamePasskeyForm",
    "authenticate_webauthn": "cooperation.accounts.factor_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "cooperation.accounts.factor_forms.ReauthenticatePasskeyForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Phones' clocks drift: the code before and the one after count, too, each once.
MFA_TOTP_TOLERANCE = 1
# Behind proxies every address is the proxy's, and all readers would share one limit: how many are ours?
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# --- languages and time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("pt-br", "Português"),
    ("ca", "Català"),
    ("sv", "Svenska"),
    ("pl", "Polski"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Dates as 15 December 2026 and 23:59, not as Django's American English has them.
FORMAT_MODULE_PATH = "cooperation.formats"
USE_TZ = True
TIME_ZONE = "UTC"
# "Country or territory": GeoNames uses XK, which ISO packages lack; the labels can be changed here.
COUNTRIES_OVERRIDE = {"XK": _("Kosovo"), "HK": _("Hong Kong"), "TW": _("Taiwan")}

# --- security --------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
CSRF_FAILURE_VIEW = "cooperation.web.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 3
# A file is held in memory until it is looked into; a longer request is refused before it is read.
UPLOAD_MAX_BYTES = 10 * 1024**2
REQUEST_MAX_BYTES = 3 * UPLOAD_MAX_BYTES
FILE_UPLOAD_HANDLERS = ["cooperation.web.uploads.BoundedUploadHandler"]

# --- files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
# Documents of applications: no address leads here, each is sent only after asking who may read it.
DOCUMENTS_ROOT: str = env.str("DOCUMENTS_ROOT", default=str(Path(MEDIA_ROOT) / "documents"))
if Path(DOCUMENTS_ROOT).resolve().is_relative_to(Path(STATIC_ROOT).resolve()):
    raise ImproperlyConfigured("DOCUMENTS_ROOT lies in STATIC_ROOT, which everybody reads. Choose another.")
# Where ClamAV's daemon answers: clamd://host:3310 or clamd:///run/clamd.sock. Empty: nothing is scanned.
VIRUS_SCANNER: str = env.str("VIRUS_SCANNER", default="")
if VIRUS_SCANNER and not is_address(VIRUS_SCANNER):
    raise ImproperlyConfigured("VIRUS_SCANNER must look like clamd://host:3310 or clamd:///run/clamd.sock.")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if (DEBUG or TESTING)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- forms -----------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "portal"
CRISPY_TEMPLATE_PACK = "portal"

# --- mail ------------------------------------------------------------------------------------------------
try:
    vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
except (ImproperlyConfigured, KeyError) as error:
    raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587.") from error
EMAIL_TIMEOUT = 10  # seconds for one read or write
EMAIL_LONGEST = 30  # seconds for one message in all; far shorter than the lease of its sender
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Cooperation Portal <portal@example.org>")

# --- background work -------------------------------------------------------------------------------------
# Values and reasons: a killed pool child loses its task without the first two; a hung broker blocks a
# request for more than 40 s without the timeouts. Nothing relies on a message arriving: the sweep does.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
# Test processes side by side share one broker: each has a queue of its own.
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default=f"test-{os.getpid()}" if TESTING else "portal")
# A matching run, a long file or a webhook that hangs never stands before mail.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in queues.queue_names(CELERY_TASK_DEFAULT_QUEUE)
]
CELERY_TASK_ROUTES = queues.routes(CELERY_TASK_DEFAULT_QUEUE)
# A name that is misspelt is refused where it is sent, not left in a queue that nobody works.
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 2,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# A pairing run is solved in a process of its own: seconds on the wall, megabytes of address space.
PAIRING_SECONDS = env.int("PAIRING_SECONDS", default=600)
PAIRING_MEGABYTES = env.int("PAIRING_MEGABYTES", default=2048)
# The module of that process; tests put slow, greedy and lying ones in its place.
PAIRING_SOLVER = env.str("PAIRING_SOLVER", default="partnerships.matching.child")
CELERY_BEAT_SCHEDULE = SCHEDULE | queues.watches(CELERY_TASK_DEFAULT_QUEUE)

# --- webhooks --------------------------------------------------------------------------------------------
# Staff type these addresses: they must not lead to the portal's own neighbours. An intranet may say
# otherwise; link-local addresses, where clouds answer with their keys, are never reached.
WEBHOOKS_MAY_REACH_PRIVATE = env.bool("WEBHOOKS_MAY_REACH_PRIVATE", default=False)
WEBHOOKS_MAY_BE_PLAIN = DEBUG or TESTING
WEBHOOKS_SECONDS = env.float("WEBHOOKS_SECONDS", default=10.0)  # for the whole of one request
WEBHOOKS_PORTS = env.list("WEBHOOKS_PORTS", cast=int, default=[443, 8443])

# --- logs ------------------------------------------------------------------------------------------------
# One JSON object a line; a request id, never a person, a query string or a form value.
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO")
shared_processors: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": shared_processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},  # it greets every process with a line about its own logging
    },
}
structlog.configure(
    processors=[*shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
