"""Does everything still say what it said when it was sealed? Names the row that does not, as far as it can be known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.trail.merkle import root_of
from core.trail.models import Seal, SealedRows, SealedTable
from core.trail.queries.report import Progress, Report
from core.trail.queries.sealed import (
    ENTRY_BYTES,
    GENESIS,
    KEY_BYTES,
    Columns,
    SealableTable,
    entry_sql,
    head_of,
    key_of,
    last_key_of,
    leaves_of,
    newest_seal,
    present_cluster,
    present_columns,
    quoted,
    read_entries,
    seal_statement,
    sealable_tables,
    sealed_entries,
    sealed_rows_between,
    split,
    table_leaf,
    table_statement,
    use_canonical_text,
    utc_text,
)
from core.trail.questions import DisposedRows, RowsDisposedOf

GROUP_BYTES = 16_384 * ENTRY_BYTES
KEYS_AT_ONCE = 1000
LEAST_KEY = -(2**63)


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees the database as of one moment and writes nothing; it has to be the outermost."""
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("a verification needs its own transaction")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        use_canonical_text()
        yield


def _silent(done: int, total: int, text: str) -> None:
    """No progress is told."""


def verify_trail(*, outside_head: str = "", progress: Progress = _silent) -> Report:
    """Compare every sealed row with its leaf hash, every leaf hash with its root, every root with the chain."""
    report = Report(started_at=now(), outside_head=outside_head.strip().lower())
    with one_moment():
        _Verification(report, progress).run()
    report.ended_at = now()
    return report


