"""What the product is made of equals the lock file, binds nobody, and is compared with advisories without a network."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from config.apps import BASE_DIR
from tools import components
from tools.components import Component

pytestmark = pytest.mark.requirement("SEC-03")

ADVISORIES = Path(__file__).with_name("advisories.json")


def named(requirement: str) -> str:
    """The name of the package that a requirement of pyproject.toml asks for."""
    return requirement.split("[")[0].split(">")[0].split("<")[0].split("=")[0].strip().lower()


def test_the_bill_of_materials_equals_the_lock_file(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    assert components.main(["sbom", str(file)]) == 0
    bill = json.loads(file.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["purl"]: part for part in bill["components"]}
    locked = {f"pkg:pypi/{name}@{version}": package for (name, version), package in components.locked().items()}
    packages = {purl for purl in parts if purl.startswith("pkg:pypi/")}
    assert packages <= set(locked)
    for purl in packages:
        hashes = {wheel["hash"] for wheel in locked[purl].get("wheels", ())}
        assert hashes <= {f"sha256:{one['content']}" for one in parts[purl]["hashes"]}, purl
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    names = {parts[purl]["name"] for purl in packages}
    assert {named(requirement) for requirement in project["project"]["dependencies"]} <= names
    assert names.isdisjoint({"djlint", "mypy", "pytest", "ruff"}), "tools of the developers are no part of it"
    assert {"kombu", "psycopg-binary", "fido2"} <= names, "what the packages and their extras need is"
    vendored = json.loads(components.VENDORED.read_text(encoding="utf-8"))
    assert {entry["package"] for entry in vendored} <= {part["name"] for part in bill["components"]}
    assert components.bill() == bill, "the same lock file gives the same bill"


def test_no_licence_of_a_part_binds_the_product() -> None:
    assert {part.name: part.licence for part in components.components() if part.is_refused} == {}


@pytest.mark.parametrize(
    ("licence", "refused"),
    [
        ("MIT", False),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GPL-2.0-or-later OR MPL-1.1", False),
        ("GPL-3.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-or-later", True),
        ("GNU Affero General Public License v3", True),
        ("MIT AND AGPL-3.0-only", True),
        ("SSPL-1.0", True),
        (components.UNKNOWN, True),
    ],
)
def test_copyleft_and_unknown_licences_are_refused(licence: str, refused: bool) -> None:
    assert Component("x", "1", licence, "pkg:pypi/x@1", ()).is_refused is refused


def test_known_weaknesses_are_found_without_a_network(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert components.main(["audit", str(ADVISORIES)]) == 1
    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines()[:-1]] == ["TEST-2026-1", "TEST-2026-6"]
    assert "(update to 99.1)" in said and "no fixed version is known" in said
    assert said.splitlines()[-1].startswith("5 advisories, ")
    single = json.loads(ADVISORIES.read_text())[1]
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "one.json").write_text(json.dumps(single))
    assert components.main(["audit", str(tmp_path)]) == 0
    assert components.main([]) == 2


@pytest.mark.parametrize(
    ("version", "concerns"),
    [("0.9", False), ("1.1", True), ("1.2", False), ("2.0", True), ("2.2", True), ("2.3", False)],
)
def test_ranges_are_read_as_they_are_meant(version: str, concerns: bool) -> None:
    affected = json.loads(ADVISORIES.read_text())[1]["affected"][0]
    assert components._concerns(affected, version) is concerns
