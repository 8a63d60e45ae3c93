"""One form makes one draft, also when it is sent several times at the same moment, on SQLite and PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from matcher.actors import Person
from matcher.database import transaction
from matcher.errors import EditedMeanwhile, IllegalTransition, NotFound
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.services import drafts
from matcher.services.drafts import Page
from matcher.services.needs import NeedContent
from tests.database import Sessions
from tests.factories import NOW, World

KEY = "the-key-of-one-form"


def test_four_first_saves_at_once_make_one_draft(any_world: World, any_sessions: Sessions) -> None:
    association = any_world.association()
    account_id = any_world.member(association).account.id
    barrier = threading.Barrier(4, timeout=60)

    def save(number: int) -> int:
        content = NeedContent(title=f"Titre {number}")
        with any_sessions() as session:
            actor = Person(session.get_one(Account, account_id))
            barrier.wait()
            with transaction(session):
                keep = drafts.write if number % 2 else drafts.autosave_new
                need = keep(session, actor, NOW, association_id=association.id, form_key=KEY, content=content)
                return need.id

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(save, range(4)))

    any_world.session.rollback()
    assert made == set(any_world.session.scalars(sa.select(Need.id)))
    assert len(made) == 1


def test_a_form_of_a_need_that_is_open_by_now_changes_nothing(world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    with transaction(world.session):
        need.form_key = KEY
        need.author_id = world.member(need).account.id
    content = NeedContent(title="Trop tard", description="Trop tard")

    with pytest.raises(IllegalTransition), transaction(world.session) as session:
        drafts.write(
            session, world.member(need), NOW, association_id=need.association_id, form_key=KEY, content=content
        )


def test_nobody_begins_a_draft_for_an_association_of_others(world: World) -> None:
    hers, stranger = world.association(), world.member(world.association())

    with pytest.raises(NotFound), transaction(world.session) as session:
        drafts.autosave_new(
            session, stranger, NOW, association_id=hers.id, form_key=KEY, content=NeedContent(title="À moi")
        )


def test_every_member_may_go_on_writing_and_nobody_else(world: World) -> None:
    association = world.association(members=2)
    author, other = world.member(association), world.member(association, 1)
    need = world.need(NeedStatus.DRAFT, association=association)
    assert need.author_id == author.account.id
    stranger = world.member(world.association())

    with pytest.raises(NotFound), transaction(world.session) as session:
        drafts.autosave(session, stranger, NOW, need_id=need.id, content=NeedContent(title="Autrement"), page=Page(KEY))
    with transaction(world.session) as session:
        drafts.autosave(session, other, NOW, need_id=need.id, content=NeedContent(title="À deux"), page=Page(KEY, 0))

    assert need.title == "À deux"


def test_of_two_who_write_the_same_edition_at_once_one_is_told(any_world: World, any_sessions: Sessions) -> None:
    association = any_world.association(members=2)
    account_ids = [any_world.member(association, position).account.id for position in range(2)]
    need = any_world.need(NeedStatus.DRAFT, association=association)
    barrier = threading.Barrier(2, timeout=60)

    def save(position: int) -> str | None:
        content = NeedContent(title=f"Titre {position}")
        with any_sessions() as session:
            actor = Person(session.get_one(Account, account_ids[position]))
            barrier.wait()
            try:
                with transaction(session):
                    drafts.edit(session, actor, NOW, need_id=need.id, content=content, page=Page(f"page {position}", 0))
            except EditedMeanwhile:
                return None
        return content.title

    with ThreadPoolExecutor(2) as pool:
        told = set(pool.map(save, range(2)))

    any_world.session.refresh(need)
    assert told == {need.title, None}
    assert need.edition == 1


def test_a_page_writes_over_its_own_words_and_over_others_only_when_it_has_shown_them(world: World) -> None:
    association = world.association(members=2)
    need = world.need(NeedStatus.DRAFT, association=association)

    def save(position: int, title: str, page: Page) -> None:
        with transaction(world.session) as session:
            actor = world.member(association, position)
            drafts.autosave(session, actor, NOW, need_id=need.id, content=NeedContent(title=title), page=page)

    save(0, "Tenir", Page("hers", 0))
    save(0, "Tenir nos comptes", Page("hers", 0))
    with pytest.raises(EditedMeanwhile):
        save(1, "Repeindre", Page("his", 1))
    save(1, "Repeindre", Page("his", 2))
    with pytest.raises(EditedMeanwhile):
        save(0, "Tenir nos comptes du jardin", Page("hers", 0))

    world.session.refresh(need)
    assert (need.title, need.edition) == ("Repeindre", 3)
