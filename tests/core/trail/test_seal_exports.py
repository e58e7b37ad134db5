"""Heads and proofs leave the system, and are checked with a script that knows nothing of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from config.apps import BASE_DIR
from core.organization.services import system_user
from core.trail.models import TrailEvent
from core.trail.queries.proving import proof_of, sealable_table
from core.trail.services.exporting import export_new_seals
from qms.training.services import create_curriculum
from tests.support import people, seals
from tests.support.visits import visit_as
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("SEAL-07")


def outside(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The auditor's script, in an empty environment and without our packages."""
    script = BASE_DIR / "docs/verify_seals.py"
    return subprocess.run(
        [sys.executable, "-I", "-S", script, *map(str, arguments)], env={}, capture_output=True, text=True, check=False
    )


def a_chain(tmp_path: Path) -> tuple[Path, list[int], list[str]]:
    """Two seals exported, the keys of events in the first, the heads."""
    keys = seals.write(5)
    first = seals.seal()
    seals.write(2)
    second = seals.seal()
    assert first is not None and second is not None
    chain = tmp_path / "chain.jsonl"
    call_command("export_seals", str(chain), stdout=StringIO())
    return chain, keys, [first.head, second.head]


@pytest.mark.requirement("SEAL-08")
def test_an_auditor_checks_chain_head_and_proof_without_us(plant: str, tmp_path: Path) -> None:
    chain, keys, heads = a_chain(tmp_path)
    table = sealable_table("core_trail_trailevent")
    assert table is not None
    files: list[str | Path] = []
    for key in keys:
        file = tmp_path / f"{key}.json"
        file.write_text(json.dumps(proof_of(table, key)))
        files += ["--proof", file]
    done = outside(chain, "--head", heads[0], "--head", heads[1], *files)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 seals, 2 heads and 5 proofs fit." in done.stdout


@pytest.mark.requirement("SEAL-08")
def test_the_auditors_script_finds_what_was_changed(plant: str, postgres: Cluster, tmp_path: Path) -> None:
    chain, keys, heads = a_chain(tmp_path)
    with seals.superuser(postgres, plant) as link:
        link.execute("UPDATE core_trail_trailevent SET text = 'never' WHERE id = %s", [keys[0]])
    table = sealable_table("core_trail_trailevent")
    assert table is not None
    edited = tmp_path / "proof.json"
    edited.write_text(json.dumps(proof_of(table, keys[0])))
    done = outside(chain, "--head", heads[1], "--proof", edited)
    assert done.returncode == 1 and "its present text is not what was sealed" in done.stdout
    assert outside(chain, "--head", "ab" * 32).returncode == 1
    lines = [json.loads(line) for line in chain.read_text().splitlines()]
    for number, (part, name, value) in enumerate(
        [("seal", "rows", 1), ("seal", "sealed_at", "2001-01-01"), ("tables", "rows", 99)]
    ):
        changed: list[Any] = json.loads(json.dumps(lines))
        place = changed[0][part] if part == "seal" else changed[0][part][0]
        place[name] = value
        forged = tmp_path / f"forged{number}.jsonl"
        forged.write_text("\n".join(map(json.dumps, changed)) + "\n")
        assert outside(forged).returncode == 1
    without = tmp_path / "without.jsonl"
    without.write_text(json.dumps(lines[1]) + "\n")
    assert outside(without, "--proof", edited).returncode == 1


def test_an_export_is_never_written_again(plant: str, tmp_path: Path) -> None:
    chain, _keys, _heads = a_chain(tmp_path)
    before = chain.read_bytes()
    with pytest.raises(CommandError, match="not written again"):
        call_command("export_seals", str(chain))
    assert chain.read_bytes() == before
    assert chain.stat().st_mode & 0o777 == 0o440


def test_the_daily_export_continues_and_is_mailed(plant: str, tmp_path: Path, settings: Any) -> None:
    settings.TRUELINE_SEAL_EMAIL = ["quality@example.com"]
    directory, actor = tmp_path / "worm", system_user("trail")
    assert export_new_seals(directory=directory, actor=actor) is None
    seals.write(1)
    first = seals.seal()
    assert first is not None
    written = export_new_seals(directory=directory, actor=actor)
    assert written is not None and written.name == "seals_000000001-000000001.jsonl"
    assert export_new_seals(directory=directory, actor=actor) is None
    assert first.head in mail.outbox[0].subject and mail.outbox[0].to == ["quality@example.com"]
    seals.seal()
    second = export_new_seals(directory=directory, actor=actor)
    assert second is not None and second.name == "seals_000000002-000000002.jsonl"
    assert outside(written, second, "--head", first.head).returncode == 0
    assert TrailEvent.objects.filter(kind="seals_exported").count() == 2


