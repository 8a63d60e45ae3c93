"""What is too large is refused: each text of each form, a body, and headers, before anything is kept of them."""

import contextlib
import importlib
import pkgutil
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, request
from flask_wtf import FlaskForm
from waitress import wasyncore
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, StringField

import web.forms
from matcher.settings import Settings
from tests.settings import make_settings
from web import create_app
from web.commands.up import server_of
from web.forms.accounts import IfChosen
from web.forms.sign_in import PasswordAgainForm
from web.security import MOST_BYTES, MOST_HEADER_BYTES

TOO_LONG = "a" * 100_000


def cases() -> list[type[Form]]:
    """Each form of ours."""
    for module in pkgutil.iter_modules(web.forms.__path__):
        importlib.import_module(f"web.forms.{module.name}")
    known, found = [Form], []
    while known:
        known += (subclasses := known.pop().__subclasses__())
        found += [each for each in subclasses if each.__module__.startswith("web.forms.")]
    return sorted(set(found), key=lambda form: (form.__module__, form.__name__))


def _texts_of(form: Form) -> Iterator[tuple[Form, Field]]:
    """Each field of a form, or of a row in it, into which any text may be put."""
    for field in form:
        if isinstance(field, FieldList):
            inner = field.append_entry()
            yield from _texts_of(inner.form) if isinstance(inner, FormField) else [(form, inner)]
        elif isinstance(field, StringField):
            yield form, field


def _made(form: type[Form]) -> Form:
    return PasswordAgainForm(user=None) if form is PasswordAgainForm else form()


def test_each_text_of_each_form_has_a_limit(app: Flask, record_property: Callable[[str, object], None]) -> None:
    count = 0
    with app.test_request_context("/"):
        for form, field in (each for made in cases() for each in _texts_of(_made(made))):
            for asked in (each for each in field.validators if isinstance(each, IfChosen)):
                form[asked.choice].data = asked.value
            field.process(MultiDict({field.name: TOO_LONG}))
            assert not field.validate(form), f"{type(form).__name__}.{field.name} takes {len(TOO_LONG)} characters"
            count += 1
    assert count > 60
    record_property("cases", count)


def test_each_form_is_found() -> None:
    forms = {form.__name__ for form in cases()}

    assert {"NeedForm", "SkillRow", "SignInForm", "StopForm"} <= forms
    assert issubclass(next(form for form in cases() if form.__name__ == "NeedForm"), FlaskForm)


@contextlib.contextmanager
def _up(app: Flask, settings: Settings) -> Iterator[int]:
    """Serve as `binome up` does; gives the port."""
    server = server_of(app, settings, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield int(server.socket.getsockname()[1])
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join()
        server.task_dispatcher.shutdown()


def _status(port: int, lines: list[str], body: bytes = b"") -> str:
    """Send lines as they are, and a body that never ends; return the first line of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as talk:
        talk.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        with talk.makefile("rb") as answer:
            return answer.readline().decode().strip()


@pytest.fixture
def reached(app: Flask) -> list[str]:
    """The addresses of the requests that came as far as the application, and from where."""
    seen: list[str] = []
    app.before_request(lambda: seen.append(f"{request.remote_addr} {request.url}"))
    return seen


def test_the_server_refuses_what_is_too_large_without_waiting_for_it(app: Flask, reached: list[str]) -> None:
    host = "Host: localhost"
    with _up(app, make_settings("sqlite://")) as port:
        statuses = [
            _status(port, ["POST /sign-in HTTP/1.1", host, f"Content-Length: {MOST_BYTES + 1}"]),
            _status(port, ["GET / HTTP/1.1", host, "X-Long: " + "a" * MOST_HEADER_BYTES]),
            _status(port, [f"GET /{'a' * MOST_HEADER_BYTES} HTTP/1.1", host]),
            _status(port, ["POST /livez HTTP/1.1", host, "Content-Length: -1"]),
            _status(port, ["POST /livez HTTP/1.1", host, "Content-Length: 1", "Transfer-Encoding: gzip"]),
        ]

    assert [status.split(" ")[1] for status in statuses] == ["413", "431", "431", "400", "501"]
    assert reached == []


def test_lines_that_name_two_hosts_are_not_believed(app: Flask, reached: list[str]) -> None:
    with _up(app, make_settings("sqlite://")) as port:
        statuses = [
            _status(port, ["GET /livez HTTP/1.1", "Host: localhost", "Host: evil.example", "Connection: close"]),
            _status(port, ["GET /contact HTTP/1.1", "Host: localhost", "Host: evil.example", "Connection: close"]),
            _status(port, ["GET http://evil.example/livez HTTP/1.1", "Host: localhost", "Connection: close"]),
            _status(port, ["GET /contact HTTP/1.0", "Connection: close"]),
        ]

    assert [status.split(" ")[1] for status in statuses] == ["200", "400", "200", "400"]
    assert [address for address in reached if "evil" in address] == []


@pytest.mark.parametrize(("hops", "place"), [(0, "127.0.0.1"), (1, "9.9.9.9")])
def test_the_server_leaves_the_word_of_our_own_proxies_alone(hops: int, place: str) -> None:
    settings = make_settings("sqlite://", proxy_hops=hops)
    app, seen = create_app(settings), []
    app.before_request(lambda: seen.append(request.remote_addr))

    with _up(app, settings) as port:
        _status(port, ["GET /livez HTTP/1.1", "Host: localhost", "X-Forwarded-For: 9.9.9.9", "Connection: close"])

    assert seen == [place]
