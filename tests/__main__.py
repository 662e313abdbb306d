"""Every check, in order: ``python3 app.py test``. With arguments: only pytest, which gets them.

The journeys in a real browser run by themselves and count no lines: Playwright switches greenlets, and coverage that
follows them is slow, and with many threads it can hang for ever. The browser is installed when it is missing.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.browser import executable

BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest")
PARALLEL = (*PYTEST, "-n", "auto", "--dist", "worksteal")
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    ("lint", (str(BIN / "ruff"), "check", "--quiet", ".")),
    ("types", (str(BIN / "mypy"),)),
    ("floors", (str(BIN / "lint-imports"), "--no-cache", "--no-logo")),
    ("tests", (*PARALLEL, "-m", "not journey", "--cov=enrollment", "--cov-branch", "--cov-report=term")),
    ("browser", ()),
    ("journeys", (*PARALLEL, "-m", "journey")),
)
APT = (
    ("apt-get", "update", "-q"),
    ("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-wqy-microhei"),
)
NO_BROWSER = (
    "The tests need Chromium, and it could not be installed: as root run `apt-get install chromium` (Debian), "
    "or install Google Chrome, or run `.venv/bin/playwright install --with-deps chromium`."
)


def browser() -> str | None:
    """Make sure that there is a Chromium; the sentence to stop with when there is none."""
    if executable():
        return None
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in APT:
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            done = subprocess.run(
                command, check=False, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            if done.returncode != 0:
                print(done.stdout)
                return NO_BROWSER
    return None if executable() else NO_BROWSER


def checked(name: str, command: tuple[str, ...]) -> str | None:
    """Run one check; the sentence to stop with when it fails."""
    code = subprocess.run(command, check=False).returncode
    return None if code == 0 else f"The step “{name}” failed (exit code {code}); what it found is above."


def timed(name: str, command: tuple[str, ...]) -> None:
    """One step: its name, what it says, the seconds it took. Stops everything when it fails."""
    print(f"── {name}", flush=True)
    started = time.monotonic()
    failure = checked(name, command) if command else browser()
    print(f"── {name}: {time.monotonic() - started:.1f} s", flush=True)
    if failure:
        sys.exit(failure)


def main(*arguments: str) -> None:
    """All steps, or only pytest with ``arguments``."""
    started = time.monotonic()
    for name, command in (("browser", ()), ("tests", (*PYTEST, *arguments))) if arguments else STEPS:
        timed(name, command)
    print(f"── all: {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
