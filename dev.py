"""What a developer types: `python3 dev.py COMMAND`. Standard library only: it installs and starts, no more."""

import contextlib
import hashlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (an old Python reads this file first)
    sys.exit("Binôme needs Python 3.11 or newer; this one is {}.{}.".format(*sys.version_info))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
RUNTIME, DEVELOPMENT, BUILD, SERVERS = (
    ROOT / f"requirements{suffix}.txt" for suffix in ("", "-dev", "-build", "-servers")
)
# Everything comes as a wheel, so that no compiler is needed; this one exists as pure Python source only.
NEEDS = ["--require-hashes", "--only-binary", ":all:", "--no-binary", "flask-principal", "--no-build-isolation"]
# One version for every Python, so that the types and the results are the same on all of them.
COMPILE = ["--universal", "--fork-strategy", "fewest", "--generate-hashes", "--no-annotate"]
NO_ADDRESS = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-config"]


class StepError(Exception):
    """A step failed; the text says which one and what to look at."""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    if not arguments or arguments[0] not in COMMANDS:
        print(_usage(), file=sys.stdout if arguments in ([], ["help"], ["--help"], ["-h"]) else sys.stderr)
        return 0 if arguments in (["help"], ["--help"], ["-h"]) else 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(ROOT)
    try:
        COMMANDS[arguments[0]](arguments[1:])
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0


def demo(arguments: list[str]) -> None:
    """install what runs, then start Binôme with its demo world"""
    _install(RUNTIME)
    _become(VENV / "bin" / "binome", "demo", *arguments)


def test(arguments: list[str]) -> None:
    """lint, fetch the test servers, run every test; with arguments, only pytest with them"""
    _install(DEVELOPMENT)
    if not arguments:
        lint([])
    _step("Looking for the test servers", PYTHON, "-m", "tests.servers")
    _become(PYTHON, "-m", "pytest", *(arguments or ["-n", "2"]))


def setup(_arguments: list[str]) -> None:
    """make .venv, install everything that development needs, compile the translations"""
    _install(DEVELOPMENT)


def lint(arguments: list[str]) -> None:
    """ruff, mypy and the import contracts"""
    _install(DEVELOPMENT)
    _step("Linting", VENV / "bin" / "ruff", "check", *(arguments or ["."]))
    _step("Checking the types", VENV / "bin" / "mypy")
    _step("Checking who imports whom", VENV / "bin" / "lint-imports")


def lock(arguments: list[str]) -> None:
    """write the locks anew, keeping versions that still fit; `lock --upgrade` takes the newest"""
    if not (VENV / "bin" / "uv").exists():
        _make_venv()
    locks: dict[Path, list[object]] = {
        RUNTIME: ["pyproject.toml"],
        DEVELOPMENT: ["pyproject.toml", "--extra", "dev", "--constraint", RUNTIME],
        BUILD: ["--group", "build"],
        SERVERS: ["--group", "servers"],
    }
    for path, sources in locks.items():
        options = [*COMPILE, *NO_ADDRESS, "--quiet", "--python-version", "3.11", *arguments]
        _step(f"Locking {path.name}", VENV / "bin" / "uv", "pip", "compile", *sources, *options, "-o", path)


def bench(arguments: list[str]) -> None:
    """measure the speed"""
    _install(DEVELOPMENT)
    _become(PYTHON, "-m", "tests.bench.run", *arguments)


def faults(arguments: list[str]) -> None:
    """kill, cut, race and restart: does every promise of docs/trust.md hold? `faults --full` takes hours"""
    _install(DEVELOPMENT)
    _step("Looking for the test servers", PYTHON, "-m", "tests.servers")
    _become(PYTHON, "-m", "tests.faults.run", *arguments)


def security(arguments: list[str]) -> None:
    """play every family of cases about security and count them; `security --short` as a test run does"""
    _install(DEVELOPMENT)
    _step("Looking for the test servers", PYTHON, "-m", "tests.servers")
    _become(PYTHON, "-m", "tests.security.run", *arguments)


def look(arguments: list[str]) -> None:
    """make the pictures of the pages"""
    _install(DEVELOPMENT)
    _become(PYTHON, "-m", "tests.look.run", *arguments)


