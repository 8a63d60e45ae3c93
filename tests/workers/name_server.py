"""A DNS server on loopback that knows what a test tells it, and nothing else. UDP only; it answers with dnspython."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], list[str]]


@contextlib.contextmanager
def name_server(zone: Zone) -> Iterator[str]:
    """Serve names such as ("example.org", "TXT") while the block runs; gives the address as the command takes it."""
    talk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    talk.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(talk, zone))
    thread.start()
    host, port = talk.getsockname()
    try:
        yield f"{host}#{port}"
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))
        thread.join()
        talk.close()


def text(value: str) -> str:
    """A TXT record as a zone file has it: in strings of 255 characters."""
    return " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))


def _serve(talk: socket.socket, zone: Zone) -> None:
    while True:
        asked, client = talk.recvfrom(4096)
        if not asked:
            return
        talk.sendto(_answer(dns.message.from_wire(asked), zone).to_wire(max_size=4096), client)


def _answer(question: dns.message.Message, zone: Zone) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    asked = question.question[0]
    name, kind = asked.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(asked.rdtype)
    if (name, kind) in zone:
        answer.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, zone[name, kind]))
    elif not any(known == name for known, _ in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
