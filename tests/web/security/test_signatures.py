"""What is signed is signed with SHA-256: taken when it is, refused with the same key and SHA-1."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.sessions import TaggedJSONSerializer
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tests.web.visiting import Visitor

SERIALIZERS = ("reset", "confirm", "change_email", "tf_validity", "tf_setup")
Digest = Callable[..., Any]


def signer(app: Flask, salt: str, digest: Digest, *, derivation: str = "hmac", serializer: object = None):
    """What signs with a digest of our choice under the key of the application."""
    how = {"key_derivation": derivation, "digest_method": digest}
    return URLSafeTimedSerializer(app.secret_key, salt=salt, serializer=serializer, signer_kwargs=how)


@pytest.mark.parametrize("name", SERIALIZERS)
def test_links_and_devices_are_signed_with_sha256_alone(app: Flask, name: str) -> None:
    used = getattr(app.extensions["security"], f"{name}_serializer")
    salt = used.salt.decode()

    assert signer(app, salt, hashlib.sha256).loads(used.dumps("x")) == "x"
    for derivation in ("hmac", "django-concat"):
        with pytest.raises(BadSignature):
            used.loads(signer(app, salt, hashlib.sha1, derivation=derivation).dumps("x"))


def test_the_session_and_its_form_tokens_are_signed_with_sha256_alone(app: Flask) -> None:
    visitor = Visitor(app)
    token = visitor._token("/sign-in")
    cookie = visitor.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None

    kept = signer(app, "cookie-session", hashlib.sha256, serializer=TaggedJSONSerializer()).loads(cookie.value)
    assert signer(app, "wtf-csrf-token", hashlib.sha256).loads(token) == kept["csrf_token"]

    forged = signer(app, "wtf-csrf-token", hashlib.sha1, derivation="django-concat").dumps(kept["csrf_token"])
    assert visitor.client.post("/language", data={"csrf_token": forged, "language": "fr"}).status_code == 400
    assert visitor.client.post("/language", data={"csrf_token": token, "language": "fr"}).status_code in {302, 303}
