"""Talking to the mail server, one connection for many messages, with a word before each text leaves."""

import smtplib
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from cooperation.notifications.mail import mail_of
from cooperation.notifications.models import Message
from cooperation.notifications.wrapping import stop_address, wrapped
from cooperation.watchdog import cut_off

BeforeText = Callable[[], None]


class LeaseLost(Exception):
    """Another sender has the message by now: this one hands nothing over."""


class ServerAway(Exception):
    """No conversation with the mail server begins, or none ends in time: nothing of the message has left."""


class Uncertain(Exception):
    """The connection broke after the text was handed over: the server may have taken it."""


class Telling:
    """An SMTP connection that says when it is about to hand over a text."""

    before_text: BeforeText = staticmethod(lambda: None)

    def __init__(self, *words: Any, backend: "TellingBackend", **more: Any) -> None:
        backend.talking = self  # from before it connects: opening can take for ever as well
        super().__init__(*words, **more)

    def data(self, msg: Any) -> Any:
        self.before_text()
        try:
            return super().data(msg)  # type: ignore[misc]
        except (smtplib.SMTPServerDisconnected, TimeoutError, OSError) as error:
            if isinstance(error, smtplib.SMTPResponseException):
                raise
            raise Uncertain(f"{type(error).__name__}: {error}") from error


class TellingSMTP(Telling, smtplib.SMTP):
    pass


class TellingSMTPOverTLS(Telling, smtplib.SMTP_SSL):
    pass


class TellingBackend(EmailBackend):
    """Django's SMTP backend, over connections that tell."""

    talking: Any = None

    @property
    def connection_class(self) -> Any:
        return partial(TellingSMTPOverTLS if self.use_ssl else TellingSMTP, backend=self)

    @property
    def sock(self) -> socket.socket | None:
        """The socket of the newest connection; None before it has one."""
        return getattr(self.talking, "sock", None)


class Sender:
    """Sends messages over one connection, opened for the first and again after an error.

    Backends that do not speak SMTP (a console, a provider's interface) are told before they begin.
    """

    def __init__(self) -> None:
        smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
        self._backend: Any = TellingBackend() if smtp else get_connection()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; one that is gone is not asked for its farewell, a slow one not for long."""
        with self._watched(settings.EMAIL_TIMEOUT):
            try:
                self._backend.close()
            except (OSError, smtplib.SMTPException):
                self._backend.connection = None

    def _watched(self, seconds: float):
        return cut_off(time.monotonic() + seconds, lambda: getattr(self._backend, "sock", None))

    def send(self, message: Message, before_text: BeforeText) -> None:
        """Send one message; `before_text` is called once, just before the server may have it.

        Raises what the mail server raises about this message, ServerAway, Uncertain where the text may have
        left, and what `before_text` raises. A connection that the server ended meanwhile is opened again.
        It takes EMAIL_LONGEST at most, so that no other sender has the message by then.
        """
        with self._watched(settings.EMAIL_LONGEST) as over:
            try:
                self._send(as_mail(message), before_text)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                if over.is_set():
                    raise ServerAway(f"No end after {settings.EMAIL_LONGEST} seconds") from error
                raise

    def _send(self, mail: EmailMultiAlternatives, before_text: BeforeText) -> None:
        fresh = self._open()
        try:
            self._talk(mail, before_text)
        except smtplib.SMTPRecipientsRefused:
            raise  # the conversation goes on with the next message
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPSenderRefused):
            self.close()
            if fresh:
                raise
            self._send(mail, before_text)
        except BaseException:
            self.close()
            raise

    def _open(self) -> bool:
        try:
            return bool(self._backend.open())
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ServerAway(f"{type(error).__name__}: {error}") from error

    def _talk(self, mail: EmailMultiAlternatives, before_text: BeforeText) -> None:
        smtp = getattr(self._backend, "connection", None)
        if isinstance(smtp, Telling):
            smtp.before_text = before_text
        else:
            before_text()
        self._backend.send_messages([mail])


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The mail of a message: equal words as text and as HTML, with the headers of automatic mail."""
    return mail_of(
        subject=message.subject,
        forms=wrapped(message),
        to=message.recipient,
        language=message.language,
        message_id=message.message_id,
        stop=stop_address(message),
    )
