"""The page that searches what documents say."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from core.web.views.record import Page
from qms.documents.queries.search import SHOWN, Hit, search_documents
from qms.documents.views.revisions import VIEW_REVISION

LONGEST_WORDS = 200


class DocumentSearch(Page):
    """Search the text of documents (`?q=`): effective revisions, or with `?state=all` every revision."""

    permission = VIEW_REVISION
    template_name = "qms/documents/document_search.html"
    title = gettext_lazy("Search in documents")

    @property
    def search_words(self) -> str:
        """What is searched for."""
        return self.request.GET.get("q", "")[:LONGEST_WORDS].replace("\x00", " ").strip()

    @property
    def every_state(self) -> bool:
        """Whether drafts and superseded revisions are searched too."""
        return self.request.GET.get("state") == "all"

    @cached_property
    def hits(self) -> list[Hit]:
        """What was found, the best first."""
        return search_documents(self.search_words, self.request.user, every_state=self.every_state)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            hits=self.hits[:SHOWN],
            has_more=len(self.hits) > SHOWN,
            search_words=self.search_words,
            every_state=self.every_state,
            shown=SHOWN,
            **more,
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render()
