"""What stands between a quiz and its use."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.training.models import Quiz

QUIZ = "qms_training.Quiz"


@guard(QUIZ, "edit", title=gettext_lazy("Still a draft"))
def quiz_is_a_draft(record: Quiz, deed: Deed) -> Iterator[Blocker]:
    """What people were asked stays as they were asked it; new questions are a new version."""
    if record.status != "draft":
        yield Blocker(
            "not_a_draft",
            _("%(quiz)s is “%(state)s”; its questions stay as they are.")
            % {"quiz": record, "state": record.get_status_display()},
            record=record,
            remedy=_("Begin the next version; it starts with the same questions."),
        )


@guard(QUIZ, "put_in_use", title=gettext_lazy("There are questions"))
def quiz_has_questions(record: Quiz, deed: Deed) -> Iterator[Blocker]:
    if not record.questions.exists():
        yield Blocker("no_questions", _("It asks nothing."), record=record, remedy=_("Add at least one question."))
