"""The school clock of the demo: where it stands at first, and moving it while the demo runs.

make demo CLOCK=2027-05-20T16:50      start on that day instead of the usual one
make demo-clock CLOCK=2027-05-20T16:50   move it in another terminal, to see a deadline come and go
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.demo_database import DemoError

# A Wednesday in term 2, before lessons begin.
USUAL = "2027-03-10T07:15"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)


def chosen(environment: Mapping[str, str]) -> str:
    """CLOCK, or the usual moment.

    Raises DemoError.
    """
    moment = environment.get("CLOCK") or USUAL
    if not MOMENT.fullmatch(moment):
        raise DemoError(f"CLOCK is {moment!r}: write a day and an hour like {USUAL}.")
    return moment


def move(environment: Mapping[str, str], owner: str, checkout: Path) -> None:
    """Move the clock of a demo whose database has this address for its owner.

    Raises DemoError with what the command said.
    """
    moment = chosen(os.environ)
    done = subprocess.run(
        [sys.executable, "manage.py", "move_clock", moment],
        cwd=checkout,
        env={**environment, "DATABASE_URL": owner},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or "no reason was given").splitlines()[-1]
        raise DemoError(f"The clock was not moved; does the demo run? {last}")
    print(done.stdout.strip())
