"""Journeys: one story through the whole product, each part by its person in a browser."""
