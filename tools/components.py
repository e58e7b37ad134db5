"""What the product is made of: its bill of materials, its licences, and which known weaknesses concern it.

Usage: ``python -m tools.components sbom [FILE]`` writes CycloneDX JSON (default: var/sbom.json),
``python -m tools.components audit ADVISORIES`` compares the lock file with an export of advisories in OSV's form (a
JSON file or a directory of them) and fails when one concerns what runs here. Neither uses a network.
"""

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "uv.lock"
VENDORED = ROOT / "static" / "vendor" / "manifest.json"
OURS = "trueline"
UNKNOWN = "unknown"
ELSEWHERE = {
    "async-timeout": "Apache-2.0", "brotlicffi": "MIT", "colorama": "BSD-3-Clause", "tzdata": "Apache-2.0",
    "python-ldap": "python-ldap (Python Software Foundation's) AND MIT", "pyasn1": "BSD-2-Clause",
    "pyasn1-modules": "BSD-2-Clause",
}  # fmt: skip
"""Licences of packages that other systems or interpreters, or an extra, need and that are not installed here."""
REFUSED = re.compile(r"\bA?GPL|Affero|GNU General Public|SSPL|Commons Clause|BUSL", re.IGNORECASE)


@dataclass(frozen=True)
class Component:
    """One thing of others that is part of the running product."""

    name: str
    version: str
    licence: str
    purl: str
    hashes: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        """Whether its licence would bind whoever runs or extends the product; unknown licences are refused too."""
        choices = [part for part in re.split(r"\bOR\b", self.licence) if part.strip()]
        return self.licence == UNKNOWN or all(REFUSED.search(choice) for choice in choices)


