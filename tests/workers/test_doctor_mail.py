"""`binome doctor --mail`: what it says of well published domains, and of each mistake, from our own name server."""

import base64

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.workers.conftest import environment
from tests.workers.name_server import Zone, name_server, text
from workers.commands.doctor import doctor
from workers.spf import Spf, SpfFault

FROM, RETURNS, IP = "binome.example", "bounces.binome.example", "192.0.2.7"


def key(bits: int) -> str:
    """A public key as DNS has it."""
    public = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


KEY = key(2048)
GOOD: dict[tuple[str, str], list[str]] = {
    (RETURNS, "MX"): ["10 mx.binome.example."],
    (RETURNS, "TXT"): [text("v=spf1 include:_spf.provider.example -all"), text("a verification of something else")],
    ("_spf.provider.example", "TXT"): [text("v=spf1 ip4:192.0.2.0/24 a:mail.provider.example -all")],
    ("mail.provider.example", "A"): ["198.51.100.9"],
    ("s1._domainkey.binome.example", "TXT"): [text(f"v=DKIM1; k=rsa; p={KEY}")],
    ("_dmarc.binome.example", "TXT"): [text("v=DMARC1; p=quarantine; rua=mailto:d@binome.example")],
}


def examine(zone: Zone, *arguments: str, **facts: str) -> Result:
    """Run the command against this zone."""
    settings = environment(**{"BOUNCE_DOMAIN": RETURNS, "MAIL_FROM": f"bonjour@{FROM}", **facts})
    with name_server(zone) as address:
        known = ("--mail", "--nameserver", address, *(arguments or ("--dkim-selector", "s1", "--sends-from", IP)))
        return CliRunner().invoke(doctor, known, env=settings)


def lines(result: Result) -> dict[str, str]:
    """What is said of each topic; the line of what to publish follows its topic's own."""
    said: dict[str, str] = {}
    topic = ""
    for line in result.output.splitlines():
        topic = line[:11].strip() or topic
        said[topic] = f"{said.get(topic, '')} {line[11:].strip()}".strip()
    return said


def changed(place: tuple[str, str], *values: str) -> Zone:
    """The good zone with other records at one place, or none there."""
    zone = dict(GOOD)
    zone[place] = [text(value) if place[1] == "TXT" else value for value in values]
    if not values:
        del zone[place]
    return zone


def test_well_published_domains_are_well() -> None:
    result = examine(GOOD)

    assert result.exit_code == 0, result.output
    assert list(lines(result)) == ["settings", "sender", "returns", "spf", "dkim", "dmarc", "alignment"]
    assert "WRONG" not in result.output
    assert "WARNING" not in result.output


SPF, DKIM, DMARC = (RETURNS, "TXT"), ("s1._domainkey.binome.example", "TXT"), ("_dmarc.binome.example", "TXT")
MISTAKES = [
    ("returns", (RETURNS, "MX"), (), "nobody takes mail for", 1),
    ("spf", SPF, (), "no SPF record -> bounces.binome.example. TXT \"v=spf1 ip4:192.0.2.7 -all\"", 1),
    ("spf", SPF, ("v=spf1 -all", "v=spf1 mx -all"), "2 SPF records", 1),
    ("spf", SPF, ("v=spf1 ip4:203.0.113.0/24 -all",), "does not let 192.0.2.7 send (fail)", 1),
    ("spf", SPF, ("v=spf1 ip4:203.0.113.0/24 ~all",), "(softfail)", 1),
    ("spf", SPF, ("v=spf1 +all",), "+all lets everybody", 1),
    ("spf", SPF, ("v=spf1 ipv4:192.0.2.7 -all",), "a word that does not exist: ipv4", 1),
    ("spf", SPF, ("v=spf1 ip4:300.1.1.1 -all",), "an address that is none", 1),
    ("spf", SPF, (f"v=spf1 include:{RETURNS} -all",), "includes itself", 1),
    ("spf", SPF, ("v=spf1 " + "a " * 11 + "-all",), "more than ten look-ups", 1),
    ("spf", SPF, ("v=spf1 ip4:192.0.2.7 ?all",), "WARNING: bounces.binome.example forbids nobody else", 0),
    ("dkim", DKIM, (), "no key at s1._domainkey.binome.example", 1),
    ("dkim", DKIM, ("v=DKIM1; p=",), "was revoked", 1),
    ("dkim", DKIM, ("v=DKIM1; p=abc!",), "cannot be read", 1),
    ("dkim", DKIM, (f"v=DKIM1; t=y; p={KEY}",), "WARNING: the key", 0),
    ("dkim", DKIM, (f"v=DKIM1; p={key(1024)}",), "2048 are recommended", 0),
    ("dmarc", DMARC, (), "no policy at _dmarc.binome.example", 1),
    ("dmarc", DMARC, ("v=DMARC1; p=none", "v=DMARC1; p=reject"), "2 policies", 1),
    ("dmarc", DMARC, ("v=DMARC1; p=maybe",), "neither none, quarantine nor reject", 1),
    ("dmarc", DMARC, ("v=DMARC1; p=none",), "WARNING: _dmarc.binome.example only watches", 0),
    ("alignment", DMARC, ("v=DMARC1; p=reject; aspf=s",), "rests on DKIM alone", 0),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "place", "values", "said", "status"), MISTAKES)
