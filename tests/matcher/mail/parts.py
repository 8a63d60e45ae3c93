"""What the two parts of a mail say, and what only one of them says. No expectations here."""

import re

from bs4 import BeautifulSoup

from matcher.mail.message import Message

ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def visible(message: Message) -> BeautifulSoup:
    """Return what a reader sees of the HTML part."""
    soup = BeautifulSoup(message.html, "html.parser")
    for hidden in soup.select("style, title, .hidden, .brand"):
        hidden.decompose()
    return soup


def missing_in_text(message: Message) -> set[str]:
    """Return what stands in the HTML part alone."""
    blocks = {_plain(block.get_text()) for block in visible(message).select("p, h2, th, td.value, a")} - {""}
    words = _plain(message.text)
    return {block for block in blocks if not all(part in words for part in block.split(" · "))}


def missing_in_html(message: Message) -> set[str]:
    """Return the lines that stand in the text part alone."""
    shown = _plain(visible(message).get_text(" "))
    lines = {_plain(ADDRESS.sub("", line)) for line in message.text.splitlines()} - {"", "--"}
    return {line for line in lines if not all(part.strip() in shown for part in _sides(line))}


def links(message: Message) -> tuple[set[str], set[str]]:
    """Return the links of the HTML part, and those of the text part."""
    return {str(link["href"]) for link in visible(message).select("a")}, set(ADDRESS.findall(message.text))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"^[>*] ", "", text, flags=re.MULTILINE)).strip()


def _sides(line: str) -> tuple[str, ...]:
    """A line as the text has it: a sentence, or a label and its value."""
    label, colon, value = line.partition(":")
    return (label, value) if colon else (line,)
