"""What Trueline needs from the operating system, and how to get it. Standard library only: it runs before the venv."""

import ctypes
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One Debian package, why it is needed, and how to see that it is there."""

    package: str
    reason: str
    is_met: Callable[[], bool]
    or_else: str = ""
    """The package that does it too, where the distribution has not this one."""


def _library(name: str) -> Callable[[], bool]:
    def loads() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loads


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _file(path: str) -> Callable[[], bool]:
    return lambda: Path(path).exists()


def _a_font() -> bool:
    return any(Path("/usr/share/fonts").glob("**/DejaVuSans.ttf"))


TO_RUN: tuple[Need, ...] = (
    Need("libpango-1.0-0", "lays out printed records", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "lays out printed records", _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "embeds fonts in printed records", _library("libharfbuzz-subset.so.0")),
    Need("fontconfig", "finds fonts for printed records", _program("fc-list")),
    Need("fonts-dejavu-core", "the font of printed records", _a_font),
)
TO_TEST: tuple[Need, ...] = (
    *TO_RUN,
    Need(
        "chromium-headless-shell",  # the same browser without its windows: the tests take half the time
        "drives the browser tests",
        _program("chromium-headless-shell", "chromium", "chromium-browser"),
        or_else="chromium",
    ),
    Need("poppler-utils", "checks signed PDFs independently (pdfsig, pdftoppm)", _program("pdfsig")),
)
_BUILDS = "builds the extra ldap for its tests"
TO_TEST_ALL: tuple[Need, ...] = (
    *TO_TEST,
    Need("slapd", "is the directory in the tests of sign-in by LDAP", _file("/usr/sbin/slapd")),
    Need("libldap-dev", _BUILDS, _file("/usr/include/ldap.h"), or_else="libldap2-dev"),
    Need("libsasl2-dev", _BUILDS, _file("/usr/include/sasl/sasl.h")),
    Need("gcc", _BUILDS, _program("gcc")),
    Need("libc6-dev", _BUILDS, _file("/usr/include/stdlib.h")),
    Need("python3-dev", _BUILDS, _file(f"{sysconfig.get_path('include')}/Python.h")),
)
"""With TRUELINE_ALL_TESTS (CI): what nobody needs who runs Trueline, or tries a change of it."""


def missing(needs: Iterable[Need]) -> list[Need]:
    """The needs that this machine does not meet."""
    return [need for need in needs if not need.is_met()]


def advice(needs: Iterable[Need]) -> str:
    """What to install, in words and as one command."""
    needs = list(needs)
    lines = [f"  {need.package}: {need.reason}" for need in needs]
    packages = " ".join(need.package for need in needs)
    return "\n".join([*lines, "On Debian or Ubuntu:", f"  sudo apt-get install --no-install-recommends {packages}"])


def install(needs: Iterable[Need]) -> list[Need]:
    """Install what is missing with apt where this process may; the needs that are still missing afterwards."""
    absent = missing(needs)
    if not absent or os.geteuid() != 0 or not shutil.which("apt-get"):
        return absent
    print("Installing " + ", ".join(need.package for need in absent) + " …", flush=True)
    if _said(["apt-get", "update", "-qq"]) or not _said(_installing(need.package for need in absent)):
        return missing(absent)
    _said(_installing(need.or_else or need.package for need in missing(absent)))
    return missing(absent)


def _installing(packages: Iterable[str]) -> list[str]:
    return ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]


def _said(command: list[str]) -> int:
    """Run a command; its exit status. What a failed one says is shown."""
    # At this run level nothing that is installed is started as a service (slapd would be).
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}", flush=True)
    return done.returncode
