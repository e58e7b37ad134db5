"""The full plant is made once in a run; tests get copies of its database and of its files."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.settings import TEST_DATABASE
from tests.support import database, server
from tests.support.plant import Plant, full_plant
from tools.cluster import Cluster


@dataclass(frozen=True)
class Mould:
    """The plant as it was made, of which copies are used: the name of its database, the folder of its files."""

    postgres: Cluster
    blocker: DjangoDbBlocker
    name: str
    folder: Path
    plant: Plant

    @contextlib.contextmanager
    def copied(self, folder: Path) -> Iterator[Plant]:
        """A copy to which ``connection`` leads inside; its files lie in `folder`."""
        name = f"{self.name}_copy"
        self.postgres.drop_database(name)
        self.postgres.create_database(name, self.name)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        try:
            with self.blocker.unblock(), connected(name), kept_in(folder):
                yield dataclasses.replace(copy.deepcopy(self.plant), folder=folder)
        finally:
            self.postgres.drop_database(name)

    @contextlib.contextmanager
    def served(self, folder: Path) -> Iterator[server.LivePlant]:
        """The copy, on a loopback port."""
        with server.served(str(connection.settings_dict["NAME"]), folder / "web.log", folder) as live:
            yield live


@contextlib.contextmanager
def moulded(postgres: Cluster, blocker: DjangoDbBlocker, folder: Path) -> Iterator[Mould]:
    """Make the plant, once."""
    name = f"{TEST_DATABASE}_full"
    with database.clone(postgres, name):
        with blocker.unblock(), connected(name), kept_in(folder):
            plant = full_plant()
        yield Mould(postgres, blocker, name, folder, plant)


@contextlib.contextmanager
def connected(name: str) -> Iterator[None]:
    """``connection`` leads to this database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def kept_in(folder: Path) -> override_settings:
    """Settings under which files are kept in the folder, as a web process with it as data folder keeps them."""
    return override_settings(
        DATA_DIR=folder,
        TRUELINE_FILES_DIR=folder / "files",
        TRUELINE_CACHE_DIR=folder / "cache",
        TRUELINE_KEY_DIR=folder / "keys",
    )
