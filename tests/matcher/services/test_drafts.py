"""One form makes one draft, also when it is sent several times at the same moment, on SQLite and PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from matcher.actors import Person
from matcher.database import transaction
from matcher.errors import IllegalTransition, NotFound
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.services import drafts
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
        drafts.autosave(session, stranger, NOW, need_id=need.id, content=NeedContent(title="Autrement"))
    with transaction(world.session) as session:
        drafts.autosave(session, other, NOW, need_id=need.id, content=NeedContent(title="À deux"))

    assert need.title == "À deux"
