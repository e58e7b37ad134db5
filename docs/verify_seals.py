"""Check an exported chain of seals, and the proof that one row was sealed, without Trueline.

    python verify_seals.py chain.jsonl [more.jsonl …] [--head HEAD] [--proof proof.json …]

chain.jsonl  what `manage.py export_seals` or the page "Seals of the trail" wrote; several files that follow one another
--head       a head that you kept yourself: from a sealed PDF, an e-mail, an earlier export; may be given several times
--proof      what "proof" in a record's timeline gave

Exit status 0: everything fits. 1: something does not, and it is said what. Needs Python 3.9 or newer and nothing else.
The rules are written down in docs/verify-seals.md; this file may be replaced by your own reading of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from typing import Any


def canonical(document: Any) -> bytes:
    """The one spelling of a JSON document that is hashed."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1."""
    if not leaves:
        return sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [sha256(b"\x01" + leaves[at] + leaves[at + 1]).digest() for at in range(0, len(leaves) - 1, 2)]
        leaves = pairs + ([leaves[-1]] if len(leaves) % 2 else [])
    return leaves[0]


def climbs_to(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    position, last, node = index, size - 1, leaf
    if not 0 <= index < size:
        return False
    for sibling in path:
        if last == 0:
            return False
        if position % 2 or position == last:
            node = sha256(b"\x01" + sibling + node).digest()
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            node = sha256(b"\x01" + node + sibling).digest()
        position, last = position // 2, last // 2
    return last == 0 and node == root


def head_of(seal: dict[str, Any]) -> str:
    """The head over a seal."""
    return sha256(b"\x02" + canonical(seal)).hexdigest()


def check_chain(files: list[str]) -> tuple[dict[int, str], list[str]]:
    """The heads of the chain by number, and what does not fit."""
    heads: dict[int, str] = {}
    wrong: list[str] = []
    before: tuple[int, str] | None = None
    for name in files:
        with open(name, encoding="utf-8") as lines:
            for line in lines:
                document = json.loads(line)
                seal, number = document["seal"], document["seal"]["number"]
                leaves = [sha256(b"\x00" + canonical(table)).digest() for table in document["tables"]]
                if root_of(leaves).hex() != seal["root"]:
                    wrong.append(f"seal {number}: its tables do not give its root")
                if sum(table["rows"] for table in document["tables"]) != seal["rows"]:
                    wrong.append(f"seal {number}: its tables do not give its number of rows")
                if head_of(seal) != document["head"]:
                    wrong.append(f"seal {number}: its head is not the hash of what it says")
                if before is not None and (number, seal["previous"]) != (before[0] + 1, before[1]):
                    wrong.append(f"seal {number}: does not follow seal {before[0]}")
                if number == 1 and seal["previous"] != "0" * 64:
                    wrong.append("seal 1: claims a seal before it")
                before = (number, document["head"])
                heads[number] = document["head"]
    return heads, wrong


def check_proof(proof: dict[str, Any], heads: dict[int, str]) -> list[str]:
    """What does not fit in the proof of one row."""
    row = f"{proof['table']} row {proof['key']}"
    if proof["text"] is None:
        return [f"{row}: is no longer in the database; its leaf hash alone proves nothing about what it said"]
    wrong = []
    leaf = sha256(b"\x00" + proof["text"].encode()).digest()
    path = [bytes.fromhex(node) for node in proof["path"]]
    statement = proof["statement"]
    if statement["table"] != proof["table"]:
        wrong.append(f"{row}: the proof is about another table")
    if not climbs_to(leaf, proof["index"], statement["rows"], path, bytes.fromhex(statement["root"])):
        wrong.append(f"{row}: its present text is not what was sealed")
    table = sha256(b"\x00" + canonical(statement)).digest()
    path = [bytes.fromhex(node) for node in proof["statement_path"]]
    root = bytes.fromhex(proof["seal"]["root"])
    if not climbs_to(table, proof["statement_index"], proof["statement_count"], path, root):
        wrong.append(f"{row}: its table is not in the seal")
    number = proof["seal"]["number"]
    if heads.get(number) != head_of(proof["seal"]):
        wrong.append(f"{row}: seal {number} is not in the chain that you gave")
    return wrong


def main() -> int:
    """Check and say."""
    parser = argparse.ArgumentParser(description="Checks exported seals and proofs.")
    parser.add_argument("chain", nargs="+")
    parser.add_argument("--head", action="append", default=[])
    parser.add_argument("--proof", action="append", default=[])
    asked = parser.parse_args()
    heads, wrong = check_chain(asked.chain)
    for head in asked.head:
        if head.strip().lower() not in heads.values():
            wrong.append(f"head {head}: is not in this chain; it was computed anew, or is from another time")
    for name in asked.proof:
        with open(name, encoding="utf-8") as file:
            wrong += check_proof(json.load(file), heads)
    said = list(wrong)
    if not wrong:
        said.append(f"{len(heads)} seals, {len(asked.head)} heads and {len(asked.proof)} proofs fit.")
        if not asked.head:
            said.append("No head of your own was given: that this chain was not computed anew is not shown.")
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
