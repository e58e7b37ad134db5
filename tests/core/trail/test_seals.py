"""Seals made and attacked: by the application, and by a superuser who can do everything to the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from core.trail.models import Seal, SealedRows, SealedTable
from core.trail.queries.report import Report
from core.trail.queries.verifying import verify_trail
from core.trail.services.sealing import seal_trail
from tests.support import seals
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("SEAL-02")


def codes(report: Report) -> list[tuple[str, str, int | None]]:
    return [(problem.code, problem.table, problem.key) for problem in report.problems]


def test_what_is_sealed_verifies(plant: str) -> None:
    seals.write(3)
    first = seals.seal()
    assert first is not None and first.number == 1
    seals.write(2)
    seals.change_user("ada", "Ada", "Ada L.")
    second = seals.seal()
    assert second is not None and second.previous == first.head
    seals.write(4)
    report = verify_trail(outside_head=first.head)
    assert report.problems == []
    assert report.seals == 2
    assert report.rows == first.rows + second.rows
    assert report.head == second.head
    assert report.outside_number == 1
    assert report.unsealed >= 4


def test_nothing_new_makes_no_seal(plant: str) -> None:
    seals.write(1)
    assert seals.seal() is not None
    assert seals.seal() is None
    with seals.role("trueline_app"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")  # Ids move on; no row of the trail came with them.
    assert seals.seal() is None
    assert Seal.objects.count() == 1


def test_before_the_first_seal_nothing_is_claimed(plant: str) -> None:
    seals.write(1)
    report = verify_trail()
    assert report.is_good and report.rows == 0 and report.unsealed > 0
    assert "Nothing has been sealed yet" in report.summary()


@pytest.mark.parametrize("role", ["trueline_app", "trueline_sealer"])
def test_no_role_of_ours_changes_a_seal(plant: str, role: str) -> None:
    seals.write(1)
    seals.seal()
    with seals.role(role):
        for model in (Seal, SealedTable, SealedRows):
            table = model._meta.db_table
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                with pytest.raises(DatabaseError, match="permission denied|permanent"), connection.cursor() as cursor:
                    cursor.execute(statement)


def test_the_app_cannot_seal_and_the_sealer_cannot_write_the_trail(plant: str) -> None:
    seals.write(1)
    with pytest.raises(DatabaseError, match="permission denied"):
        seal_trail()
    insert = "INSERT INTO core_trail_trailevent (kind, text) VALUES ('x', 'y')"
    with seals.role("trueline_sealer"), pytest.raises(DatabaseError, match="permission denied"):
        connection.cursor().execute(insert)
    assert seals.seal() is not None


@pytest.mark.requirement("SEAL-03")
def test_an_edited_fact_is_named(plant: str, postgres: Cluster) -> None:
    keys = seals.write(3)
    seals.seal()
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_trailevent SET text = 'never' WHERE id = %s", [keys[1]])
    report = verify_trail()
    assert codes(report) == [("row_changed", "core_trail_trailevent", keys[1])]
    assert f"row {keys[1]} is not what was sealed as number 1" in report.problems[0].text


@pytest.mark.requirement("SEAL-03")
def test_an_edited_history_row_is_named(plant: str, postgres: Cluster) -> None:
    person = seals.change_user("grace", "Grace", "Grace H.")
    seals.seal()
    with seals.superuser(postgres, plant) as link:
        found = link.execute(
            "UPDATE core_organization_historicaluser SET full_name = 'Nobody' WHERE id = %s AND row_version = 2"
            " RETURNING history_id",
            [person],
        ).fetchone()
    assert found is not None
    assert codes(verify_trail()) == [("row_changed", "core_organization_historicaluser", found[0])]


@pytest.mark.requirement("SEAL-03")
def test_a_deleted_row_is_named(plant: str, postgres: Cluster) -> None:
    keys = seals.write(3)
    seals.seal()
    seals.write(2)
    seals.seal()
    with seals.superuser(postgres, plant) as link:
        link.execute("DELETE FROM core_trail_trailevent WHERE id = %s", [keys[2]])
    assert codes(verify_trail()) == [("row_missing", "core_trail_trailevent", keys[2])]


@pytest.mark.requirement("SEAL-03")
def test_rows_that_change_places_are_named(plant: str, postgres: Cluster) -> None:
    one, two = seals.write(2)
    seals.seal()
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_trailevent SET id = -1 WHERE id = %s", [one])
        link.execute("UPDATE core_trail_trailevent SET id = %s WHERE id = %s", [one, two])
        link.execute("UPDATE core_trail_trailevent SET id = %s WHERE id = -1", [two])
    assert codes(verify_trail()) == [
        ("row_changed", "core_trail_trailevent", one),
        ("row_changed", "core_trail_trailevent", two),
    ]


@pytest.mark.requirement("SEAL-03")
def test_a_row_put_in_behind_the_seal_is_named(plant: str, postgres: Cluster) -> None:
    key = seals.write(1)[0]
    sealed = seals.seal()
    assert sealed is not None
    with seals.superuser(postgres, plant) as link:
        for new in (key + 1000, -5):
            link.execute(
                "INSERT INTO core_trail_trailevent SELECT (jsonb_populate_record(e, jsonb_build_object('id', %s))).*"
                " FROM core_trail_trailevent e WHERE id = %s",
                [new, key],
            )
    found = {(code, row) for code, _table, row in codes(verify_trail())}
    assert found == {("row_added", key + 1000), ("row_added", -5)}


@pytest.mark.requirement("SEAL-03")
def test_edited_seals_break_the_chain(plant: str, postgres: Cluster) -> None:
    for _round in range(3):
        seals.write(1)
        seals.seal()
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2")
    assert [(p.code, p.seal) for p in verify_trail().problems] == [("chain_broken", 2)]
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_sealedrows SET entries = overlay(entries placing '\\x00'::bytea from 20)")
    found = {problem.code for problem in verify_trail().problems}
    assert found == {"chain_broken", "leaves_changed", "row_changed"}
    with seals.superuser(postgres, plant) as link:
        link.execute(
            "DELETE FROM core_trail_sealedrows WHERE part_id IN (SELECT id FROM core_trail_sealedtable"
            " WHERE seal_id = (SELECT id FROM core_trail_seal WHERE number = 2))"
        )
        link.execute(
            "DELETE FROM core_trail_sealedtable WHERE seal_id = (SELECT id FROM core_trail_seal WHERE number = 2)"
        )
        link.execute("DELETE FROM core_trail_seal WHERE number = 2")
    found = {problem.code for problem in verify_trail().problems}
    assert {"seal_missing", "chain_broken", "row_added"} <= found


@pytest.mark.requirement("SEAL-04")
def test_whoever_recomputes_everything_is_found_by_an_outside_head_only(plant: str, postgres: Cluster) -> None:
    keys = seals.write(3)
    kept_outside = seals.seal()
    assert kept_outside is not None
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_trailevent SET text = 'never' WHERE id = %s", [keys[0]])
        for table in ("core_trail_sealedrows", "core_trail_sealedtable", "core_trail_seal"):
            link.execute(f"DELETE FROM {table}")
    assert seals.seal() is not None
    inside = verify_trail()
    assert inside.is_good
    assert any("only against a head kept outside" in limit for limit in inside.limits())
    assert [problem.code for problem in verify_trail(outside_head=kept_outside.head).problems] == ["head_unknown"]


def test_a_later_column_leaves_old_seals_valid(plant: str, postgres: Cluster) -> None:
    seals.write(2)
    seals.seal()
    with postgres.connect(plant) as link:
        link.execute("ALTER TABLE core_trail_trailevent ADD COLUMN later text NOT NULL DEFAULT ''")
    seals.write(2)
    assert seals.seal() is not None
    assert verify_trail().problems == []
    with postgres.connect(plant) as link:
        link.execute("ALTER TABLE core_trail_trailevent RENAME COLUMN text TO words")
    report = verify_trail()
    assert codes(report) == [("columns_missing", "core_trail_trailevent", None)]
    assert "text" in report.problems[0].text


def test_a_reader_of_everything_needs_its_own_transaction(plant: str) -> None:
    with transaction.atomic(), pytest.raises(transaction.TransactionManagementError):
        verify_trail()
