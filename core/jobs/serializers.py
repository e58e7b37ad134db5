"""How background work looks in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.jobs.models import BackgroundJob
from core.web.api import FactShape


class BackgroundJobShape(FactShape):
    """What is worked on, how far it got, and the digest of the file that it left."""

    percent = serializers.IntegerField()

    class Meta:
        model = BackgroundJob
        fields = (
            "id", "title", "subject_label", "actor", "site", "status", "percent", "progress_done",
            "progress_total", "progress_text", "log", "error",
            "cancel_requested", "created_at", "started_at", "finished_at", "result_name", "result_media_type",
            "result_size", "result_sha256",
        )  # fmt: skip
