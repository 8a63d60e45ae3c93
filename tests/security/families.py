"""The families of cases about security, and the tests that each one is.

A file of tests/web/security that no family names is a family of its own name, so that none is forgotten.
"""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SECURITY = "tests/web/security/"
NAMED: dict[str, tuple[str, ...]] = {
    "permission matrix": (f"{SECURITY}test_matrix.py", "tests/matcher/test_policies.py"),
    "header injection": (
        "tests/matcher/mail/test_message.py",
        "tests/matcher/mail/test_header_injection.py",
        "tests/matcher/mail/test_hostile_mails.py",
    ),
    "signed links": (f"{SECURITY}test_signed_links.py", "tests/matcher/test_links.py"),
    "CSRF": (f"{SECURITY}test_csrf.py",),
    "host and reset poisoning": (f"{SECURITY}test_hosts.py", f"{SECURITY}test_https.py"),
    "doors (CSV, ICS, uploads)": (f"{SECURITY}test_doors.py",),
    "catalogue import": (
        "tests/matcher/catalogue/test_hostile_files.py",
        "tests/matcher/catalogue/test_imports.py",
        "tests/matcher/commands/test_catalogue.py",
    ),
    "odd input": (
        f"{SECURITY}test_odd_input.py",
        f"{SECURITY}test_generated_input.py",
        f"{SECURITY}test_odd_codes.py",
    ),
    "canaries": (
        f"{SECURITY}test_canaries.py",
        f"{SECURITY}test_copies.py",
        f"{SECURITY}test_names_by_state.py",
        "tests/matcher/mail/test_canaries.py",
        "tests/matcher/backups/test_canaries.py",
    ),
    "stored XSS": (f"{SECURITY}test_stored_xss.py",),
    "supply chain": ("tests/security/test_supply_chain.py",),
    "headers and sizes": (f"{SECURITY}test_headers.py", f"{SECURITY}test_sizes.py"),
}


def families() -> dict[str, tuple[str, ...]]:
    """Each family with its files; those that stand in no table come last."""
    taken = {path for paths in NAMED.values() for path in paths}
    files = sorted(f"{SECURITY}{path.name}" for path in (ROOT / SECURITY).glob("test_*.py"))
    own = {name_of(path): (path,) for path in files if path not in taken}
    return {**NAMED, **own}


def name_of(path: str) -> str:
    """The name of a family that has a file of its own."""
    return Path(path).stem.removeprefix("test_").replace("_", " ")
