"""What the commands say of a ledger: what was done again, what it lacks and what is to be done. Looks at nothing."""

from matcher.services.erasures import Lack, Replayed

WORDS = {
    Lack.EMPTY: "There is no ledger, or nothing is in it: it tells nothing of who was erased since the backup.",
    Lack.OTHER_KEY: "The ledger was kept under another MAIL_KEY than the one of the settings: not one of its lines can"
    " be recognised.",
    Lack.BEGUN_LATER: "The ledger was begun after the backup was made, by a new database: it does not know what was"
    " done before.",
    Lack.ERASURES_MISSING: "The backup knows of people who were erased and the ledger does not: it is that of another"
    " installation, or a part is missing.",
    Lack.UNREADABLE: "Some people were erased after the backup under another MAIL_KEY: nobody can tell who they are.",
}
ADVICE = (
    "People who erased their account since the backup may be there again, and the quarantine is not lifted. Look for"
    " the ledger of the installation that made the backup (ERASURE_LEDGER) and for its MAIL_KEY, then run"
    " `binome outbox replay FILE`. If neither is to be found: `binome outbox go-without-ledger`."
)


def done_again(replayed: Replayed) -> str:
    """Say what was done again; then what the ledger lacks, and what to do about it."""
    done = (
        f"Ledger: {replayed.erased} people erased again, {replayed.stopped} stopped again,"
        f" {replayed.closed} addresses closed again."
    )
    if not replayed.lacks:
        return done
    return "\n".join([done, *(f"WRONG: {WORDS[lack]}" for lack in replayed.lacks), ADVICE])
