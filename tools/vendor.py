"""Fetch the third-party browser files into static/vendor/ and write manifest.json.

Run by a maintainer when a version changes, never at installation: the result is committed.
Each npm package is fetched with `npm pack` and refused unless its sha512 equals the one pinned here.
The manifest records, per file, where it came from, its licence and its sha384 (the form that a browser's
`integrity` attribute and the bill of materials use). `python -m tools.vendor --check` compares the committed
files with the manifest and needs no network.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tools.vendor_icons import ICONS

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"


@dataclass(frozen=True)
class Package:
    """One npm package: its pinned version and digest, its licence, and which of its files are taken.

    `licence_file` is the licence's name inside the package; empty where it ships none and TABLER_MIT,
    the text of its repository with the copyright lines of its own banner, stands for it.
    """

    name: str
    version: str
    integrity: str
    licence: str
    licence_file: str
    files: tuple[tuple[str, str], ...] = ()


PACKAGES = (
    Package(
        "@tabler/core",
        "1.6.1",
        "sha512-lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04QUuW3pqDsIg==",
        "MIT",
        "",
        (("dist/css/tabler.min.css", "tabler.min.css"),),
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        "0BSD",
        "LICENSE",
        (("dist/htmx.min.js", "htmx.min.js"),),
    ),
    Package(
        "@tabler/icons",
        "3.51.0",
        "sha512-0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8xsBr+zKaRGdA/g==",
        "MIT",
        "LICENSE",
    ),
    # The typeface of printed records, embedded in every PDF so that it looks alike on every machine. WOFF, because
    # unpacking WOFF 2 costs half a second of CPU per print.
    Package(
        "@ibm/plex-sans",
        "1.1.0",
        "sha512-WPgvO6Yfj2w5YbhyAr1tv95RUz4LRJlqN+CmYvBglabXteufP1D1E9BABMde+ZIKdRbFJDoKF5eQzfhpnbgZcQ==",
        "OFL-1.1",
        "LICENSE.txt",
        (
            ("fonts/complete/woff/IBMPlexSans-Regular.woff", "plex-sans-regular.woff"),
            ("fonts/complete/woff/IBMPlexSans-Italic.woff", "plex-sans-italic.woff"),
            ("fonts/complete/woff/IBMPlexSans-SemiBold.woff", "plex-sans-semibold.woff"),
            ("fonts/complete/woff/IBMPlexSans-Bold.woff", "plex-sans-bold.woff"),
        ),
    ),
    Package(
        "@ibm/plex-mono",
        "2.5.0",
        "sha512-STBJIPxPomOYPmBMO7z5TKPJUotAF9u3gAUumTqVgwgrAO+K4FRNh0MlhsoJjKhJKsMbBJR10/bk4inkj/wc1w==",
        "OFL-1.1",
        "LICENSE.txt",
        (
            ("fonts/complete/woff/IBMPlexMono-Regular.woff", "plex-mono-regular.woff"),
            ("fonts/complete/woff/IBMPlexMono-SemiBold.woff", "plex-mono-semibold.woff"),
        ),
    ),
)

TABLER_MIT = """MIT License

Copyright 2018-2026 The Tabler Authors
Copyright 2018-2026 codecalm.net Paweł Kuna

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

_SOURCE_MAP = re.compile(rb"\n?/[*/]# sourceMappingURL=[^\n*]*(?:\*/)?\n?")
_SVG = "{http://www.w3.org/2000/svg}"


def main() -> int:
    """Fetch everything anew, or with --check only compare what is committed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the committed files with the manifest")
    if parser.parse_args().check:
        problems = check()
        print("\n".join(problems) or "static/vendor/ equals its manifest")
        return 1 if problems else 0
    fetch_all()
    return 0


def fetch_all() -> None:
    """Fetch every package, take its files, write the icon sprite and the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            archive = fetch(package, Path(scratch))
            licence = f"LICENSE.{package.name.strip('@').replace('/', '-')}.txt"
            with tarfile.open(archive) as tar:
                text = _member(tar, package.licence_file) if package.licence_file else TABLER_MIT.encode()
                _write(VENDOR / licence, text)
                for source, target in package.files:
                    content = _member(tar, source)
                    if target.endswith((".css", ".js")):
                        content = _SOURCE_MAP.sub(b"\n", content)
                    _write(VENDOR / target, content)
                    entries.append(_entry(package, target, source, licence))
                if package.name == "@tabler/icons":
                    _write(VENDOR / "icons.svg", sprite(tar))
                    entries.append(_entry(package, "icons.svg", "icons/outline/*.svg (selection)", licence))
    MANIFEST.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    print(f"{len(entries)} files written to {VENDOR}")


def fetch(package: Package, scratch: Path) -> Path:
    """Fetch one package with npm and refuse it unless its digest is the pinned one."""
    spec = f"{package.name}@{package.version}"
    listing = subprocess.run(
        ["npm", "pack", spec, "--json", "--pack-destination", str(scratch)],
        check=True,
        stdout=subprocess.PIPE,
        cwd=scratch,
    ).stdout
    archive: Path = scratch / json.loads(listing)[0]["filename"]
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise SystemExit(f"{spec}: sha512 is {digest}, pinned is {package.integrity}")
    return archive


def sprite(tar: tarfile.TarFile) -> bytes:
    """Return one SVG file holding every icon of ICONS as a symbol."""
    symbols = []
    for name, source in sorted(ICONS.items()):
        root = ElementTree.fromstring(_member(tar, f"icons/outline/{source}.svg"))
        shapes = []
        for shape in root:
            shape.tag = shape.tag.removeprefix(_SVG)
            attributes = " ".join(f'{key}="{value}"' for key, value in shape.attrib.items())
            shapes.append(f"<{shape.tag} {attributes}/>")
        body = "".join(shapes)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def check() -> list[str]:
    """Return what differs between static/vendor/ and its manifest; an empty list means nothing."""
    listed = json.loads(MANIFEST.read_text(encoding="utf-8"))
    problems = [
        f"{entry['file']}: differs from the manifest"
        for entry in listed
        if sha384(VENDOR / entry["file"]) != entry["sha384"]
    ]
    known = {entry[key] for entry in listed for key in ("file", "licence_file")} | {MANIFEST.name}
    problems += [f"{path.name}: not in the manifest" for path in VENDOR.iterdir() if path.name not in known]
    return problems


def sha384(path: Path) -> str:
    """Return a file's digest in the form of a browser's integrity attribute."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def _entry(package: Package, target: str, source: str, licence: str) -> dict[str, str]:
    return {
        "file": target,
        "package": package.name,
        "version": package.version,
        "source": source,
        "package_integrity": package.integrity,
        "licence": package.licence,
        "licence_file": licence,
        "sha384": sha384(VENDOR / target),
    }


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(f"package/{name}")
    if member is None:
        raise SystemExit(f"{name}: not a file in {tar.name!r}")
    return member.read()


def _write(path: Path, content: bytes) -> None:
    # Text ends with one line break; anything else stays as it is, byte for byte.
    path.write_bytes(content if path.suffix == ".woff" else content.rstrip() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
