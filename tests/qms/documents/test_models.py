"""What PostgreSQL itself keeps: at most one effective revision of a document."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("REC-06")
def test_the_constraint_is_deferred_and_covers_effective_revisions_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT condeferrable, condeferred, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = 'uq_documentrevision_effective'"
        )
        deferrable, deferred, definition = cursor.fetchone()
    assert deferrable
    assert deferred
    assert "EXCLUDE USING btree (document_id WITH =)" in definition
    assert "'effective'" in definition