def locked(lock: Path = LOCK) -> dict[tuple[str, str], dict[str, Any]]:
    """Every package of the lock file by name and version."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {(package["name"], package.get("version", "")): package for package in packages}


def runtime(lock: Path = LOCK) -> list[dict[str, Any]]:
    """What the product needs to run, with all that this needs, its extras and every platform; no development groups."""
    packages = locked(lock)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    seen: set[tuple[str, str, str]] = set()
    (root,) = [package for (name, _), package in packages.items() if name == OURS]
    needed = [*root["dependencies"], *(need for extra in root["optional-dependencies"].values() for need in extra)]
    waiting = [(need, extra) for need in needed for extra in ("", *need.get("extra", ()))]
    while waiting:
        need, extra = waiting.pop()
        for (name, version), package in packages.items():
            if name != need["name"] or version != need.get("version", version) or (name, version, extra) in seen:
                continue
            seen.add((name, version, extra))
            found[name, version] = package
            further = (
                package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
            )
            waiting += [(more, one) for more in further for one in ("", *more.get("extra", ()))]
    return [found[key] for key in sorted(found)]


def licence_of(name: str) -> str:
    """The licence that a package says of itself: an expression, else its classifiers, else its text's first line."""
    try:
        said = metadata.distribution(name).metadata
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name, UNKNOWN)
    if "License-Expression" in said:
        return said["License-Expression"]
    classified = [
        line.rpartition("::")[2].strip()
        for line in said.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classified:
        return " AND ".join(sorted(classified)) if len(classified) == 1 else " OR ".join(sorted(classified))
    text = said["License"].strip() if "License" in said else ""
    return text.splitlines()[0][:100] if text else ELSEWHERE.get(name, UNKNOWN)


def components(lock: Path = LOCK) -> list[Component]:
    """Packages of Python and vendored files of the browser."""
    found = [
        Component(
            package["name"],
            package["version"],
            licence_of(package["name"]),
            f"pkg:pypi/{package['name']}@{package['version']}",
            tuple(sorted({wheel["hash"] for wheel in package.get("wheels", ())} | _source(package))),
        )
        for package in runtime(lock)
    ]
    vendored: dict[tuple[str, str], Component] = {}
    for file in json.loads(VENDORED.read_text(encoding="utf-8")):
        name, version = file["package"], file["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        vendored[name, version] = Component(name, version, file["licence"], purl, ())
    return [*found, *(vendored[key] for key in sorted(vendored))]


def _source(package: dict[str, Any]) -> set[str]:
    return {package["sdist"]["hash"]} if "sdist" in package else set()


def bill(lock: Path = LOCK) -> dict[str, Any]:
    """The bill of materials in CycloneDX' form; the same lock file gives the same bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = components(lock)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([(part.purl, part.licence, part.hashes) for part in parts]))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": OURS, "name": OURS, "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": part.purl,
                "name": part.name,
                "version": part.version,
                "purl": part.purl,
                "licenses": [{"license": {"name": part.licence}}],
                **({"hashes": [{"alg": "SHA-256", "content": one.partition(":")[2]} for one in part.hashes]}
                   if part.hashes else {}),
            }
            for part in parts
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Weakness:
    """A published weakness that concerns a locked version."""

    advisory: str
    name: str
    version: str
    summary: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        remedy = (
            f"update to {' or '.join(self.fixed_in)}"
            if self.fixed_in
            else "no fixed version is known: look for a workaround"
        )
        return f"{self.advisory}: {self.name} {self.version}: {self.summary} ({remedy})"


def advisories(place: Path) -> Iterator[dict[str, Any]]:
    """The advisories of a file (one, or a list) or of every JSON file below a directory, less withdrawn ones."""
    files = sorted(place.rglob("*.json")) if place.is_dir() else [place]
    for file in files:
        content = json.loads(file.read_text(encoding="utf-8"))
        for advisory in content if isinstance(content, list) else [content]:
            if "withdrawn" not in advisory:
                yield advisory


def weaknesses(place: Path, lock: Path = LOCK) -> list[Weakness]:
    """Those that concern what the product needs to run."""
    versions: dict[str, list[str]] = {}
    for package in runtime(lock):
        versions.setdefault(package["name"], []).append(package["version"])
    found = []
    for advisory in advisories(place):
        for affected in advisory.get("affected", ()):
            package = affected.get("package", {})
            name = re.sub(r"[-_.]+", "-", str(package.get("name", ""))).lower()
            if package.get("ecosystem") != "PyPI":
                continue
            for version in versions.get(name, ()):
                if _concerns(affected, version):
                    found.append(
                        Weakness(advisory["id"], name, version, advisory.get("summary", ""), _fixed(affected, version))
                    )
    return sorted(set(found), key=lambda weakness: (weakness.name, weakness.advisory))


def _events(affected: dict[str, Any]) -> Iterator[list[dict[str, str]]]:
    return (one["events"] for one in affected.get("ranges", ()) if one.get("type") in ("ECOSYSTEM", "SEMVER"))


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _concerns(affected: dict[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    here = Version(version)
    for events in _events(affected):
        inside = False
        for event in events:
            ((kind, text),) = event.items()
            at = _version(text)
            if at is None:
                return True  # A version that cannot be compared is looked at by a person.
            if kind == "introduced" and here >= at:
                inside = True
            elif (kind == "fixed" and here >= at) or (kind == "last_affected" and here > at):
                inside = False
        if inside:
            return True
    return False


def _fixed(affected: dict[str, Any], version: str) -> tuple[str, ...]:
    named = [event["fixed"] for events in _events(affected) for event in events if "fixed" in event]
    return tuple(text for text in named if (at := _version(text)) is not None and at > Version(version))


def main(arguments: list[str]) -> int:
    """Write the bill, or report the weaknesses."""
    match arguments:
        case ["sbom", *place] if len(place) <= 1:
            file = Path(place[0]) if place else ROOT / "var" / "sbom.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            content = bill()
            file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            print(f"{len(content['components'])} components: {file}")
            return 0
        case ["audit", place] if place:
            found = weaknesses(Path(place))
            for weakness in found:
                print(weakness)
            known = sum(1 for _ in advisories(Path(place)))
            print(f"{known} advisories, {len(runtime())} packages, {len(found)} weaknesses.")
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
