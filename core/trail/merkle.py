"""Hash trees of RFC 6962 / RFC 9162 §2.1: root, inclusion proof and its check. SHA-256, standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in one pass and with as many hashes in memory as the tree is high."""
    perfect: list[tuple[int, bytes]] = []  # Perfect subtrees from the left, each with its height.
    for node in leaves:
        height = 0
        while perfect and perfect[-1][0] == height:
            node = sha256(b"\x01" + perfect.pop()[1] + node).digest()
            height += 1
        perfect.append((height, node))
    if not perfect:
        return sha256(b"").digest()
    root = perfect.pop()[1]
    while perfect:
        root = node_hash(perfect.pop()[1], root)
    return root


def inclusion_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes by which leaf `index` leads to the root, lowest first; `IndexError` when there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        split = low + (1 << (high - low - 1).bit_length() - 1)
        if index < split:
            path.append(root_of(leaves[split:high]))
            high = split
        else:
            path.append(root_of(leaves[low:split]))
            low = split
    return path[::-1]


def leads_to_root(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path shows that `leaf` is number `index` of the `size` leaves under `root` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and node == root
