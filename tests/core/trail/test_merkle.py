"""The hash tree against the published known answers, and against a second, naive reading of the RFC."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from core.trail.merkle import inclusion_path, leads_to_root, leaf_hash, root_of

KNOWN: dict[str, Any] = json.loads((Path(__file__).parent / "rfc6962.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN["leaves"]]

pytestmark = pytest.mark.requirement("SEAL-01")


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def test_published_roots() -> None:
    assert root_of([]).hex() == KNOWN["empty_root"]
    assert [root_of(LEAVES[:size]).hex() for size in range(1, 9)] == KNOWN["roots"]


@pytest.mark.parametrize("case", KNOWN["paths"], ids=lambda case: f"{case['index']}-of-{case['size']}")
def test_published_paths(case: dict[str, Any]) -> None:
    index, size = case["index"], case["size"]
    path = inclusion_path(index, LEAVES[:size])
    assert [node.hex() for node in path] == case["path"]
    assert leads_to_root(LEAVES[index], index, size, path, bytes.fromhex(KNOWN["roots"][size - 1]))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 64, 65, 777])
def test_every_leaf_has_its_path_and_no_other_leaf_fits(size: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    root = root_of(leaves)
    assert root == naive_root(leaves)
    for index in range(0, size, max(1, size // 40)):
        path = inclusion_path(index, leaves)
        assert leads_to_root(leaves[index], index, size, path, root)
        assert not leads_to_root(leaf_hash(b"other"), index, size, path, root)
        assert not leads_to_root(leaves[index], index, size, [*path, root], root)
        if path:
            assert not leads_to_root(leaves[index], index, size, path[:-1], root)
            assert not leads_to_root(leaves[index], (index + 1) % size, size, path, root)


def test_a_leaf_outside_the_tree_has_no_path() -> None:
    with pytest.raises(IndexError):
        inclusion_path(8, LEAVES)
    assert not leads_to_root(LEAVES[0], 8, 8, [], LEAVES[0])
