"""Make the private environment of this checkout, then become the command asked for.

Usage: ``python3 tools/bootstrap.py (run|test) [-- program arguments …]``. It needs Python 3.11 or newer and a package
index, nothing else. With an unchanged lock file it costs a tenth of a second. TRUELINE_VENV names an environment that
is kept up to date by somebody else. With TRUELINE_ALL_TESTS the environment of the tests has the extra `ldap` too,
which is compiled.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this is the one file that older interpreters get to read
    sys.exit("Trueline needs Python 3.11 or newer, not " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.")

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
VENV = ROOT / ".venv"
UV_REQUIREMENT = "uv>=0.9"
ALL_TESTS = bool(os.environ.get("TRUELINE_ALL_TESTS"))
GROUPS = {"run": ["--no-dev", "--inexact"], "test": ["--extra", "ldap"] if ALL_TESTS else []}


def find_uv() -> Path:
    """The uv on PATH, else one of our own, fetched from the package index into var/."""
    if found := shutil.which("uv"):
        return Path(found)
    home = ROOT / "var" / "tools" / "uv"
    program = home / "bin" / "uv"
    if program.exists():
        return program
    shutil.rmtree(home, ignore_errors=True)
    attempts = [
        [[sys.executable, "-m", "venv", str(home)], [str(home / "bin/python"), "-m", "pip"]],
        [[sys.executable, "-m", "pip", "--version"], [sys.executable, "-m", "pip"]],
    ]
    problems = []
    for prepare, pip in attempts:
        target = [] if str(home) in pip[0] else ["--target", str(home)]
        for command in (prepare, [*pip, "install", "--quiet", *target, UV_REQUIREMENT]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                problems.append(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
                break
        else:
            return program
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(
        "Trueline could not get 'uv', which installs its packages. Install it yourself (pipx install uv), or give this "
        "Python pip (Debian: sudo apt-get install python3-venv). What was tried:\n" + "\n".join(problems)
    )


def synchronise(group: str) -> Path:
    """The environment's Python, after the packages of uv.lock are in it."""
    if chosen := os.environ.get("TRUELINE_VENV"):
        return Path(chosen) / "bin" / "python"
    interpreter = os.path.realpath(sys.executable)
    asked = f"{interpreter} {GROUPS['test']}"
    wanted = hashlib.sha256((ROOT / "uv.lock").read_bytes() + asked.encode()).hexdigest()
    python = VENV / "bin" / "python"
    # The test environment is the larger one: it serves `make run` too.
    if python.exists() and any(_stamp(name) == wanted for name in {group, "test"}):
        return python
    print("Installing Python packages …", flush=True)
    environment = {
        **os.environ,
        "UV_SYSTEM_CERTS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(VENV),
        "UV_LINK_MODE": "copy",
    }
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        # Compiled once here: else each of the many processes of a start or of the tests compiles thousands of files.
        [find_uv(), "sync", "--frozen", "--quiet", "--compile-bytecode", "--python", interpreter, *GROUPS[group]],
        cwd=ROOT,
        env=environment,
        check=False,
    )
    if done.returncode:
        sys.exit("The Python packages could not be installed: see above.")
    _stamp_file(group).write_text(wanted)
    return python


def _stamp_file(group: str) -> Path:
    return VENV / f".synchronised-{group}"


def _stamp(group: str) -> str:
    file = _stamp_file(group)
    return file.read_text() if file.exists() else ""


def check_system(group: str) -> None:
    """Install the system packages where possible, else stop and say which are missing."""
    from tools import system_packages  # noqa: PLC0415 - the path to it is set up above

    to_test = system_packages.TO_TEST_ALL if ALL_TESTS else system_packages.TO_TEST
    needs = system_packages.TO_RUN if group == "run" else to_test
    if absent := system_packages.install(needs):
        sys.exit("These system packages are missing:\n" + system_packages.advice(absent))


def main() -> None:
    """Prepare, then replace this process by the command after ``--``."""
    arguments = sys.argv[1:]
    group, command = arguments[0], arguments[2:]
    check_system(group)
    python = synchronise(group)
    if command:
        os.chdir(ROOT)
        environment = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # our own files are compiled once too, not in every process
        program = str(python) if command[0] == "python" else str(python.parent / command[0])
        os.execve(program, [program, *command[1:]], environment)


if __name__ == "__main__":
    main()
