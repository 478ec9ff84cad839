"""duben's command line with each change of the file system slowed down, or the process killed at one.

    python slow_build.py SECONDS STEP ARGUMENT…

Waits SECONDS before each change; STEP is the number of the change at which the process kills itself
(0: none), a file that is being written then standing half written. The first change prints `started`.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from duben.cli import main

PAUSE, STEP = float(sys.argv[1]), int(sys.argv[2])
steps = itertools.count(1)


def take_step(before_the_end: Callable[[], object] = lambda: None) -> None:
    step = next(steps)
    if step == 1:
        print("started", flush=True)
    if step == STEP:
        before_the_end()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(PAUSE)


def slowed(change: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        take_step()
        return change(*args, **kwargs)

    return call


write_bytes = Path.write_bytes


def write_half(path: Path, content: bytes) -> int:
    take_step(lambda: write_bytes(path, content[: len(content) // 2]))
    return write_bytes(path, content)


for name in ("replace", "unlink", "rmdir", "mkdir", "fsync"):
    setattr(os, name, slowed(getattr(os, name)))
Path.write_bytes = write_half  # type: ignore[method-assign]

status = main(sys.argv[3:])
print(f"steps {next(steps) - 1}")
sys.exit(status)
