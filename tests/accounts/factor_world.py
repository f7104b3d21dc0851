"""People with second factors, and the codes of their apps, computed as RFC 6238 says and not by our code."""

import base64
import hashlib
import hmac
import re
import struct
import time

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from cooperation.accounts import sealing_secrets
from cooperation.accounts.models import User

PASSWORD = "a long and quiet river"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B
QUICK_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]
METHODS = "account_authentication_methods"


def totp(secret: str = SECRET, at: float | None = None) -> str:
    """The six digits that an app shows at this moment."""
    counter = struct.pack(">Q", int(at if at is not None else time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def person(email: str = "marta@example.org", password: str | None = PASSWORD, **more) -> User:
    user = User.objects.create_user(email=email, password=password, name="Marta", **more)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def give_app(user: User, secret: str = SECRET) -> Authenticator:
    """As setting it up leaves it."""
    data = {"secret": sealing_secrets.seal(secret)}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


def log_in(client: Client, user: User, follow: bool = True):
    return client.post("/account/login/", {"login": user.email, "password": PASSWORD}, follow=follow)


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def begun(client: Client, user: User, *, minutes_ago: float = 0, method: str = "password", **more) -> None:
    """A session that was begun, and last proven, so long ago."""
    client.force_login(user)
    session = client.session
    session[METHODS] = [{"method": method, "at": time.time() - minutes_ago * 60, **more}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def code_in(body: str) -> str:
    found = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", body, re.MULTILINE)
    assert found is not None
    return found[1]
