"""The demo's inbox: every mail as its reader sees it, sealed in a frame; nowhere but in the demo."""

import pytest

from matcher.demo.mailbox import Mailbox
from tests.settings import make_settings
from tests.web.linking import served
from tests.web.visiting import Visitor
from web import create_app

MAIL = (
    "Subject: Bonjour\r\nFrom: a@example.org\r\nTo: {to}\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVoir http://127.0.0.1:8000/needs\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    '<html><head></head><body><script>alert(1)</script><a href="/needs">Voir</a></body></html>\r\n--b--\r\n'
)


@pytest.fixture
def box(tmp_path):
    return Mailbox(tmp_path / "demo" / "mail")


@pytest.fixture
def reader(world, sqlite_url, tmp_path, box):
    settings = make_settings(sqlite_url, environment="demo", demo_folder=str(tmp_path / "demo"))
    return Visitor(create_app(settings, clock=lambda: world.now))


def test_an_empty_inbox_says_what_will_appear(reader):
    assert "No e-mail yet" in reader.get("/demo/inbox").text


def test_the_newest_mail_comes_first_and_one_recipient_can_be_chosen(reader, box):
    for to in ("anne@example.org", "zoe@example.org"):
        box.add(MAIL.format(to=to).encode(), [to])
    page = reader.get("/demo/inbox").text
    assert page.index("zoe@example.org") < page.index("anne@example.org")
    assert "1 e-mail" in reader.get("/demo/inbox?to=anne").text
    assert "caps and second factors are off" in page


def test_a_long_inbox_has_pages(reader, box):
    for number in range(25):
        box.add(MAIL.format(to="anne@example.org").encode(), [f"anne{number}@example.org"])
    assert "Page 2 of 2" in reader.get("/demo/inbox?page=2").text


def test_a_mail_is_shown_as_text_and_sealed_html_with_links_that_work(reader, box):
    name = box.add(MAIL.format(to="anne@example.org").encode(), ["anne@example.org"])
    page = reader.get(f"/demo/inbox/{name}")
    assert 'href="http://127.0.0.1:8000/needs"' in page.html
    assert "allow-scripts" not in page.page.find("iframe")["sandbox"]
    framed = reader.client.get(f"/demo/inbox/{name}/html")
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert '<base target="_top">' in framed.text


def test_a_link_in_the_frame_opens_in_the_whole_window(world, sqlite_url, tmp_path, box, page):
    app = create_app(make_settings(sqlite_url, environment="demo", demo_folder=str(tmp_path / "demo")))
    name = box.add(MAIL.format(to="anne@example.org").encode(), ["anne@example.org"])
    with served(app) as address:
        page.goto(f"{address}/demo/inbox/{name}")
        page.frame_locator("iframe").get_by_text("Voir").click()
        page.wait_for_url(f"{address}/needs")


def test_a_name_that_is_none_of_the_mailbox_leads_nowhere(reader):
    for name in ("00000009.eml", "..%2Fx", "x.eml"):
        assert reader.get(f"/demo/inbox/{name}").status == 404
        assert reader.get(f"/demo/inbox/{name}/html").status == 404


def test_there_is_no_inbox_outside_of_the_demo(app):
    assert Visitor(app).get("/demo/inbox").status == 404