def test_each_mistake_is_named(
    topic: str, place: tuple[str, str], values: tuple[str, ...], said: str, status: int
) -> None:
    result = examine(changed(place, *values))

    assert said in lines(result)[topic], result.output
    assert result.exit_code == status


def test_without_what_only_you_know_it_says_what_it_cannot_tell() -> None:
    result = examine(GOOD, "--dkim-selector", "s1")

    assert result.exit_code == 0
    assert "Give --sends-from" in lines(result)["spf"]
    assert "Binôme does not sign" in lines(examine(GOOD, "--sends-from", IP))["dkim"]


def test_a_return_path_at_another_domain_is_not_aligned() -> None:
    zone = {**GOOD, ("elsewhere.example", "TXT"): [text("v=spf1 ip4:192.0.2.7 -all")],
            ("elsewhere.example", "A"): [IP]}  # fmt: skip

    result = examine(zone, BOUNCE_DOMAIN="elsewhere.example")
    assert "elsewhere.example does not count as binome.example" in lines(result)["alignment"]
    assert "Set BOUNCE_DOMAIN to a subdomain of binome.example" in lines(result)["alignment"]


def test_a_policy_above_counts_for_a_subdomain() -> None:
    zone = changed(DMARC, "v=DMARC1; p=reject; sp=quarantine")

    result = examine(zone, MAIL_FROM="bonjour@mail.binome.example")
    assert "asks receivers to quarantine" in lines(result)["dmarc"]
    assert "counts as mail.binome.example" in lines(result)["alignment"]


def test_a_sender_that_nobody_can_answer_is_named() -> None:
    result = examine({}, MAIL_FROM="binome@localhost", BOUNCE_DOMAIN="")

    assert result.exit_code == 1
    assert "nobody outside can answer" in lines(result)["sender"]
    assert "WARNING: BOUNCE_DOMAIN is not set" in lines(result)["returns"]


def test_a_dns_that_does_not_answer_is_said_and_no_address_is_taken_for_one() -> None:
    settings = environment(BOUNCE_DOMAIN=RETURNS, MAIL_FROM=f"bonjour@{FROM}")
    away = CliRunner().invoke(doctor, ["--mail", "--nameserver", "127.0.0.1#1", "--dkim-selector", "x"], env=settings)
    assert away.exit_code == 1
    assert "the DNS does not answer" in lines(away)["returns"]
    assert CliRunner().invoke(doctor, ["--mail", "--sends-from", "mail.example"], env=settings).exit_code == 2


RECORDS = {
    "example.org": "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 mx/28 include:other.example ~all",
    "other.example": "v=spf1 a:web.example -all",
    "moved.example": "v=spf1 redirect=example.org",
}
HOSTS = {"mx.example.org": ["198.51.100.17"], "web.example": ["203.0.113.5"]}
RESULTS = [
    ("192.0.2.200", "pass"), ("2001:db8::1", "pass"), ("198.51.100.20", "pass"), ("198.51.100.40", "softfail"),
    ("203.0.113.5", "pass"), ("203.0.113.6", "softfail"),
]  # fmt: skip


@pytest.mark.parametrize("domain", ["example.org", "moved.example"])
@pytest.mark.parametrize(("ip", "result"), RESULTS)
def test_spf_is_evaluated_as_receivers_do(domain: str, ip: str, result: str) -> None:
    spf = Spf(lambda name: [RECORDS[name]] if name in RECORDS else [], lambda name: HOSTS.get(name, []),
              lambda name: [f"mx.{name}"])  # fmt: skip

    assert spf.result(domain, ip) == result
    with pytest.raises(SpfFault, match="no SPF record"):
        spf.result("absent.example", ip)
