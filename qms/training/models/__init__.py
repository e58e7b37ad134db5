"""What people learn and may do: curricula, assignments, quizzes, records, qualifications, shifts."""

from qms.training.models.curricula import Curriculum, CurriculumAudience, Qualification, TrainingRequirement
from qms.training.models.learning import SectionShown, TrainingAssignment, TrainingRecord
from qms.training.models.quizzes import Quiz, QuizAnswer, QuizAttempt, QuizQuestion
from qms.training.models.rules import ShiftAssignment, SigningPolicy, StaffingWaiver, TrainingOverride

__all__ = [
    "Curriculum",
    "CurriculumAudience",
    "Qualification",
    "Quiz",
    "QuizAnswer",
    "QuizAttempt",
    "QuizQuestion",
    "SectionShown",
    "ShiftAssignment",
    "SigningPolicy",
    "StaffingWaiver",
    "TrainingAssignment",
    "TrainingOverride",
    "TrainingRecord",
    "TrainingRequirement",
]