def present_leaves(table: SealableTable, columns: Columns, keys: list[int]) -> dict[int, bytes]:
    """The leaf hashes of these rows as they are now, over these columns; without those that are gone."""
    statement = (
        f"SELECT t.{quoted(table.key)}, {entry_sql(table, columns)} FROM public.{quoted(table.name)} t"
        f" WHERE t.{quoted(table.key)} = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys])
        return {key: bytes(entry)[KEY_BYTES:] for key, entry in cursor.fetchall()}


def differing_rows(table: SealableTable, keys: Sequence[int], ranges: Sequence[Sequence[int]]) -> list[int]:
    """Of these rows, in order of their keys: those that are not sealed, not what was sealed, or sealed and gone."""
    wrong = set(keys)
    use_canonical_text()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        for chunk, leaves in sealed_entries(table.name, keys[start : start + KEYS_AT_ONCE]):
            present = present_leaves(table, chunk.part.columns, list(leaves))
            wrong -= {key for key, leaf in leaves.items() if present.get(key) == leaf}
    known = set(keys)
    for first, last in ranges:
        wrong |= set(sealed_rows_between(table.name, first, last)) - known
    return sorted(wrong)


@dataclass
class _Run:
    """Stored entries that follow one another by key, hashed over the same columns."""

    columns: Columns
    entries: bytes = b""

    def add(self, more: bytes) -> None:
        """Take in further entries; concurrent transactions let the keys of two seals overlap."""
        overlaps = bool(self.entries) and key_of(more) <= last_key_of(self.entries)
        self.entries += more
        if overlaps:
            self.entries = b"".join(sorted(split(self.entries), key=lambda entry: key_of(bytes(entry))))

    def take_before(self, key: int) -> bytes:
        """Cut off and return the entries whose keys are smaller."""
        low, high = 0, len(self.entries) // ENTRY_BYTES
        while low < high:
            middle = (low + high) // 2
            if key_of(self.entries[middle * ENTRY_BYTES : middle * ENTRY_BYTES + KEY_BYTES]) < key:
                low = middle + 1
            else:
                high = middle
        cut = low * ENTRY_BYTES
        taken, self.entries = self.entries[:cut], self.entries[cut:]
        return taken


@dataclass
class _Verification:
    report: Report
    progress: Progress
    total: int = 0
    done: int = 0
    last: Seal | None = None
    tables: dict[str, SealableTable] = field(default_factory=dict)
    present: dict[str, list[list[str]]] = field(default_factory=dict)
    disposals: dict[str, list[DisposedRows]] = field(default_factory=dict)

    def run(self) -> None:
        self.last = newest_seal()
        self.tables = {table.name: table for table in sealable_tables()}
        self.present = present_columns()
        if self.last is not None:
            self.report.head, self.report.sealed_at = self.last.head, self.last.sealed_at
            self.report.unopened_epoch = present_cluster().identifier != self.last.system_identifier
        sealed = {row["table"] for row in SealedTable.objects.order_by().values("table").distinct()}
        self.total = sum(SealedTable.objects.order_by().values_list("rows", flat=True))
        self._check_chain()
        self._check_outside_head()
        for name in sorted(sealed | set(self.tables)):
            if name not in self.tables or name not in self.present:
                self.report.add("table_missing", _("The sealed table %s is not here.") % name, table=name)
            else:
                self._check_table(self.tables[name])

    # --- The chain ------------------------------------------------------------------------------------------------
    def _check_chain(self) -> None:
        previous, expected = GENESIS, 1
        for seal in Seal.objects.order_by("number").prefetch_related("tables").iterator(chunk_size=200):
            self.report.seals += 1
            if seal.number != expected:
                text = _("Seals %(first)d to %(last)d are missing.") % {"first": expected, "last": seal.number - 1}
                self.report.add("seal_missing", text, seal=seal.number)
            parts = sorted(seal.tables.all(), key=lambda part: part.table)
            statements = [table_statement(part.table, part.columns, part.rows, part.root) for part in parts]
            root = root_of(table_leaf(statement) for statement in statements).hex()
            if (
                seal.previous != previous
                or seal.root != root
                or seal.rows != sum(part.rows for part in parts)
                or seal.head != head_of(seal_statement(seal))
            ):
                text = _("Seal %(number)d does not follow from what it says and from the seal before it.")
                self.report.add("chain_broken", text % {"number": seal.number}, seal=seal.number)
            previous, expected = seal.head, seal.number + 1
            for part in parts:
                self._check_root(seal, part)

    def _check_root(self, seal: Seal, part: SealedTable) -> None:
        """The stored leaf hashes of a table against the root that the seal vouches for."""
        chunks = part.chunks.order_by("first_key", "id").values_list("entries", flat=True).iterator(chunk_size=8)
        root = root_of(leaf for entries in chunks for leaf in leaves_of(bytes(entries))).hex()
        if root != part.root:
            text = _("The leaf hashes of %(table)s in seal %(number)d were changed: its rows cannot be judged singly.")
            words = {"table": part.table, "number": seal.number}
            self.report.add("leaves_changed", text % words, table=part.table, seal=seal.number)

    def _check_outside_head(self) -> None:
        if not self.report.outside_head:
            return
        number = Seal.objects.filter(head=self.report.outside_head).values_list("number", flat=True).first()
        self.report.outside_number = number
        if number is None:
            self.report.add(
                "head_unknown",
                _(
                    "The head from outside is not in this chain: the seals were computed anew, or this database was"
                    " replaced by a copy from before that head."
                ),
            )

    # --- The rows of one table ------------------------------------------------------------------------------------
    def _check_table(self, table: SealableTable) -> None:
        present = {tuple(column) for column in self.present[table.name]}
        run: _Run | None = None
        below = LEAST_KEY
        chunks = SealedRows.objects.filter(table=table.name).select_related("part").order_by("first_key", "id")
        for chunk in chunks.iterator(chunk_size=8):
            columns = chunk.part.columns
            missing = [column[0] for column in columns if tuple(column) not in present]
            if missing:
                text = _("%(table)s has no longer the columns %(columns)s that were sealed: its rows cannot be judged.")
                names = ", ".join(missing)
                self.report.add("columns_missing", text % {"table": table.name, "columns": names}, table=table.name)
                return
            if run is not None and (run.columns != columns or len(run.entries) >= GROUP_BYTES):
                taken = run.take_before(chunk.first_key) if run.columns == columns else run.entries
                if taken:
                    below = self._compare(table, run.columns, taken, below)
                run = run if run.columns == columns else None
            run = run or _Run(columns)
            run.add(bytes(chunk.entries))
        if run is not None and run.entries:
            below = self._compare(table, run.columns, run.entries, below)
        self._look_behind(table, below)

    def _compare(self, table: SealableTable, columns: Columns, stored: bytes, below: int) -> int:
        """The rows between two keys against their entries; returns the upper key."""
        above = last_key_of(stored)
        key = f"t.{quoted(table.key)}"
        where = f"{key} > %s AND {key} <= %s"
        actual = b"".join(read_entries(table, columns, where, [below, above], size=1_000_000))
        if actual != stored:
            differing = set(split(actual)) ^ set(split(stored))
            keys = sorted(set(map(key_of, differing)))
            for start in range(0, len(keys), KEYS_AT_ONCE):
                self._judge(table, keys[start : start + KEYS_AT_ONCE])
        rows = len(stored) // ENTRY_BYTES
        self.report.rows += rows
        self.done += rows
        self.progress(self.done, self.total, table.label)
        return max(above, below)

    def _judge(self, table: SealableTable, keys: Sequence[int]) -> None:
        """Look at single rows: changed, gone, disposed of, not sealed yet, or added behind the seals."""
        unsealed = set(keys)
        gone: dict[int, Seal] = {}
        for chunk, leaves in sealed_entries(table.name, keys):
            seal = chunk.part.seal
            unsealed -= set(leaves)
            present = present_leaves(table, chunk.part.columns, list(leaves))
            for key, leaf in leaves.items():
                if key not in present:
                    if not self._is_disposed(table, key):
                        gone[key] = seal
                elif present[key] != leaf:
                    self._name(
                        "row_changed", table, key, seal,
                        _("%(table)s row %(key)d is not what was sealed as number %(number)d on %(at)s."),
                    )  # fmt: skip
        for key in sorted(gone):
            self._name(
                "row_missing", table, key, gone[key],
                _("%(table)s row %(key)d, sealed as number %(number)d on %(at)s, was deleted."),
            )  # fmt: skip
        if unsealed:
            self._account_for_unsealed(table, sorted(unsealed))

    def _is_disposed(self, table: SealableTable, key: int) -> bool:
        """Whether a signed disposal says that the row was deleted; then that is counted, and where."""
        if table.name not in self.disposals:
            self.disposals[table.name] = ask(RowsDisposedOf(table.name))
        for disposal in self.disposals[table.name]:
            if any(first <= key <= last for first, last in disposal.ranges):
                self.report.disposed[disposal.disposal] = self.report.disposed.get(disposal.disposal, 0) + 1
                return True
        return False

    def _name(self, code: str, table: SealableTable, key: int, seal: Seal, text: str) -> None:
        words = {"table": table.label, "key": key, "number": seal.number, "at": utc_text(seal.sealed_at)}
        self.report.add(code, text % words, table=table.name, key=key, seal=seal.number)

    # --- Rows in no seal ------------------------------------------------------------------------------------------
    def _account_for_unsealed(self, table: SealableTable, keys: list[int]) -> None:
        horizon = self._horizon()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {quoted(table.key)} FROM public.{quoted(table.name)}"
                f" WHERE {quoted(table.key)} = ANY(%s) AND {table.txid} < %s ORDER BY 1",
                [keys, horizon],
            )
            added = [key for (key,) in cursor.fetchall()]
        self.report.unsealed += len(keys) - len(added)
        self._added(table, added)

    def _look_behind(self, table: SealableTable, below: int) -> None:
        """Rows with larger keys than any that was sealed."""
        horizon = self._horizon()
        with connection.cursor() as cursor:
            name, key = quoted(table.name), quoted(table.key)
            cursor.execute(
                f"SELECT count(*) FROM public.{name} WHERE {key} > %s AND {table.txid} >= %s", [below, horizon]
            )
            self.report.unsealed += cursor.fetchone()[0]
            cursor.execute(
                f"SELECT {key} FROM public.{name} WHERE {key} > %s AND {table.txid} < %s ORDER BY 1 LIMIT %s",
                [below, horizon, KEYS_AT_ONCE],
            )
            added = [found for (found,) in cursor.fetchall()]
        self._added(table, added)

    def _horizon(self) -> int:
        """The transaction id below which every row has to be sealed; 0 where that cannot be known."""
        return 0 if self.last is None or self.report.unopened_epoch else self.last.tx_to

    def _added(self, table: SealableTable, keys: list[int]) -> None:
        for key in keys:
            text = _("%(table)s row %(key)d claims a time before the last seal but is in no seal: it was put in later.")
            self.report.add("row_added", text % {"table": table.label, "key": key}, table=table.name, key=key)
