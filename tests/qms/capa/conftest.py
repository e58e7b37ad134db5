"""A floor with a problem."""

from collections.abc import Callable

import pytest

from tests.qms.capa.story import Story, make_story
from tests.support.kept import made_once

kept_story = made_once(make_story)


@pytest.fixture
def story(kept_story: Callable[[], Story], db: None) -> Story:
    """A new plant, rolled back at the end."""
    return kept_story()
