"""A production record of 200 recorded values, beside WeasyPrint rendering the same HTML and nothing else."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from bench.evidence import keep
from core.jobs import services as jobs
from core.jobs.models import BackgroundJob
from core.printing import render
from core.printing.models import PrintedRecord
from core.printing.render import render_pdf
from mes.execution import services
from tests.mes.production_record.story import make_story

VALUES = 200
LIMIT = 10.0


def test_a_record_of_200_values(
    plant: str,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.TRUELINE_FILES_DIR, settings.TRUELINE_KEY_DIR = tmp_path / "files", tmp_path / "keys"
    settings.TRUELINE_CACHE_DIR = tmp_path / "cache"
    monkeypatch.setattr(jobs, "_nudge", lambda pk: None)
    story = make_story(1)
    operation = story.floor.assembling(story.order)
    for number in range(VALUES):
        services.record_value(
            order_operation=operation, data_point=story.floor.torque, value=f"1{number % 2}.{number % 5}",
            reason=f"Measured again, {number}", actor=story.floor.operator,
        )  # fmt: skip
    story.floor.finish_unit(operation, values=[])
    story.complete()
    story.release()
    rendered: dict[str, Any] = {}

    def kept(html: str, **options: Any) -> bytes:
        rendered.update(html=html, source=options["source"], created=options["created"])
        return render_pdf(html, **options)

    monkeypatch.setattr(render, "render_pdf", kept)
    job = BackgroundJob.objects.get(handler="mes_production_record.print")
    began = time.perf_counter()
    assert jobs.run_job(job.pk)
    ours = time.perf_counter() - began
    printed = PrintedRecord.objects.get()
    began = time.perf_counter()
    render_pdf(rendered["html"], source=rendered["source"], created=rendered["created"])
    raw = time.perf_counter() - began
    keep(
        "test_production_record",
        "A production record of 200 values",
        [
            f"{VALUES} values, {printed.pages} pages, sealed: {ours:.2f} s (target: at most {LIMIT:.0f} s)",
            f"WeasyPrint alone on the same HTML: {raw:.2f} s; raw / ours {raw / ours:.2f} (target: at least 0.8)",
        ],
    )
    assert printed.pages > 5
    assert "Torque" in rendered["html"] and rendered["html"].count("Measured again") >= VALUES - 1
