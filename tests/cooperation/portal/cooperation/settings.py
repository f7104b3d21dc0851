"""Settings of a portal with nothing in it, on which the supervisor is tested without loading a world."""

import os

import environ

env = environ.Env()
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
ROOT_URLCONF = "cooperation.wsgi"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles"]
DATABASES = {"default": env.db("DATABASE_URL")}
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT")
vars().update(env.email_url("EMAIL_URL"))
DEMO_FACTS = {name: os.environ[name] for name in ("DEMO", "DEBUG", "SITE_URL")}
