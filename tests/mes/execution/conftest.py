import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from core.kernel.clock import now
from tests.mes.execution.floor import Floor, make_floor
from tests.mes.execution.shop import context, page, shop
from tests.support.kept import made_once

__all__ = ["clock", "context", "floor", "page", "shop"]


kept_floor = made_once(make_floor)


@pytest.fixture
def floor(kept_floor: Callable[[], Floor], db: None) -> Floor:
    """A floor whose product is one serialized and one lot-controlled part."""
    return kept_floor()


class Clock:
    """The program's clock, which a test may put forward; PostgreSQL keeps its own."""

    def __init__(self) -> None:
        self._traveller: time_machine.travel | None = None

    def later(self, *, seconds: int) -> None:
        moment = now() + dt.timedelta(seconds=seconds)
        self.stop()
        self._traveller = time_machine.travel(moment, tick=True)
        self._traveller.start()

    def stop(self) -> None:
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = None


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock to put forward; it is right again after the test."""
    given = Clock()
    yield given
    given.stop()
