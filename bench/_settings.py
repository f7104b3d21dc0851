"""The portal's own settings with one address more: the same bytes from a bare view."""

from cooperation.settings import *  # noqa: F403

ROOT_URLCONF = "bench._urls"
# sessions that begin without a password, a code or a factor are not asked for one here
STAFF_SECOND_FACTOR = "optional"
PROOF_MINUTES = STAFF_IDLE_MINUTES = 0
