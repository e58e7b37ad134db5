"""Every “may not, because” about training: learning, quizzes, and revisions that nobody could work to."""

from qms.training.guards import learning, quizzes, revisions

__all__ = ["learning", "quizzes", "revisions"]
