"""Who may see a record is one question for its page, comments, files and the work on it: one right answers it."""

from __future__ import annotations

import pytest
from django.db import models

from core.kernel.permissions import catalogue, view_permission
from core.kernel.records import RecordClass, models_of

BY_ANOTHER_RULE = {
    "core_worklist.Assignment": "seen by whoever it is given to",
    "core_worklist.Delegation": "seen by the two people, and by whoever gives out the work of the first",
    "core_files.Attachment": "seen with the record that it is attached to",
}
PAGED = sorted(
    (
        model
        for kind in (RecordClass.RECORD, RecordClass.FACT)
        for model in models_of(kind)
        if hasattr(model, "get_absolute_url") and model._meta.label not in BY_ANOTHER_RULE
    ),
    key=lambda model: model._meta.label,
)


@pytest.mark.requirement("REC-13", "ACC-03")
@pytest.mark.parametrize("model", PAGED, ids=lambda model: str(model._meta.label))
def test_a_model_with_a_page_names_the_right_to_see_it(model: type[models.Model]) -> None:
    assert view_permission(model) in catalogue()
