"""The lot that breaks ties: fair and repeatable, for everything that puts people in order."""

import hashlib


def lot(need_id: str, volunteer_id: str) -> bytes:
    """Return the lot of a pair, the smallest first: nobody is favoured by age of account or spelling of the id.

    Examples
    --------
    >>> sorted(["ana", "bo", "cy"], key=lambda one: lot("n1", one))
    ['bo', 'ana', 'cy']
    """
    return hashlib.sha256(f"{len(need_id)}:{need_id}{volunteer_id}".encode()).digest()
