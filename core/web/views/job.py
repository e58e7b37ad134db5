"""The one page of long work: percent, log, result."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from core.web.views.record import RecordPage


class JobPage(RecordPage):
    """Shows work that goes on in the background and refreshes itself until it is finished.

    Subclasses say how to read the job; `core.jobs` has the one for BackgroundJob.
    """

    template_name = "generic/job.html"
    fragment_name: ClassVar[str] = "generic/_job.html"

    def progress(self) -> tuple[int, int, str]:
        """Done, total, and what is being done now."""
        raise NotImplementedError

    def is_finished(self) -> bool:
        """Whether nothing more will change."""
        raise NotImplementedError

    def state(self) -> tuple[Any, str, str]:
        """The state as (word, tone, icon)."""
        raise NotImplementedError

    def log(self) -> list[str]:
        """Lines that the work has written, oldest first."""
        return []

    def error(self) -> str:
        """What went wrong, in plain words."""
        return ""

    def result_url(self) -> str:
        """Where the result file is, once there is one."""
        return ""

    def cancel_job_url(self) -> str:
        """Where the work can be cancelled, while it can."""
        return ""

    def context(self, **more: Any) -> dict[str, Any]:
        done, total, text = self.progress()
        word, tone, icon = self.state()
        return super().context(
            record=self.record,
            done=done,
            total=total,
            text=text,
            state_word=word,
            state_tone=tone,
            state_icon=icon,
            is_finished=self.is_finished(),
            log=self.log(),
            error=self.error(),
            result_url=self.result_url(),
            cancel_job_url=self.cancel_job_url(),
            **more,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return render(request, self.fragment_name, self.context())
        return self.render()
