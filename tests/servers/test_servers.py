"""The fixtures really are what they promise; whatever they start is gone afterwards."""

import smtplib
from email.message import EmailMessage

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from tests.servers import databases, keeper
from tests.servers.smtp import SmtpSink


def _connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "antenne@example.org", to, "Une mission près de chez vous"
    message.set_content("Bonjour,\n\nOn a besoin de vous.\n")
    return message


def test_each_test_gets_an_empty_postgres_database_that_knows_french_letters(postgres_url: str) -> None:
    with _connect(postgres_url) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        lowered = connection.execute("select lower('ÉLOÏSE')").fetchone()

    assert (tables, lowered) == ((0,), ("éloïse",))


def test_a_database_is_copied_from_a_template_and_dropped_with_its_connections(postgres_server_url: str) -> None:
    with databases.fresh(postgres_server_url) as template:
        with _connect(template) as connection:
            connection.execute("create table need (title text)")
        with databases.fresh(postgres_server_url, template=template.rsplit("/", 1)[1]) as copy:
            left_open = _connect(copy)
            assert left_open.execute("select count(*) from need").fetchone() == (0,)

    with pytest.raises(psycopg.OperationalError):
        left_open.execute("select 1")
    left_open.close()


def test_redis_is_real_and_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("need", "42", px=60_000)
        assert client.get("need") == b"42"


def test_the_sink_keeps_the_message_and_its_envelope(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        client.send_message(_mail("marie@example.org"))

    (message,) = smtp_sink.wait_for(1)
    assert message["Subject"] == "Une mission près de chez vous"
    assert smtp_sink.received[0].recipients == ("marie@example.org",)


def test_the_sink_answers_each_recipient_as_told_and_the_last_answer_stays(smtp_sink: SmtpSink) -> None:
    smtp_sink.answer("grey@example.org", "451 4.7.1 later", "250 2.1.5 ok")
    smtp_sink.answer("gone@example.org", "550 5.1.1 unknown")

    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        for recipient in ("grey@example.org", "gone@example.org"):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.send_message(_mail(recipient))
        client.send_message(_mail("grey@example.org"))
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="unknown"):
            client.send_message(_mail("gone@example.org"))

    assert [received.recipients for received in smtp_sink.received] == [("grey@example.org",)]


def test_the_sink_stops_while_a_client_is_still_talking() -> None:
    with SmtpSink() as sink:
        client = smtplib.SMTP(sink.host, sink.port)

    assert client.sock
    assert client.sock.recv(1) == b""
    client.close()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(sink.host, sink.port)


def test_the_browser_shows_a_page(page: Page) -> None:
    page.set_content("<h1>Binôme</h1><p>« Bonjour »</p>")

    assert page.get_by_role("heading").inner_text() == "Binôme"


def test_the_keeper_starts_a_server_once_and_stops_it_when_the_session_ends() -> None:
    with keeper.kept() as door:
        url = keeper.ask(door, "redis")
        assert keeper.ask(door, "redis") == url
        with redis.Redis.from_url(url) as client:
            assert client.ping()

    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_the_keeper_says_why_a_server_is_not_there() -> None:
    with keeper.kept() as door, pytest.raises(RuntimeError, match="no oracle for the tests: KeyError"):
        keeper.ask(door, "oracle")
