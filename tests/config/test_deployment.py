"""The files for containers and systemd describe the product that is here: no engine is needed to see that."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.apps import BASE_DIR
from config.celery import SCHEDULE, SEAL_QUEUE
from config.database import URL_VARIABLES
from config.environment import SECRETS
from tests.config import deployed
from tools import system_packages

pytestmark = pytest.mark.requirement("RUN-11")

DOCKERFILE = (BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
ROLES = {"migrate": "owner", "web": "app", "worker": "app", "sealer": "sealer", "beat": "app"}
HOST_PARTS = re.compile(r"^--(host|port|forwarded-allow-ips|schedule)(=|$)|^[\d./]+$")


def test_the_image_is_built_in_stages_and_runs_as_nobody_special() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert len(stages) == 2
    final = stages[-1]
    (user,) = re.findall(r"^USER (\d+):(\d+)$", final, re.MULTILINE)
    assert all(int(number) >= 10_000 for number in user)
    fetching = re.compile(r"apt-get|pip |uv |curl|wget")
    assert not fetching.search(final.partition("USER ")[2]), "nothing is fetched once it runs"
    (installed,) = re.findall(r"--no-install-recommends \\\n(.*?)\n    && rm", final, re.DOTALL)
    assert set(installed.replace("\\", "").split()) == {need.package for need in system_packages.TO_RUN}


def test_the_image_holds_what_the_product_needs_and_no_tests() -> None:
    copied = set(re.findall(r"^COPY (\S+) \1$", DOCKERFILE, re.MULTILINE))
    packages = {file.parent.name for file in BASE_DIR.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages | {"templates", "static", "locale"} == copied
    allowed = {line[1:] for line in (BASE_DIR / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert allowed == copied | {"pyproject.toml", "uv.lock", "manage.py", "LICENSE"}


@pytest.mark.parametrize("service", deployed.OURS)
def test_containers_and_units_run_the_same_command(service: str) -> None:
    contained, started = (
        [part for part in command if not HOST_PARTS.match(part)] for command in deployed.commands(service)
    )
    assert contained == started
    if service in ("worker", "sealer"):
        queues = {str(entry.get("options", {}).get("queue", "default")) for entry in SCHEDULE.values()}
        assert queues == {"default", SEAL_QUEUE}
        assert f"--queues={'default' if service == 'worker' else SEAL_QUEUE}" in contained


@pytest.mark.requirement("RUN-04")
@pytest.mark.parametrize("service", deployed.OURS)
def test_each_process_gets_the_secret_of_its_own_role_only(service: str) -> None:
    contained, started = deployed.variables(service)
    role = ROLES[service]
    for found in (contained, started):
        assert {name for name in found if name.startswith("DATABASE_")} == {f"{URL_VARIABLES[role]}_FILE"}
        assert found.get("TRUELINE_DB_ROLE", "app") == role
        assert not set(found) & set(SECRETS), "secrets are files, never values"
    files = {name for name in contained if name.endswith("_FILE")}
    assert files == {name for name in started if name.endswith("_FILE")}
    service_of = deployed.compose()["services"][service]
    assert {contained[name] for name in files} == {f"/run/secrets/{secret}" for secret in service_of["secrets"]}
    credentials = deployed.unit(f"trueline-{service}.service")["Service"]["LoadCredential"]
    assert {started[name] for name in files} == {f"%d/{line.split(':')[0]}" for line in credentials}


def test_only_the_proxy_is_reached_from_outside() -> None:
    file = deployed.compose()
    assert file["networks"]["inside"]["internal"] is True
    for name, service in file["services"].items():
        assert ("ports" in service) == ("outside" in service["networks"]) == (name == "proxy"), name
        assert "healthcheck" in service or name == "migrate", name
        assert set(service.get("secrets", [])) <= set(file["secrets"]), name
        if name not in ("database",):
            assert service["read_only"] and service["cap_drop"] == ["ALL"], name
    assert {name for name, service in file["services"].items() if "secrets" not in service} == set()
    subnet = file["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert file["services"]["web"]["command"][-2:] == ["--forwarded-allow-ips", subnet]
    proxied = (BASE_DIR / "deploy/Caddyfile").read_text(encoding="utf-8")
    assert "path /livez /readyz /metrics" in proxied and "tls1.2 tls1.3" in proxied and "web:8000" in proxied


@pytest.mark.parametrize("file", sorted(deployed.UNITS.glob("*.service")), ids=lambda file: str(file.name))
def test_units_are_confined(file: Path) -> None:
    service = deployed.unit(file.name)["Service"]
    assert service["User"] == ["trueline"] and service["NoNewPrivileges"] == ["yes"]
    assert service["ProtectSystem"] == ["strict"] and service["CapabilityBoundingSet"] == [""]
    for name in deployed.unit(file.name)["Unit"].get("Requires", []):
        assert (deployed.UNITS / name).exists()


def test_every_variable_is_read_and_every_variable_is_shown() -> None:
    read = deployed.read_by_settings()
    assert deployed.in_the_example() == read
    for service in deployed.OURS:
        for named in deployed.variables(service):
            assert set(named) <= read, service
    in_the_image = set(re.findall(r"\b((?:TRUELINE|LOG)_[A-Z_]+)=", DOCKERFILE))
    assert in_the_image <= read
    described = (BASE_DIR / "docs/operation.md").read_text(encoding="utf-8")
    missing = {
        name for name in read | deployed.read_by_make_run() if f"`{name.removesuffix('_FILE')}`" not in described
    }
    assert missing == set()


def test_the_database_is_made_as_the_manual_says() -> None:
    statements = (BASE_DIR / "deploy/postgres/roles.sql").read_text(encoding="utf-8")
    described = (BASE_DIR / "docs/operation.md").read_text(encoding="utf-8")
    for line in statements.splitlines():
        if line.startswith(("CREATE DATABASE", "REVOKE", "GRANT")):
            assert line in described
    assert re.findall(r"CREATE ROLE (\w+) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION", statements) == [
        f"trueline_{role}" for role in ("owner", "app", "sealer")
    ]


def test_secrets_are_made_once_and_fit_the_services(tmp_path: Path) -> None:
    command = [sys.executable, str(BASE_DIR / "tools/make_secrets.py"), str(tmp_path / "secrets")]
    for _ in range(2):
        subprocess.run(command, check=True, capture_output=True)
    made = {file.name: file.read_text().strip() for file in (tmp_path / "secrets").iterdir()}
    first = dict(made)
    subprocess.run(command, check=True, capture_output=True)
    assert {file.name: file.read_text().strip() for file in (tmp_path / "secrets").iterdir()} == first
    wanted = {Path(secret["file"]).name for secret in deployed.compose()["secrets"].values()}
    assert set(made) == wanted - {"tls.crt", "tls.key"}
    assert made["app_password"] in made["database_url"] and "trueline_app:" in made["database_url"]
    assert len(set(made.values())) == len(made)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