COMMANDS = {command.__name__: command for command in (demo, test, setup, lint, lock, bench, faults, security, look)}


def _usage() -> str:
    lines = [f"  {name:<9}{command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python3 dev.py COMMAND [ARGUMENTS]", "", *lines])


def _install(wanted: Path) -> None:
    """Bring .venv up to a lock. The development lock holds the runtime lock, so it stands for both."""
    done = _stamps()
    if done.get(wanted.name) != _digest(wanted, BUILD) or not PYTHON.exists():
        _make_venv()
        _packages(f"Installing {wanted.name}", *NEEDS, "-r", wanted)
        done = {name: _digest(ROOT / name, BUILD) for name in {wanted.name, RUNTIME.name}}
    if done.get("project") != _digest(ROOT / "pyproject.toml"):
        _packages("Installing Binôme itself, in place", "--no-deps", "--no-build-isolation", "-e", ROOT)
        done["project"] = _digest(ROOT / "pyproject.toml")
        STAMP.write_text(json.dumps(done), encoding="utf-8")
    _compile_translations()


def _stamps() -> dict[str, str]:
    return dict(json.loads(STAMP.read_text(encoding="utf-8"))) if STAMP.exists() else {}


def _digest(*files: Path) -> str:
    """One number for the files, for this Python and for the place of the checkout, which scripts hold."""
    parts = [path.read_bytes() for path in files] + [sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _make_venv() -> None:
    """Make .venv with this Python, and put uv and the build tools there; every file is checked against its hash."""
    if importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info)
        raise StepError(f"This Python cannot make a virtual environment. On Debian or Ubuntu: apt install {package}")
    # No stamp: somebody stopped the installation half-way, and nobody knows what is there.
    stale = ["--clear"] if VENV.exists() and not (STAMP.exists() and _is_of_this_python()) else []
    STAMP.unlink(missing_ok=True)
    _step(f"Making .venv with Python {sys.version.split()[0]}", sys.executable, "-m", "venv", *stale, VENV)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _step("Installing the build tools", *pip, "--require-hashes", "--only-binary", ":all:", "-r", BUILD)


def _is_of_this_python() -> bool:
    libraries = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return PYTHON.exists() and (VENV / "lib" / libraries).exists()


def _packages(words: str, *arguments: object) -> None:
    """Install with uv; on a machine where uv does not find its way to the registry, with pip."""
    uv = [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, "--compile-bytecode"]
    try:
        _step(words, *uv, *arguments)
    except StepError:
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
        _step("uv did not manage; once more with pip, which takes a minute or two", *pip, *arguments)


def _compile_translations() -> None:
    """Compile the catalogues whose source is newer; the running service reads only compiled ones."""
    sources = (ROOT / "matcher" / "translations").glob("*/LC_MESSAGES/messages.po")
    if any(_is_newer(source, source.with_suffix(".mo")) for source in sources):
        pybabel = [VENV / "bin" / "pybabel", "--quiet", "compile"]
        _step("Compiling the translations", *pybabel, "--directory", ROOT / "matcher" / "translations")


def _is_newer(source: Path, made: Path) -> bool:
    return not made.exists() or source.stat().st_mtime > made.stat().st_mtime


def _step(words: str, *command: object) -> None:
    """Say what happens, run it, say how long it took; raise StepError when it fails."""
    print(f"» {words} …", flush=True)
    started = time.monotonic()
    status = _run(command)
    if status != 0:
        raise StepError(f"« {words} » failed (exit status {status}). The lines above say why.")
    print(f"  done in {time.monotonic() - started:.1f} s", flush=True)


def _run(command: tuple[object, ...]) -> int:
    """Run a command to its end and return its status; end it and all it started when we are told to stop."""
    # uv trusts its own list of certificates unless told to use the system's, as pip does.
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    process = subprocess.Popen([str(part) for part in command], env=environment, process_group=0)
    try:
        return process.wait()
    except BaseException:
        _end(process)
        raise


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _become(program: Path, *arguments: str) -> None:
    """Replace this process, so that signals and the exit status are those of the command."""
    sys.stdout.flush()
    os.execv(program, [str(program), *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
