"""Asking the broker how long its queues are, briefly: a page that says "it does not answer" must come up."""

from collections.abc import Mapping, Sequence

import redis
import structlog
from django.conf import settings

SECONDS = 1.0
logger = structlog.get_logger("portal.jobs")


def queue_lengths(queues: Sequence[str]) -> Mapping[str, int] | None:
    """How many tasks wait in each queue; None from a broker that does not answer within a second.

    Kombu keeps a queue as a list under its name; what a worker has taken and not finished is elsewhere.
    """
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=None
    )
    try:
        with client.pipeline(transaction=False) as asked:
            for queue in queues:
                asked.llen(queue)
            return dict(zip(queues, asked.execute(), strict=True))
    except (redis.RedisError, OSError) as error:
        logger.warning("broker not asked", error=type(error).__name__)
        return None
    finally:
        client.close()
