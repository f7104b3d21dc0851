"""The portal's own settings with one address more: the same bytes from a bare view."""

from cooperation.settings import *  # noqa: F403

ROOT_URLCONF = "bench._urls"
