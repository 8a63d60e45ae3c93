"""How many mails may be asked for to one address, whoever asks and from wherever. No limit by place, no sign-in.

What is counted under is a keyed hash: no address stands in Redis.
"""

from flask import request
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response

from matcher.services.suppression import address_hash
from web.auth import current_account
from web.extensions import limiter
from web.forms.addresses import kept_address
from web.network_place import place
from web.runtime import runtime

MAILS_FOR_ONE_ADDRESS = "3/hour;6/day"


def typed_address() -> str:
    """Return the hash of the address that was typed, however it is written; the asker's place when none was."""
    typed = request.form.get("email", "")[:1000]
    address = kept_address(typed) or typed.strip()[:255]
    return hashed(address) if address else place()


def own_address() -> str:
    """Return the hash of the address of whoever is signed in, wherever she asks from."""
    account = current_account()
    return hashed(account.email) if account is not None else place()


def is_done(response: Response) -> bool:
    """Count what was done, and led away; what was typed amiss wrote no mail."""
    return response.status_code == 303


def hashed(address: str) -> str:
    """Return the keyed hash under which something about an address or an account is counted."""
    return address_hash(runtime().settings, address)


def may_sign_up_write() -> bool:
    """Count one sign-up for the typed address; False when no more mail is to come of it, known or not."""
    try:
        _count_sign_up()
    except RateLimitExceeded:
        return False
    return True


@limiter.shared_limit(MAILS_FOR_ONE_ADDRESS, scope="sign-up", key_func=typed_address)
def _count_sign_up() -> None:
    """Both forms count together."""
