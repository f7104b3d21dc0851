"""A transaction that PostgreSQL broke off for the sake of another one is done again."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection, transaction

from cooperation.web.outages import sqlstate

P = ParamSpec("P")
R = TypeVar("R")
BROKEN_OFF = {"40001", "40P01"}  # serialisation failure, deadlock
REPEATS = 2
logger = structlog.get_logger("portal.transactions")


def atomic_again(operation: Callable[P, R]) -> Callable[P, R]:
    """As `transaction.atomic`, and after a deadlock the whole operation runs again, twice at most.

    For operations that read anew what they decide on, under their locks, and leave their arguments as they
    were: nothing of the first attempt is left. Inside another transaction it is a part of that one, which
    alone can begin again. The instant that counts is an argument, so that nobody is late by a repetition.
    """

    @wraps(operation)
    def repeated(*args: P.args, **kwargs: P.kwargs) -> R:
        repeats = 0 if connection.in_atomic_block else REPEATS
        for attempt in range(repeats):
            try:
                with transaction.atomic():
                    return operation(*args, **kwargs)
            except OperationalError as error:
                if sqlstate(error) not in BROKEN_OFF:
                    raise
                logger.warning("done again", operation=operation.__name__, sqlstate=sqlstate(error))
                time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311 - to part the two
        with transaction.atomic():
            return operation(*args, **kwargs)

    return repeated
