"""What is signed (cookies, form tokens, links of account mails) is an HMAC with SHA-256. It knows no key."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer


class Sessions(SecureCookieSessionInterface):
    """Flask's session cookie; its own default is SHA-1."""

    digest_method = staticmethod(hashlib.sha256)


def sign_with_sha256(app: Flask) -> None:
    """Let the session, and whatever libraries sign without naming a digest, use SHA-256, their keys derived by HMAC."""
    Signer.default_digest_method = staticmethod(hashlib.sha256)
    Signer.default_key_derivation = "hmac"
    app.session_interface = Sessions()
