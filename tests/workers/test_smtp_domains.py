"""Places of a domain: over threads and processes of this machine, freed by a kill too."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers.programs import ROOT
from workers.smtp import DomainBusy
from workers.smtp_domains import Domains

HOLDER = """
import sys, time
from workers.smtp_domains import Domains
with Domains(sys.argv[1], at_once=1).place("example.org"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_domain_has_so_many_places_and_no_more(tmp_path: Path) -> None:
    domains = Domains(str(tmp_path), at_once=2, waits_s=0)

    with domains.place("example.org"), domains.place("example.org"):
        with pytest.raises(DomainBusy), domains.place("example.org"):
            pass
        with domains.place("elsewhere.example"):
            pass
    with domains.place("example.org"), domains.place("example.org"):
        pass


def test_a_place_held_by_another_process_is_free_when_that_is_killed(tmp_path: Path) -> None:
    domains = Domains(str(tmp_path), at_once=1, waits_s=0)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DomainBusy), domains.place("example.org"):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    with domains.place("example.org"):
        pass


def test_who_fails_gives_the_place_back(tmp_path: Path) -> None:
    domains = Domains(str(tmp_path), at_once=1, waits_s=0)

    with pytest.raises(LookupError), domains.place("example.org"):
        raise LookupError

    with domains.place("example.org"):
        pass
