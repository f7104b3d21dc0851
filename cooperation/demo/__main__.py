"""`python -m cooperation.demo --port 8000`"""

import argparse
import signal
import sys

from cooperation import processes
from cooperation.demo.checkout import Refused
from cooperation.demo.supervisor import run
from cooperation.embedded import ServerError


def main() -> int:
    """Exit code 0 after a stop that was asked for, 1 when a part failed, 2 when the demo could not begin."""
    parser = argparse.ArgumentParser(prog="make demo", description="Run the whole portal on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where the web server listens (default: 8000)")
    parser.add_argument("--with-parent", action="store_true", help="stop when the calling program does")
    options = parser.parse_args()
    if not 1 <= options.port <= 65_535:
        parser.error(f"a port is a number from 1 to 65535, and {options.port} is not")
    if options.with_parent:
        processes.end_with_parent(signal.SIGTERM)
    try:
        return run(options.port, with_parent=options.with_parent)
    except (Refused, ServerError) as sentence:
        print(f"make demo: {sentence}", file=sys.stderr)  # noqa: T201
        return 2


if __name__ == "__main__":
    sys.exit(main())
