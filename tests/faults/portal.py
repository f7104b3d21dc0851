"""A process that has loaded the portal, and does what a test names, each time in a fork that can be killed.

Loading takes two seconds, a fork a hundredth of one. What is done is a function of a module of the tests,
run with the portal's own settings against the servers of the stack. Nothing is put in place of our code.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback

PR_SET_PDEATHSIG = 1


def serve(listener: socket.socket) -> None:
    """Fork for each connection: read a request, say our process id, do it, say what came of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        client, _address = listener.accept()
        if os.fork() == 0:
            listener.close()
            _do(client)
        client.close()


def _do(client: socket.socket) -> None:
    """Never comes back."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    with client.makefile("rw") as stream:
        print(os.getpid(), file=stream, flush=True)
        asked = json.loads(stream.readline())
        os.environ.update(asked["environment"])
        module, _colon, name = asked["what"].partition(":")
        try:
            said = {"value": getattr(importlib.import_module(module), name)(**asked["with"])}
        except BaseException:
            said = {"error": traceback.format_exc()}
        print(json.dumps(said, default=str), file=stream, flush=True)
    os._exit(0)


def load() -> None:
    """All that the forks would import."""
    import django

    django.setup()
    from celery.bin import beat, worker  # noqa: F401
    from django.urls import get_resolver

    from cooperation.celery import app

    get_resolver().url_patterns  # noqa: B018
    app.loader.import_default_modules()
    importlib.import_module("tests.faults.doings")
    gc.collect()
    gc.freeze()  # the forks look none of it through


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
