"""`binome doctor --mail`: what receivers find in the DNS about the domains we send from, in plain words."""

import ipaddress
from dataclasses import dataclass

import click
import dns.resolver

from matcher.settings import Settings
from workers.mail_dns import Dns, Domains, Finding, Verdict, look


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller knows and no setting says."""

    selectors: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    nameserver: str | None = None


def examine_mail(settings: Settings, known: Known) -> bool:
    """Print what the DNS says of our domains and what to publish; True when nothing is wrong."""
    sender = settings.mail_from.rpartition("@")[2].lower()
    domains = Domains(
        sender=sender,
        returns=(settings.bounce_domain or sender).lower(),
        is_return_signed=settings.bounce_domain is not None,
        selectors=known.selectors,
        addresses=known.addresses,
    )
    found = look(_reader(known.nameserver), domains)
    for finding in found:
        _tell(finding)
    return not any(finding.verdict is Verdict.WRONG for finding in found)


def an_ip(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what is no IP address."""
    for value in values:
        try:
            ipaddress.ip_address(value)
        except ValueError as error:
            raise click.BadParameter(f"{value} is no IP address") from error
    return values


def _reader(nameserver: str | None) -> Dns:
    if nameserver is None:
        return Dns()
    host, _, port = nameserver.partition("#")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [host]
    resolver.port = int(port) if port.isdigit() else 53
    return Dns(resolver)


def _tell(finding: Finding) -> None:
    click.echo(f"{finding.topic:<11}{finding.verdict}{finding.words}")
    if finding.publish:
        click.echo(f"{'':<11}  -> {finding.publish}")
