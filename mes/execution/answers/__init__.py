"""What execution tells the apps below and the web kit."""

from mes.execution.answers import capa, changes, figures, lots, rework, training

__all__ = ["capa", "changes", "figures", "lots", "rework", "training"]
