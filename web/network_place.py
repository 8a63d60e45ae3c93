"""Where a request comes from, as limits count it. Kept nowhere, and no sign of who it is."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from flask_limiter.util import get_remote_address

# Who has one address of this size has all of it: a household, a server, a telephone.
ONE_HOME = 64


def place() -> str:
    """Return the place that asks: an IPv4 address however it is written, or the network that one IPv6 home has."""
    written = get_remote_address()
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return written
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, ONE_HOME), strict=False))
