"""What the files for containers and for systemd say, read as the engines that run them would."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from config.apps import BASE_DIR
from config.database import URL_VARIABLES
from config.environment import SECRETS

OURS = ("migrate", "web", "worker", "sealer", "beat")
"""The services that run our code, in the compose file and as units."""
EXAMPLE = BASE_DIR / "deploy" / "trueline.env.example"
UNITS = BASE_DIR / "deploy" / "systemd"

Unit = dict[str, dict[str, list[str]]]


def compose() -> dict[str, Any]:
    """The compose file, with merged anchors."""
    found: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def unit(name: str) -> Unit:
    """The sections of a unit file; a key may stand more than once."""
    sections: Unit = {}
    keys: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            keys = sections.setdefault(line.strip("[]"), {})
        elif line:
            key, separator, value = line.partition("=")
            assert separator and key.isalpha(), f"{name}: {line}"
            keys.setdefault(key, []).append(value)
    return sections


def commands(service: str) -> list[list[str]]:
    """The command of a service in the compose file, and in its unit, each with its host's own parts taken off."""
    contained = list(compose()["services"][service]["command"])
    (started,) = unit(f"trueline-{service}.service")["Service"]["ExecStart"]
    arguments = shlex.split(started.replace("%%", "%"))
    return [contained, [Path(arguments[0]).name, *arguments[1:]]]


def variables(service: str) -> list[dict[str, str]]:
    """What a service's own environment says, in the compose file and in its unit."""
    contained = dict(compose()["services"][service].get("environment", {}))
    lines = unit(f"trueline-{service}.service")["Service"].get("Environment", [])
    return [contained, dict(line.split("=", 1) for line in lines)]


def health_commands() -> list[list[str]]:
    """Every health command of ours, from `tools.probe` on."""
    contained = [
        service["healthcheck"]["test"][1:]
        for name, service in compose()["services"].items()
        if name in OURS and "healthcheck" in service
    ]
    probes = [shlex.split(line) for line in unit("trueline-probe.service")["Service"]["ExecStart"]]
    found = [tuple(command[1:]) for command in [*contained, *probes]]
    return [list(command) for command in dict.fromkeys(found)]


def in_the_example() -> set[str]:
    """Every variable of the example file, also those that only show their default."""
    return set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def example() -> dict[str, str]:
    """The values that the example file sets."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def read_by_settings() -> set[str]:
    """Every variable that the settings read; a secret as the file that names it."""
    found = {*_named("config/settings.py", "env"), *URL_VARIABLES.values()}
    return {f"{name}_FILE" if name in SECRETS else name for name in found}


def read_by_make_run() -> set[str]:
    """What only `make run` reads."""
    return {*_named("tools/supervisor.py", "environ"), *_named("tools/cluster.py", "environ")} - {"MAKELEVEL"}


def _named(file: str, reader: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((BASE_DIR / file).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Attribute):
            continue
        first, owner = node.args[0], ast.unparse(node.func.value)
        if owner.rpartition(".")[2] == reader and isinstance(first, ast.Constant) and str(first.value).isupper():
            yield str(first.value)
