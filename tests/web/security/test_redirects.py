"""No redirect leaves this site, whatever a form or an address asks for."""

from flask import Flask

from tests.web.visiting import Visitor

# What the choice of a language is asked to lead back to.
CASES = (
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
    ),
    *(
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nX: y",
        "/\x00/evil.example",
        "/\x0b/evil.example",
        " //evil.example",
    ),
    *("\t//evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "HTTPS://evil.example"),
    *("https://localhost@evil.example", "https://localhost.evil.example", "https://evil.example:443/", "evil.example"),
    *("javascript:alert(1)", "data:text/html,x", "／／evil.example", "https://evil．example", ";//evil.example", ""),
)


def test_choosing_a_language_never_leads_to_another_site(app: Flask) -> None:
    visitor = Visitor(app)
    token = visitor._token("/contact")

    for asked in CASES:
        answer = visitor.client.post("/language", data={"csrf_token": token, "language": "fr", "next": asked})
        assert (answer.status_code, answer.location) == (302, "/"), asked


def test_choosing_a_language_leads_back_to_a_page_of_ours(app: Flask) -> None:
    visitor = Visitor(app)
    token = visitor._token("/contact")

    for asked in ("/", "/needs?q=a%20b&page=2", "/needs?next=https://evil.example", "/a/%2f%2fevil.example"):
        answer = visitor.client.post("/language", data={"csrf_token": token, "language": "fr", "next": asked})
        assert (answer.status_code, answer.location) == (302, asked)