@pytest.mark.requirement("SEAL-04")
def test_the_command_names_rows_and_limits(plant: str, postgres: Cluster) -> None:
    keys = seals.write(2)
    first = seals.seal()
    assert first is not None
    out = StringIO()
    call_command("verify_records", "--json", "--head", first.head, stdout=out)
    report = json.loads(out.getvalue())
    assert report["ok"] and report["outside_head_seal"] == 1 and report["cannot_be_known"]
    with seals.superuser(postgres, plant) as link:
        link.execute("DELETE FROM core_trail_trailevent WHERE id = %s", [keys[0]])
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_records", stdout=out)
    assert f"row {keys[0]}, sealed as number 1" in out.getvalue()
    assert "found only against a head kept outside" in out.getvalue()


@pytest.mark.requirement("SEAL-08")
def test_pages_of_the_seals(plant: str, settings: Any, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path
    site = people.make_site()
    rights = ("core_trail.view_seal", "core_trail.verify_seal", "core_trail.view_trailevent")
    auditor = people.make_user("auditor", site=site, permissions=rights)
    stranger = people.make_user("stranger", site=site)
    key = seals.write(1)[0]
    sealed = seals.seal()
    assert sealed is not None
    visit, other = visit_as(auditor), visit_as(stranger)
    pages = [f"/core/trail/seals/{page}" for page in ("", f"{sealed.pk}/", "export/", "verify/")]
    assert [visit.get(page).status_code for page in pages] == [200] * 4
    assert [other.get(page).status_code for page in pages] == [403] * 4
    assert sealed.head in visit.get(pages[0]).content.decode()
    exported = b"".join(visit.get(pages[2]).streaming_content)  # type: ignore[attr-defined]
    assert json.loads(exported.splitlines()[0])["head"] == sealed.head
    proof = visit.get(f"/core/trail/proofs/core_trail_trailevent/{key}/")
    assert proof.json()["head"] == sealed.head
    assert other.get(f"/core/trail/proofs/core_trail_trailevent/{key}/").status_code == 404
    assert visit.get("/core/trail/proofs/core_organization_user/1/").status_code == 404
    assert TrailEvent.objects.filter(kind="seals_exported", actor=auditor).count() == 3
    late = seals.write(1)[0]
    answer = visit.get(f"/core/trail/proofs/core_trail_trailevent/{late}/")
    assert answer.status_code == 404 and "not sealed yet" in answer.json()["error"]


@pytest.mark.requirement("SEAL-08", "ACC-03")
def test_a_page_offers_the_proof_of_its_changes_once_they_are_sealed(plant: str) -> None:
    """Also of a record that is seen by a right of another name than its own."""
    seer = people.make_user("seer", site=people.make_site(), permissions=("qms_training.view_qualification",))
    curriculum = create_curriculum(code="WELD", name="Welding", actor=system_user("test"))
    visit = visit_as(seer)

    def offered() -> list[str]:
        page = visit.get(f"{curriculum.get_absolute_url()}?part=timeline").content.decode()
        return re.findall(r'href="(/core/trail/proofs/[^"]+)"', page)

    assert offered() == []
    sealed = seals.seal()
    assert sealed is not None
    (proof,) = offered()
    assert visit.get(proof).json()["head"] == sealed.head
    assert visit_as(people.make_user("stranger")).get(proof).status_code == 404


@pytest.mark.requirement("SEAL-08")
def test_a_verification_by_screen_runs_as_a_job_and_its_outcome_is_kept(
    plant: str, settings: Any, tmp_path: Path
) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path
    site = people.make_site()
    auditor = people.make_user("auditor", site=site, permissions=("core_trail.view_seal", "core_trail.verify_seal"))
    seals.write(3)
    sealed = seals.seal()
    assert sealed is not None
    visit = visit_as(auditor)
    wrong = visit.post("/core/trail/seals/verify/", {"outside_head": "nonsense"})
    assert wrong.status_code == 422
    asked = visit.post("/core/trail/seals/verify/", {"outside_head": sealed.head})
    assert asked.status_code == 302 and asked["Location"].startswith("/core/jobs/jobs/")
    connection.close()
    page = visit.get(asked["Location"]).content.decode()
    assert "are as they were sealed" in page
    outcome = TrailEvent.objects.get(kind="records_verified")
    assert outcome.actor == auditor and outcome.data["outside_head_seal"] == 1
    assert outcome.text in visit.get("/core/trail/seals/").content.decode()
    only_sees = people.make_user("reader", site=site, permissions=("core_trail.view_seal",))
    assert visit_as(only_sees).post("/core/trail/seals/verify/", {}).status_code == 403
