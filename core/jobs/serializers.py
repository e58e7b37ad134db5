"""How background work looks in answers of the API."""

from __future__ import annotations

from core.jobs.models import BackgroundJob
from core.web.api import FactShape


class BackgroundJobShape(FactShape):
    """What is worked on, how far it got, and the digest of the file that it left."""

    class Meta:
        model = BackgroundJob
        fields = (
            "id", "title", "status", "progress_done", "progress_total", "progress_text", "error", "created_at",
            "finished_at", "result_name", "result_size", "result_sha256",
        )  # fmt: skip
