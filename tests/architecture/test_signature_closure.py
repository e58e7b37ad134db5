"""A signature fits exactly what its model says: every covered column, child and file counts, nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from pytest_django.plugin import DjangoDbBlocker

from core.files.models import Attachment
from core.kernel.checks import signatures_cover_what_they_should
from core.kernel.clock import now
from core.kernel.closure import Closure, is_machinery, unclassified
from core.signing.models import Signature
from core.signing.queries import SCHEME, digest_of, is_intact
from tests.settings import TEST_DATABASE
from tests.support import closures, database
from tests.support.closures import Row, closure_of, insert_tree, signable
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("REC-09", "SIG-01")


@pytest.fixture(scope="module")
def bare(postgres: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """`connection` leads, as a superuser, to a database without rules on the tables of signable models."""
    name = f"{TEST_DATABASE}_bare"
    before = dict(connection.settings_dict)
    with database.clone(postgres, name), django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(NAME=name, USER="postgres")
        try:
            closures.without_rules()
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def signed(root: Row) -> Signature:
    """A signature on the row as it is, not stored: only its digest is asked."""
    return Signature(
        subject_type=ContentType.objects.get_for_model(root.model), subject_id=root.key, scheme=SCHEME,
        digest=digest_of(root.model(pk=root.key)), signed_at=now(),
    )  # fmt: skip


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        assert cursor.rowcount == 1, statement


def change(row: Row, column: models.Field[Any, Any], value: Any) -> None:
    execute(f'UPDATE "{row.model._meta.db_table}" SET "{column.column}" = %s WHERE id = %s', value, row.key)


def present_value(row: Row, column: models.Field[Any, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column.column}" FROM "{row.model._meta.db_table}" WHERE id = %s', [row.key])
        return cursor.fetchone()[0]


class Judge:
    """Tries changes of the rows under one signature and collects where the answer was wrong."""

    def __init__(self, root: Row) -> None:
        self.signature = signed(root)
        self.wrong: list[str] = []
        self.tried = 0
        assert is_intact(self.signature)

    def expect(self, counts: bool, what: str, deed: Callable[[], object]) -> None:
        with undone():
            deed()
            self.tried += 1
            if is_intact(self.signature) is counts:
                self.wrong.append(f"{what}: {'the signature still fits' if counts else 'the signature broke'}")

    def try_row(self, row: Row) -> None:
        label = row.model._meta.label
        covered = closure_of(row.model).fields
        for column in row.model._meta.concrete_fields:
            if column.primary_key:
                continue
            counts = column.name in covered or column == row.parent
            other = closures.another_value(column, present_value(row, column))
            self.expect(counts, f"{label}.{column.name}", partial(change, row, column, other))
            if column.null:
                self.expect(counts, f"{label}.{column.name} emptied", partial(change, row, column, None))
            if column.name in covered and column.related_model is Attachment:
                file = Row(Attachment, present_value(row, column))
                self.try_file(file, f"{label}.{column.name}")
        if row.parent is not None:
            table, above = row.model._meta.db_table, present_value(row, row.parent)
            self.expect(True, f"{label} gone", lambda: execute(f'DELETE FROM "{table}" WHERE id = %s', row.key))
            self.expect(True, f"one more {label}", lambda: insert_tree(row.model, row.parent, above))
        attached = closure_of(row.model).attachments
        self.expect(attached, f"{label}: a file attached", lambda: closures.attachment(row.model, row.key))
        if attached:
            kind = ContentType.objects.get_for_model(row.model)
            for key in Attachment.objects.filter(subject_type=kind, subject_id=row.key).values_list("pk", flat=True):
                self.try_file(Row(Attachment, key), f"{label}: the attached file")

    def try_file(self, file: Row, what: str) -> None:
        columns: dict[str, Any] = {column.name: column for column in Attachment._meta.concrete_fields}
        self.expect(True, f"{what}: other bytes", lambda: change(file, columns["sha256"], "f" * 64))
        self.expect(False, f"{what}: another caption", lambda: change(file, columns["caption"], "changed"))

    def verdict(self) -> None:
        assert is_intact(self.signature), "what was tried was undone"
        assert self.tried and self.wrong == []


@pytest.mark.parametrize("model", signable(), ids=lambda model: model._meta.label)
def test_every_covered_column_child_and_file_counts_and_nothing_else(model: type[models.Model], bare: None) -> None:
    with undone():
        rows = insert_tree(model)
        judge = Judge(rows[0])
        for row in rows:
            judge.try_row(row)
        judge.verdict()


EXTENDED = {"qms_documents.DocumentRevision": {"mes_instructions.WorkInstruction"}}
"""Which models of upper apps a signature takes along; all others that refer to a signed record leave it valid."""


@pytest.mark.parametrize(
    "model", [model for model in signable() if any(closures.relations_to(model))], ids=lambda model: model._meta.label
)
def test_what_upper_apps_add_counts_where_they_say_so(model: type[models.Model], bare: None) -> None:
    extended = EXTENDED.get(model._meta.label, set())
    for other, column in closures.relations_to(model):
        is_added = other._meta.label in extended
        with undone():
            root = insert_tree(model)[0]
            before = signed(root)
            rows = insert_tree(other, column, root.key)
            assert is_intact(before) is not is_added, f"{other._meta.label}.{column.name}"
            if is_added:
                judge = Judge(root)
                for row in rows:
                    judge.try_row(row)
                judge.verdict()


@pytest.mark.requirement("SIG-02")
def test_every_column_of_the_product_is_classified() -> None:
    assert signatures_cover_what_they_should(None) == []
    assert {model._meta.label: unclassified(model) for model in signable() if unclassified(model)} == {}


@pytest.mark.requirement("SIG-02")
@isolate_apps("core.signing")
def test_what_nobody_classified_stops_the_start() -> None:
    class Sheet(models.Model):
        closure: ClassVar = Closure(
            covers=("title", "gone"), children=("lines",), ignores={"note": "", "title": "listed twice"}
        )
        title = models.TextField()
        note = models.TextField()
        added = models.TextField()

        class Meta:
            app_label = "core_signing"

    class Line(models.Model):
        closure: ClassVar = Closure(covers=("text",))
        sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="lines")
        text = models.TextField()

        class Meta:
            app_label = "core_signing"

    class Remark(models.Model):
        sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="remarks")

        class Meta:
            app_label = "core_signing"

    assert unclassified(Sheet) == [
        "the column added is neither covered nor ignored with a reason",
        "the table behind remarks is neither a child nor ignored with a reason",
        "there is no gone",
        "title is listed twice",
        "note is ignored without a reason",
    ]
    assert unclassified(Line) == []


def test_only_the_columns_of_the_trail_itself_need_no_word() -> None:
    assert all(map(is_machinery, ("id", "row_version", "actor", "stamped_at", "stamped_txid")))
    assert not any(map(is_machinery, ("status", "number", "actor_name", "created_by")))
