"""What the DNS says of the domains we send from: SPF, DKIM, DMARC, where bounces go. It asks and changes nothing.

Sources: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 8301 (key lengths).
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import dns.exception
import dns.resolver
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from workers.spf import Spf, SpfFault, spf_record

PATIENCE_S = 5.0
WEAK_BITS, SHORT_BITS = 1024, 2048


class Verdict(StrEnum):
    """How a finding is told."""

    GOOD = ""
    WARNING = "WARNING: "
    WRONG = "WRONG: "


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to publish where it can be mended."""

    topic: str
    verdict: Verdict
    words: str
    publish: str = ""


@dataclass(frozen=True)
class Domains:
    """What is looked at: the domain that readers see, the one that bounces go to, and what the caller knows."""

    sender: str
    returns: str
    is_return_signed: bool
    selectors: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dns:
    """A patient reader of the DNS; an absent name and an empty answer are the same to it."""

    resolver: dns.resolver.Resolver = field(default_factory=dns.resolver.Resolver)

    def texts(self, name: str) -> list[str]:
        """Return the texts of a name; raises DNSException when nobody answers."""
        return [b"".join(record.strings).decode("ascii", "replace") for record in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """Return the IP addresses of a name, of both kinds."""
        return [str(record) for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def mail_servers(self, name: str) -> list[str]:
        """Return the names of the servers that take mail for a domain."""
        return [str(record.exchange).rstrip(".") for record in self._ask(name, "MX")]

    def _ask(self, name: str, kind: str) -> dns.resolver.Answer | tuple[()]:
        try:
            return self.resolver.resolve(name, kind, lifetime=PATIENCE_S)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()


def look(reader: Dns, domains: Domains) -> list[Finding]:
    """Return all findings in the order in which they are to be mended."""
    found: list[Finding] = []
    for check in (_sender, _returns, _spf, _dkim, _dmarc):
        try:
            found.extend(check(reader, domains))
        except dns.exception.DNSException as error:
            words = f"the DNS does not answer ({type(error).__name__}). Try again, or give another --nameserver."
            found.append(Finding(TOPICS[check], Verdict.WRONG, words))
            break
    return found


def _sender(_reader: Dns, domains: Domains) -> list[Finding]:
    if "." not in domains.sender:
        words = f"MAIL_FROM is at {domains.sender}, which nobody outside can answer or verify. Set a domain of yours."
        return [Finding("sender", Verdict.WRONG, words)]
    return [Finding("sender", Verdict.GOOD, f"readers see {domains.sender}; bounces go to {domains.returns}")]


def _returns(reader: Dns, domains: Domains) -> list[Finding]:
    if not domains.is_return_signed:
        words = "BOUNCE_DOMAIN is not set: bounces and complaints come to MAIL_FROM and nobody takes them in."
        publish = "Set BOUNCE_DOMAIN to a subdomain, and pipe what comes to it into `binome bounce`."
        return [Finding("returns", Verdict.WARNING, words, publish)]
    servers = reader.mail_servers(domains.returns)
    if servers or reader.addresses(domains.returns):
        taking = ", ".join(servers) or "the domain's own address"
        return [Finding("returns", Verdict.GOOD, f"what comes back to {domains.returns} is taken by {taking}")]
    words = f"nobody takes mail for {domains.returns}: bounces get lost, and some servers refuse what we send."
    return [Finding("returns", Verdict.WRONG, words, f"{domains.returns}. MX 10 <your mail server>.")]


def _spf(reader: Dns, domains: Domains) -> list[Finding]:
    """SPF is looked up at the domain of the return path, not at the one that readers see."""
    ips = " ".join(f"ip{6 if ':' in ip else 4}:{ip}" for ip in domains.addresses) or "ip4:<address of your mail server>"
    publish = f'{domains.returns}. TXT "v=spf1 {ips} -all"'
    spf = Spf(reader.texts, reader.addresses, reader.mail_servers)
    try:
        record = spf_record(reader.texts(domains.returns))
        results = {ip: spf.result(domains.returns, ip) for ip in domains.addresses}
        lookups = spf.lookups(domains.returns)
    except SpfFault as fault:
        return [Finding("spf", Verdict.WRONG, f"{domains.returns}: {fault}", publish)]
    refused = [ip for ip, result in results.items() if result != "pass"]
    if refused:
        words = f"{domains.returns} does not let {', '.join(refused)} send ({results[refused[0]]}): {record}"
        return [Finding("spf", Verdict.WRONG, words, publish)]
    if record.split()[-1].lower() not in {"-all", "~all"} and "redirect=" not in record.lower():
        words = (
            f"{domains.returns} forbids nobody else to send in its name: end the record with -all or ~all ({record})"
        )
        return [Finding("spf", Verdict.WARNING, words, publish)]
    known = f"lets {', '.join(domains.addresses)} send" if results else "is published"
    words = f"{domains.returns} {known}, with {lookups} of 10 look-ups: {record}"
    if results:
        return [Finding("spf", Verdict.GOOD, words)]
    words += ". Give --sends-from with the address that your mail server sends from, and we say whether it may."
    return [Finding("spf", Verdict.WARNING, words)]


def _dkim(reader: Dns, domains: Domains) -> list[Finding]:
    """The key of each selector. Whether mails are signed with it is seen in a mail that has left, and nowhere else."""
    if not domains.selectors:
        words = (
            "Binôme does not sign: your mail server does. Without its selector (s= in the DKIM-Signature of a mail that"
            " has left) the key cannot be looked up. Give --dkim-selector."
        )
        return [Finding("dkim", Verdict.WARNING, words)]
    return [_key(reader, domains, selector) for selector in domains.selectors]


def _key(reader: Dns, domains: Domains, selector: str) -> Finding:
    name = f"{selector}._domainkey.{domains.sender}"
    publish = f'{name}. TXT "v=DKIM1; k=rsa; p=<the public key that your mail server shows you>"'
    tags = [_tags(text) for text in reader.texts(name)]
    keys = [tag for tag in tags if "p" in tag]
    if not keys:
        return Finding("dkim", Verdict.WRONG, f"no key at {name}.", publish)
    tag = keys[0]
    if not tag["p"]:
        return Finding("dkim", Verdict.WRONG, f"the key at {name} was revoked (p= is empty).", publish)
    fault = _weakness(tag)
    if fault is not None:
        return Finding("dkim", fault[0], f"the key at {name} {fault[1]}.", publish)
    words = f"a key is published at {name}. That your mail server signs with it shows in a mail that has left:"
    return Finding("dkim", Verdict.GOOD, f"{words} its DKIM-Signature says d={domains.sender}; s={selector}.")


def _weakness(tag: dict[str, str]) -> tuple[Verdict, str] | None:
    if "y" in tag.get("t", "").split(":"):
        return Verdict.WARNING, "says that it is being tested (t=y): receivers treat mails as unsigned"
    if tag.get("k", "rsa").lower() != "rsa":
        return None
    try:
        key = load_der_public_key(base64.b64decode(tag["p"].replace(" ", ""), validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return Verdict.WRONG, "cannot be read: check that nothing was lost when it was copied"
    if not isinstance(key, RSAPublicKey) or key.key_size < WEAK_BITS:
        return Verdict.WRONG, "is no RSA key of 1024 bits or more: receivers ignore it"
    if key.key_size < SHORT_BITS:
        return Verdict.WARNING, f"has {key.key_size} bits: 2048 are recommended"
    return None


def _dmarc(reader: Dns, domains: Domains) -> list[Finding]:
    publish = f'_dmarc.{domains.sender}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domains.sender}"'
    where, records = _policy_of(reader, domains.sender)
    if not records:
        words = f"no policy at _dmarc.{domains.sender}: large providers refuse or set aside what it sends in number."
        return [Finding("dmarc", Verdict.WRONG, words, publish)]
    if len(records) > 1:
        return [
            Finding("dmarc", Verdict.WRONG, f"{len(records)} policies at _dmarc.{where}: receivers then read none.")
        ]
    tags = _tags(records[0])
    policy = (tags.get("sp") if where != domains.sender else None) or tags.get("p", "")
    if policy not in {"none", "quarantine", "reject"}:
        return [
            Finding("dmarc", Verdict.WRONG, f"the policy at _dmarc.{where} says neither none, quarantine nor reject.")
        ]
    findings = [_policy_finding(where, policy, tags)]
    findings.append(_alignment(domains, where, is_strict=tags.get("aspf", "r") == "s"))
    return findings


def _policy_finding(where: str, policy: str, tags: dict[str, str]) -> Finding:
    if policy == "none":
        words = f"_dmarc.{where} only watches (p=none). Read the reports for some weeks, then ask for quarantine."
        return Finding("dmarc", Verdict.WARNING if "rua" not in tags else Verdict.GOOD, words)
    return Finding("dmarc", Verdict.GOOD, f"_dmarc.{where} asks receivers to {policy} what is not from you")


def _alignment(domains: Domains, where: str, *, is_strict: bool) -> Finding:
    """SPF speaks for the domain that readers see only where the return path belongs to it."""
    is_under = domains.returns == where or domains.returns.endswith(f".{where}")
    if domains.returns == domains.sender or (is_under and not is_strict):
        return Finding("alignment", Verdict.GOOD, f"{domains.returns} counts as {domains.sender} for SPF")
    why = "aspf=s asks for the very same domain" if is_under else f"it is not under {where}"
    words = f"{domains.returns} does not count as {domains.sender} ({why}): DMARC then rests on DKIM alone."
    return Finding("alignment", Verdict.WARNING, words, f"Set BOUNCE_DOMAIN to a subdomain of {where}, and aspf=r.")


def _policy_of(reader: Dns, domain: str) -> tuple[str, list[str]]:
    """Return where the policy of a domain is published, at it or above it, and its records."""
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        where = ".".join(labels[start:])
        found = [text for text in reader.texts(f"_dmarc.{where}") if text.lower().startswith("v=dmarc1")]
        if found:
            return where, found
    return domain, []


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


Check = Callable[[Dns, Domains], list[Finding]]
TOPICS: dict[Check, str] = {_sender: "sender", _returns: "returns", _spf: "spf", _dkim: "dkim", _dmarc: "dmarc"}
