"""A backup of one cluster, restored on another."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.files.models import Attachment
from core.trail.models import Seal
from core.trail.queries.verifying import verify_trail
from tests.config.test_backup import command, data_directory
from tests.core.trail.test_seal_epochs import at, running
from tests.support import seals

pytestmark = pytest.mark.requirement("FAULT-03", "SEAL-05")


def test_a_backup_restored_on_another_cluster_verifies_and_goes_on(
    installation: Attachment, home: Path, settings: Settings, tmp_path: Path
) -> None:
    head = Seal.objects.order_by("-number")[0].head
    command("backup", tmp_path / "kept")
    with running(home) as other, data_directory(settings, tmp_path / "other"):
        other.create_database("restored")
        with at(other, "restored"):
            command("restore", tmp_path / "kept")
            seals.write(3)
            opening = seals.seal()
            assert opening is not None and opening.opens_epoch and opening.previous == head
            report = verify_trail(outside_head=head)
            assert report.is_good and report.unsealed == 0
