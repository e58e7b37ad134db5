"""The roof: settings, urls, navigation, Celery, ASGI and WSGI. It imports every storey; no storey imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
