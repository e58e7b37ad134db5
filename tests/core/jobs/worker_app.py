"""A Celery app whose beat is quick and which knows the handlers of the tests."""

from config.celery import app

app.conf.beat_schedule = {"jobs": {"task": "core.jobs.dispatch", "schedule": 0.5}}


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]
def _register(**_kwargs: object) -> None:
    from tests.core.jobs import handlers  # noqa: F401
