"""Doors of CAPAs: each translates a request into one call of the services, and its result or refusal back."""
