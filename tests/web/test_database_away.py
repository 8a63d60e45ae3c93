"""When the database is away a visitor reads a page in plain words, in her language, and no traceback."""

import pytest

from tests.servers.ports import free_port
from tests.settings import make_settings
from web import create_app


@pytest.mark.parametrize(("language", "words"), [("fr", "Binôme"), ("en", "Binôme")])
def test_a_page_that_needs_the_database_answers_503_in_plain_words(language, words):
    app = create_app(make_settings(f"postgresql://nobody@127.0.0.1:{free_port()}/none"))
    answer = app.test_client().get("/needs", headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert f'lang="{language}"' in answer.text
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text


def test_somebody_who_is_signed_in_reads_the_same_page():
    app = create_app(make_settings(f"postgresql://nobody@127.0.0.1:{free_port()}/none"))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"
    answer = client.get("/needs", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "Binôme" in answer.text
