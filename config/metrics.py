"""What is counted: requests by page as they happen; jobs, seals and connections when Prometheus asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.core.cache import cache
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config.celery import HEARTBEAT_KEY
from core.jobs.queries import backlog
from core.kernel.clock import now
from core.trail.queries.watching import oldest_unsealed

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter(
    "trueline_http_requests", "Answered requests by page, method and status.", ["view", "method", "status"]
)
DURATIONS = Histogram(
    "trueline_http_request_seconds", "Time until the answer began, by page.", ["view"], buckets=BUCKETS
)


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; ``view`` is the name of a route, never an address that somebody typed."""
    REQUESTS.labels(view, method if method in METHODS else "other", str(status)).inc()
    DURATIONS.labels(view).observe(seconds)


def exposition() -> bytes:
    """Everything in Prometheus' text format."""
    return generate_latest(REGISTRY)


def _gauge(name: str, words: str, samples: Iterable[tuple[tuple[str, ...], float]], label: str = "") -> Metric:
    gauge = GaugeMetricFamily(name, words, labels=[label] if label else [])
    for values, number in samples:
        gauge.add_metric(values, number)
    return gauge


class Plant(Collector):
    """What the database and the cache know, read when somebody asks."""

    def describe(self) -> Iterable[Metric]:
        """Nothing in advance: registering must not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The present figures; of a database that does not answer, only that."""
        try:
            measured = [*self._jobs(), *self._seals(), *self._connections()]
        except DatabaseError:
            measured = []
        yield _gauge("trueline_database_up", "Whether PostgreSQL answers.", [((), float(bool(measured)))])
        yield from measured
        yield from self._heartbeat()

    def _jobs(self) -> Iterator[Metric]:
        found = backlog()
        states = [((state,), float(count)) for state, count in found.by_state.items()]
        yield _gauge("trueline_jobs", "Background jobs by state.", states, "state")
        age = 0.0 if found.waiting_since is None else (now() - found.waiting_since).total_seconds()
        yield _gauge("trueline_job_queue_age_seconds", "How long the oldest job that is due has waited.", [((), age)])

    def _seals(self) -> Iterator[Metric]:
        waiting = oldest_unsealed()
        lag = 0.0 if waiting is None else (now() - waiting.since).total_seconds()
        yield _gauge("trueline_seal_lag_seconds", "Age of the oldest row without a seal.", [((), max(0.0, lag))])

    def _connections(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT usename, count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
                " AND usename IS NOT NULL GROUP BY 1 ORDER BY 1"
            )
            roles = [((str(role),), float(count)) for role, count in cursor.fetchall()]
            cursor.execute("SELECT current_setting('max_connections')::int")
            (most,) = cursor.fetchone()
        yield _gauge("trueline_database_connections", "Connections to this database by role.", roles, "role")
        yield _gauge("trueline_database_connections_max", "Connections that PostgreSQL allows.", [((), float(most))])

    def _heartbeat(self) -> Iterator[Metric]:
        try:
            seen = cache.get(HEARTBEAT_KEY)
        except OSError:
            seen = None
        if seen is not None:
            age = (now() - dt.datetime.fromisoformat(seen)).total_seconds()
            yield _gauge("trueline_heartbeat_age_seconds", "Since beat and a worker last worked together.", [((), age)])


REGISTRY.register(Plant())
