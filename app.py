"""The door: ``gunicorn app:app`` serves, and ``python3 app.py [command]`` first makes the environment ``.venv``.

Needs only Python 3.11 and pip, nothing installed. ``python3 app.py test`` runs every check,
``python3 app.py bench`` measures the pages on a slow phone.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def run(*command: str, otherwise: str) -> None:
    """Run ``command`` quietly; if it fails, stop with the sentence ``otherwise`` and the error it named."""
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        said = done.stdout.strip().splitlines() or ["no reason was given"]
        sys.exit(f"{otherwise}: {next((line for line in said if line.startswith('ERROR')), said[-1])}")


def provide(lock: str) -> None:
    """Install the packages of ``lock``, each checked against its hash, unless the stamp says that it is done."""
    stamp = VENV / f"{lock}.stamp"
    done = f"{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()} {sys.version_info[:2]} {VENV}"
    if stamp.is_file() and stamp.read_text() == done:
        return
    print(f"Installing the packages of {lock} ...", file=sys.stderr, flush=True)
    pip = subprocess.run([*PIP, "--version"], check=False, capture_output=True, text=True).stdout
    if [int(part) for part in re.findall(r"\d+", pip)[:2]] < [22, 3]:
        sys.exit("pip 22.3 or newer is needed for this Python; on Debian or Ubuntu: apt-get install python3-pip")
    install = (*PIP, "--python", PYTHON, "install", "-q", "--no-deps")
    if lock == "requirements.lock":
        run(sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV), otherwise="No .venv could be made")
    run(*install, "--require-hashes", "-r", lock, otherwise=f"The packages of {lock} could not be installed")
    run(*install, "--no-build-isolation", "--no-index", "-e", ".", otherwise="Enrollment itself could not be installed")
    stamp.write_text(done)


def main(command: str = "serve", *rest: str) -> None:
    """Hand over to ``.venv/bin/enrollment``, or for ``test`` and ``bench`` to the tests."""
    if sys.version_info < (3, 11):
        sys.exit(f"Enrollment needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.")
    provide("requirements.lock")
    if command in ("test", "bench"):
        provide("requirements-test.lock")
        os.chdir(ROOT)
        os.execv(PYTHON, [PYTHON, "-m", "tests" if command == "test" else "tests.bench", *rest])
    program = str(VENV / "bin" / "enrollment")
    os.execv(program, [program, command, *rest])


if __name__ == "__main__":
    main(*sys.argv[1:])
else:
    from enrollment import create_app

    app = create_app()
