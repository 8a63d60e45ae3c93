"""Imports of one catalogue name at the same moment, on SQLite and PostgreSQL: one stands whole, none breaks."""

import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from matcher.actors import System
from matcher.database import transaction
from matcher.models.audit import AuditEntry
from matcher.models.catalogue import ImportedCatalogue, ImportedSkill
from matcher.queries.catalogues import list_catalogues
from matcher.ranking.records import CatalogueSkill
from matcher.services.catalogues import CatalogueContent, import_catalogue, remove_catalogue
from tests.database import Sessions
from tests.factories import NOW, World

JOB = System("catalogue")


def content(number: int) -> CatalogueContent:
    """A catalogue of as many skills as its number says, under one name."""
    skills = [CatalogueSkill(f"s{n}", {"fr": f"métier {number}"}, {"fr": ("art",)}) for n in range(number)]
    return CatalogueContent("Ours", f"Source {number}", skills)


def imported(sessions: Sessions, numbers: list[int]) -> None:
    """Import these contents, each on a connection of its own, all released together."""
    barrier = threading.Barrier(len(numbers), timeout=60)

    def one(number: int) -> None:
        with sessions() as session:
            barrier.wait()
            with transaction(session):
                import_catalogue(session, JOB, NOW, content(number))

    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(one, numbers))


def stored(world: World) -> tuple[str, int, list[str]]:
    """What stands under the one name: source, number of skills as told, and the skills."""
    world.session.rollback()
    catalogue = world.session.scalars(sa.select(ImportedCatalogue)).one()
    rows = sa.select(ImportedSkill.uri).where(ImportedSkill.catalogue_id == catalogue.id).order_by(ImportedSkill.uri)
    return catalogue.source, catalogue.skills, list(world.session.scalars(rows))


def test_first_imports_of_one_name_at_once_leave_one_of_them_whole(any_world: World, any_sessions: Sessions) -> None:
    imported(any_sessions, [1, 2, 3, 4])

    source, told, uris = stored(any_world)
    assert source == f"Source {told}"
    assert uris == [f"s{n}" for n in range(told)]
    acts = any_world.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action == "import_catalogue"))
    assert len(acts.all()) == 4


def test_the_same_file_imported_twice_at_once_ranks_needs_anew_once(any_world: World, any_sessions: Sessions) -> None:
    imported(any_sessions, [2, 2])

    assert stored(any_world) == ("Source 2", 2, ["s0", "s1"])
    assert len(any_world.messages("rank_open_needs")) == 1


def test_an_import_in_a_session_that_knows_the_catalogue_tells_the_new_facts(any_world: World) -> None:
    session = any_world.session
    with transaction(session):
        import_catalogue(session, JOB, NOW, content(1))
    with transaction(session):
        session.scalars(sa.select(ImportedCatalogue)).one()

        found = import_catalogue(session, JOB, NOW, content(3))

        assert (found.source, found.skills, found.languages) == ("Source 3", 3, ("fr",))


def test_a_removed_catalogue_may_be_imported_again(any_world: World) -> None:
    session = any_world.session
    for number in (1, 2):
        with transaction(session):
            import_catalogue(session, JOB, NOW, content(number))
    with transaction(session):
        remove_catalogue(session, JOB, NOW, name="Ours")
    assert list_catalogues(session, JOB) == ()

    with transaction(session):
        import_catalogue(session, JOB, NOW, content(2))

    assert stored(any_world) == ("Source 2", 2, ["s0", "s1"])
