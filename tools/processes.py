"""Child processes that can never outlive their supervisor."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signum: int) -> Callable[[], None]:
    """A function for the child, before exec: the kernel sends it ``signum`` when this process dies, however it dies.

    The kernel watches the *thread* that forked: children are started from the main thread only. It also forgets the
    wish when the user changes, which is why this runs after Popen's own ``user=``.
    """
    parent = os.getpid()

    def before_exec() -> None:
        if _LIBC.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
        if os.getppid() != parent:  # The parent died before the wish was heard.
            os._exit(1)

    return before_exec


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    user: int | None = None,
    output: IO[bytes] | int | None = None,
    death_signal: int | None = signal.SIGTERM,
    keep_files: Sequence[int] = (),
    directory: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session (a Ctrl-C at the terminal reaches only the supervisor, which stops it in order).

    ``death_signal`` None leaves it running when this process dies.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(environment) if environment is not None else None,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        pass_fds=tuple(keep_files),
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        preexec_fn=die_with_parent(death_signal) if death_signal is not None else None,
    )


def stop(process: subprocess.Popen[bytes], signals: Sequence[tuple[int, float]]) -> None:
    """Send each signal in turn and wait its seconds; whatever is left of the process group is killed."""
    for signum, seconds in signals:
        if process.poll() is not None:
            break
        process.send_signal(signum)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    kill_group(process.pid)
    process.wait()


def kill_group(leader: int) -> None:
    """Kill what is left of the session that ``leader`` led."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return  # Nothing is left: what we wanted.


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str, alive: Callable[[], bool]) -> None:
    """Wait until ``ready()``; raises RuntimeError naming ``what`` when it died or the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if not alive():
            raise RuntimeError(f"{what} ended before it was ready.")
        if time.monotonic() > end:
            raise RuntimeError(f"{what} was not ready within {seconds:.0f} s.")
        time.sleep(0.03)
