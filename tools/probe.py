"""The health commands of containers and services: exit status 0, or 1 with a sentence about what is not well.

Usage: ``python -m tools.probe web [ADDRESS]`` asks a web process (default: /readyz on this machine's PORT),
``python -m tools.probe worker NAME`` asks the worker NAME (jobs or sealer) on this host, and ``python -m tools.probe
beat`` looks for the trace that beat and a worker leave every few seconds. They load no settings and cost little.
"""

import datetime as dt
import json
import os
import socket
import sys
import urllib.error
import urllib.request

from celery import Celery
from django.core.cache.backends.redis import RedisCache
from kombu.exceptions import OperationalError
from redis import RedisError

from config.caching import CACHE
from config.celery import HEARTBEAT_KEY
from config.embedded import broker_url
from config.environment import resolved

SECONDS = 10.0
LONGEST_SILENCE = 60.0


def web(address: str) -> list[str]:
    """What a web process says of itself; empty when it is well."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=SECONDS):
            return []
    except urllib.error.HTTPError as error:
        body = error.read().decode(errors="replace")
        if error.code != 503:
            return [f"{address} answers {error.code}: {body.strip()[:200]}"]
        return [f"{part}: {state}" for part, state in json.loads(body)["parts"].items() if state != "ready"]
    except OSError as error:
        return [f"{address} does not answer: {error}"]


def worker(redis: str, name: str) -> list[str]:
    """Whether the worker `name` of this host answers the broker's ping."""
    full = f"{name}@{socket.gethostname()}"
    with Celery(broker=broker_url(redis), set_as_current=False) as app:
        try:
            with app.connection_for_write() as link:
                link.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
                answers = app.control.ping(timeout=SECONDS / 2, destination=[full], connection=link) or []
        except (OperationalError, RedisError) as error:
            return [f"The broker does not answer: {error}"]
    return [] if answers else [f"The worker {full} does not answer."]


def beat(redis: str) -> list[str]:
    """Whether beat gave work, and a worker did it, within the last minute."""
    try:
        seen = RedisCache(redis, CACHE).get(HEARTBEAT_KEY)
    except RedisError as error:
        return [f"The cache does not answer: {error}"]
    if seen is None:
        return ["Beat was never seen."]
    age = (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(seen)).total_seconds()
    return [f"Beat was last seen {age:.0f} s ago."] if age > LONGEST_SILENCE else []


def main(arguments: list[str]) -> int:
    """Run the probe named on the command line."""
    environ = resolved(os.environ)
    match arguments:
        case ["web"]:
            troubles = web(f"http://127.0.0.1:{environ.get('PORT') or 8000}/readyz")
        case ["web", address]:
            troubles = web(address)
        case ["worker", name]:
            troubles = worker(environ["REDIS_URL"], name)
        case ["beat"]:
            troubles = beat(environ["REDIS_URL"])
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
