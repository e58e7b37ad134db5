"""Disposal after retention: signed by a second person, exactly those rows, and the leaf hashes stay."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import User
from core.organization.services import system_user
from core.retention.models import Disposal
from core.retention.services import carry_out_disposal, propose_disposal
from core.trail.models import Seal, SealedRows, TrailEvent
from core.trail.queries.proving import proof_of, sealable_table
from core.trail.queries.verifying import verify_trail
from core.trail.services.enforcement import protect_all
from core.trail.services.watching import catalog_findings
from tests.support import samples, seals
from tests.support.people import make_site, make_user, proof
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("SEAL-10")

TABLE = "core_trail_trailevent"
PROPOSE, APPROVE = "core_retention.add_disposal", "core_retention.approve_disposal"


def people() -> tuple[User, User]:
    """Who proposes and who approves."""
    site = make_site()
    return make_user("quinn", site=site, permissions=(PROPOSE, APPROVE)), make_user(
        "head", site=site, permissions=(APPROVE,)
    )


def proposed(proposer: User) -> Disposal:
    return propose_disposal(table=TABLE, before=now(), basis="Kept for two years.", actor=proposer)


def approved(proposer: User, head: User) -> Disposal:
    return perform(proposed(proposer), "approve", actor=head, signature=proof(head, "approved"))


def carry_out(disposal: Disposal) -> str:
    out = StringIO()
    with seals.role("trueline_owner"):
        call_command("dispose_records", str(disposal.pk), stdout=out)
    return out.getvalue()


def delete_as(role: str, key: int) -> None:
    with seals.role(role), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = %s", [key])


def test_signed_rows_are_gone_and_their_leaf_hashes_prove_it(plant: str, postgres: Cluster) -> None:
    proposer, head = people()
    old = seals.write(5)
    sealed = seals.seal()
    assert sealed is not None
    disposal = approved(proposer, head)
    later = seals.write(2)
    seals.seal()
    before = list(SealedRows.objects.order_by("pk").values_list("pk", "entries"))
    assert f"{disposal.rows} rows of {TABLE} deleted" in carry_out(disposal)
    disposal.refresh_from_db()
    assert disposal.status == "carried_out"
    assert not TrailEvent.objects.filter(pk__in=old).exists()
    assert TrailEvent.objects.filter(pk__in=later).count() == 2
    assert list(SealedRows.objects.order_by("pk").values_list("pk", "entries"))[: len(before)] == before
    report = verify_trail(outside_head=sealed.head)
    assert report.problems == [] and report.disposed == {disposal.pk: disposal.rows}
    assert any(f"on the signature of disposal {disposal.pk}" in limit for limit in report.limits())
    assert report.as_dict()["rows_disposed_of"] == {str(disposal.pk): disposal.rows}
    table = sealable_table(TABLE)
    assert table is not None
    kept = proof_of(table, old[0])
    assert kept is not None and kept["text"] is None and len(kept["leaf"]) == 64
    seals.write(1)
    assert seals.seal() is not None and verify_trail().problems == []
    with seals.superuser(postgres, plant) as link:
        link.execute(f"DELETE FROM {TABLE} WHERE id = %s", [later[0]])
    assert [(found.code, found.key) for found in verify_trail().problems] == [("row_missing", later[0])]


def test_only_the_owner_deletes_and_only_while_a_signed_disposal_names_the_row(plant: str) -> None:
    proposer, head = people()
    (key,) = seals.write(1)
    seals.seal()
    disposal = proposed(proposer)
    for role, error in (("trueline_owner", "permanent"), ("trueline_app", "permission denied")):
        with pytest.raises(DatabaseError, match=error):
            delete_as(role, key)
    with pytest.raises(CommandError, match="not approved by a signature"):
        carry_out(disposal)
    perform(disposal, "approve", actor=head, signature=proof(head, "approved"))
    (outside,) = seals.write(1)
    for role, row, error in (
        ("trueline_app", key, "permission denied"), ("trueline_sealer", key, "permission denied"),
        ("trueline_owner", outside, "permanent"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=error):
            delete_as(role, row)
    carry_out(disposal)
    with pytest.raises(CommandError, match="not approved by a signature"):
        carry_out(disposal)
    assert TrailEvent.objects.filter(pk=outside).exists()
    assert catalog_findings() == []


def test_who_proposes_does_not_approve_and_nothing_is_approved_unsigned(plant: str) -> None:
    proposer, head = people()
    seals.write(1)
    seals.seal()
    disposal = proposed(proposer)
    for actor, signature in ((proposer, proof(proposer, "approved")), (head, None)):
        with pytest.raises(Blocked):
            perform(disposal, "approve", actor=actor, signature=signature)
    with pytest.raises(Blocked):
        proposed(head)
    assert [found.status for found in Disposal.objects.all()] == ["proposed"]


def test_a_screen_cannot_say_that_rows_are_gone_which_are_here(plant: str) -> None:
    proposer, head = people()
    seals.write(1)
    seals.seal()
    disposal = approved(proposer, head)
    with pytest.raises(Blocked) as refused:
        perform(disposal, "carry_out", actor=system_user("screen"))
    assert refused.value.codes == ("rows_present",)
    assert f"dispose_records {disposal.pk}" in str(refused.value.blockers[0].remedy)
    assert Disposal.objects.get().status == "approved"


def test_what_is_not_sealed_or_not_as_sealed_or_gone_is_not_disposed_of(plant: str, postgres: Cluster) -> None:
    proposer, _head = people()
    with pytest.raises(Blocked) as refused:
        seals.write(1)
        proposed(proposer)
    assert refused.value.codes == ("not_as_sealed",)
    keys = seals.write(3)
    seals.seal()
    with seals.superuser(postgres, plant) as link:
        link.execute(f"UPDATE {TABLE} SET text = 'never' WHERE id = %s", [keys[0]])
    with pytest.raises(Blocked) as refused:
        proposed(proposer)
    assert str(keys[0]) in str(refused.value.blockers[0].message)
    with seals.superuser(postgres, plant) as link:
        link.execute(f"UPDATE {TABLE} SET text = 'seen 0' WHERE id = %s", [keys[0]])
        link.execute(f"DELETE FROM {TABLE} WHERE id = %s", [keys[1]])
    seals.seal()
    with pytest.raises(Blocked) as refused:
        proposed(proposer)
    assert str(keys[1]) in str(refused.value.blockers[0].message), "a row deleted before is no row to dispose of"
    assert not Disposal.objects.exists()


def test_history_of_what_exists_is_kept_with_it(plant: str) -> None:
    proposer, _head = people()
    seals.change_user("ada", "Ada L.")
    seals.seal()
    table = "core_organization_historicaluser"
    for name, code in (
        (table, "nothing_old"),
        ("core_signing_signature", "root_of_trust"),
        ("auth_user", "unknown_table"),
    ):
        with pytest.raises(Blocked) as refused:
            propose_disposal(table=name, before=now(), basis="Old.", actor=proposer)
        assert refused.value.codes == (code,)


def test_rows_that_others_refer_to_are_kept(plant: str) -> None:
    proposer, _head = people()
    with transaction.atomic(), acting(system_user("builder")):
        samples.saved(apps.get_model("mes_instructions.InstructionPicture"))
    seals.seal()
    with pytest.raises(Blocked) as refused:
        propose_disposal(table="core_files_attachment", before=now(), basis="Old.", actor=proposer)
    assert refused.value.codes == ("still_used",)
    assert "Rows of instruction pictures refer to them (1)" in str(refused.value.blockers[0].message)
    assert not Disposal.objects.exists()


def test_a_disposal_bent_by_a_superuser_excuses_nothing(plant: str, postgres: Cluster) -> None:
    proposer, head = people()
    (old,) = seals.write(1)
    seals.seal()
    disposal = approved(proposer, head)
    carry_out(disposal)
    (later,) = seals.write(1)
    seals.seal()
    with seals.superuser(postgres, plant) as link:
        link.execute(f"DELETE FROM {TABLE} WHERE id = %s", [later])
        link.execute("ALTER TABLE core_retention_disposal DISABLE TRIGGER USER")
        link.execute("UPDATE core_retention_disposal SET ranges = %s", [f"[[1, {later}]]"])
    named = {found.key for found in verify_trail().problems if found.code == "row_missing"}
    assert {old, later} <= named
    assert Seal.objects.exists()


def test_rows_that_changed_since_the_signature_stop_it(plant: str, postgres: Cluster) -> None:
    proposer, head = people()
    keys = seals.write(3)
    seals.seal()
    disposal = approved(proposer, head)
    with seals.superuser(postgres, plant) as link:
        link.execute(f"DELETE FROM {TABLE} WHERE id = %s", [keys[1]])
    with seals.role("trueline_owner"):
        protect_all()
    with pytest.raises(CommandError, match="Nothing was deleted"):
        carry_out(disposal)
    assert TrailEvent.objects.filter(pk__in=keys).count() == 2
    with seals.role("trueline_owner"), pytest.raises(Blocked):
        carry_out_disposal(disposal=disposal, actor=system_user("retention"))
    with transaction.atomic(), acting(head):
        assert Disposal.objects.get().status == "approved"
