"""Evaluates an SPF record (RFC 7208) as far as mail administrators write them: no macros, ptr and exists never match.

Pure: the DNS is handed in as three functions.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

MOST_LOOKUPS = 10
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
KNOWN = ASKING | {"all", "ip4", "ip6", "exp"}


class SpfFault(Exception):
    """The record cannot count; the text says why, in plain words."""


Ask = Callable[[str], list[str]]


@dataclass(frozen=True)
class Term:
    """One word of a record: `~include:example.org/24` in its parts."""

    result: str
    name: str
    value: str
    length: str

    @classmethod
    def of(cls, word: str) -> "Term":
        """Read a word; raises SpfFault for one that does not exist."""
        result = RESULTS.get(word[0], "pass")
        bare = word[1:] if word[0] in RESULTS else word
        separator = min((bare.find(sign) for sign in ":=/" if sign in bare), default=len(bare))
        name, rest = bare[:separator].lower(), bare[separator:]
        if name not in KNOWN:
            raise SpfFault(f"the record holds a word that does not exist: {word}")
        value, _, length = rest.lstrip(":=").partition("/") if not rest.startswith("/") else ("", "/", rest[1:])
        return cls(result, name, value, length)


@dataclass(frozen=True)
class Spf:
    """Evaluates the records of domains; each function asks the DNS for one kind."""

    texts: Ask
    addresses: Ask
    mail_servers: Ask

    def lookups(self, domain: str) -> int:
        """Count the look-ups that a record costs; raises SpfFault above ten, or when a part of it cannot count."""
        return self._lookups(domain, ())

    def result(self, domain: str, ip: str) -> str:
        """Return what the domain says of an address: pass, fail, softfail or neutral; raises SpfFault."""
        self.lookups(domain)
        return self._result(domain, ip)

    def _lookups(self, domain: str, above: tuple[str, ...]) -> int:
        if domain in above:
            raise SpfFault(f"the record includes itself by way of {domain}")
        count = 0
        for term in _terms(spf_record(self.texts(domain))):
            count += term.name in ASKING
            if term.name in {"include", "redirect"}:
                count += self._lookups(term.value, (*above, domain))
            if count > MOST_LOOKUPS:
                raise SpfFault("the record needs more than ten look-ups, so receivers give up: include fewer others")
        return count

    def _result(self, domain: str, ip: str) -> str:
        redirect = ""
        for term in _terms(spf_record(self.texts(domain))):
            if term.name == "redirect":
                redirect = term.value
            elif self._matches(term, domain, ip):
                return term.result
        return self._result(redirect, ip) if redirect else "neutral"

    def _matches(self, term: Term, domain: str, ip: str) -> bool:
        target = term.value or domain
        match term.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return _within(ip, term.value, term.length)
            case "include":
                return self._result(target, ip) == "pass"
            case "a":
                return any(_within(ip, address, term.length) for address in self.addresses(target))
            case "mx":
                servers = self.mail_servers(target)
                return any(_within(ip, one, term.length) for server in servers for one in self.addresses(server))
        return False


def spf_record(texts: list[str]) -> str:
    """Return the one SPF record among a domain's texts; raises SpfFault when there is none, or more than one."""
    found = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        raise SpfFault("no SPF record")
    if len(found) > 1:
        raise SpfFault(f"{len(found)} SPF records, so receivers read none: put all into one")
    return found[0]


def _terms(record: str) -> list[Term]:
    terms = [Term.of(word) for word in record.split()[1:]]
    if any(term.name == "all" and term.result == "pass" for term in terms):
        raise SpfFault("+all lets everybody send in your name")
    return terms


def _within(ip: str, network: str, length: str) -> bool:
    bits = length.split("/", maxsplit=1)[0]
    try:
        wanted = ipaddress.ip_network(f"{network}/{bits}" if bits else network, strict=False)
    except ValueError as error:
        raise SpfFault(f"the record holds an address that is none: {network}") from error
    return ipaddress.ip_address(ip) in wanted
