"""Decision trees as data: read, judged, and walked by answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.lifecycle.models import Transition
from core.signing.models import Signature
from core.signing.queries import signatures_of
from qms.complaints.models import DecisionTree, DecisionTreeVersion, RegulatoryReport
from qms.complaints.queries.clocks import CALENDAR, WORK

YES, NO = "yes", "no"
MOST_QUESTIONS = 60
MOST_DAYS = 3660


@dataclass(frozen=True)
class Question:
    """One question, the clause it serves, and where each answer leads."""

    key: str
    ask: str
    clause: str
    yes: str
    no: str
    help: str = ""


@dataclass(frozen=True)
class Result:
    """One end of a tree: whether to report, what, and within how many days."""

    key: str
    title: str
    is_reportable: bool
    clause: str = ""
    days: int = 0
    count: str = CALENDAR
    form: str = ""

    @property
    def clock(self) -> str:
        """The clock in words."""
        words = _("%(days)s work days") if self.count == WORK else _("%(days)s calendar days")
        return words % {"days": self.days} if self.is_reportable else ""

    def as_data(self) -> dict[str, Any]:
        """What a decision keeps of it."""
        return {
            "key": self.key, "title": self.title, "reportable": self.is_reportable, "clause": self.clause,
            "days": self.days, "count": self.count, "form": self.form,
        }  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """What a version says, read."""

    start: str
    questions: Mapping[str, Question]
    results: Mapping[str, Result]


@dataclass(frozen=True)
class Answered:
    """One question with the answer that was given; `before` are the answers up to it."""

    question: Question
    answer: str
    before: str = ""

    def as_data(self) -> dict[str, str]:
        """What a decision keeps of it."""
        return {
            "key": self.question.key, "ask": self.question.ask, "clause": self.question.clause, "answer": self.answer,
        }  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """How far answers lead: the questions answered, then the next one or the result."""

    answered: Sequence[Answered] = field(default=())
    question: Question | None = None
    result: Result | None = None

    @property
    def answers(self) -> str:
        """The answers as they stand in an address."""
        return ",".join(one.answer for one in self.answered)


class TreeError(ValueError):
    """The content of a version is no tree; `problems` says why, in words."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class AnswersError(ValueError):
    """Answers that do not fit the questions."""


def read_tree(content: str) -> Tree:
    """The tree in a version's content. Raises `TreeError` with everything that is wrong with it."""
    try:
        data = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise TreeError([_("The text is no YAML: %(why)s") % {"why": str(error)[:300]}]) from error
    if not isinstance(data, dict) or not all(isinstance(data.get(part), dict) for part in ("questions", "results")):
        raise TreeError([_("It needs `start`, `questions` and `results`.")])
    questions, results, problems = data["questions"], data["results"], []
    tree = Tree(
        str(data.get("start", "")),
        {str(key): _question(str(key), value) for key, value in questions.items()},
        {str(key): _result(str(key), value) for key, value in results.items()},
    )
    problems = list(_problems(tree))
    if problems:
        raise TreeError(problems)
    return tree


def _words(value: Any, name: str) -> str:
    # YAML reads a bare yes or no as true or false, also as the name of an answer.
    found = value.get(name, value.get(name == YES) if name in (YES, NO) else None) if isinstance(value, dict) else None
    return "" if found is None else str(found).strip()


def _question(key: str, value: Any) -> Question:
    return Question(key, *(_words(value, name) for name in ("ask", "clause", YES, NO, "help")))


def _result(key: str, value: Any) -> Result:
    days = value.get("days", 0) if isinstance(value, dict) else 0
    reportable = value.get("reportable") if isinstance(value, dict) else None
    return Result(
        key,
        _words(value, "title"),
        reportable is True,
        _words(value, "clause"),
        days if isinstance(days, int) and not isinstance(days, bool) else -1,
        _words(value, "count") or CALENDAR,
        _words(value, "form"),
    )


def _problems(tree: Tree) -> Iterator[str]:
    if tree.start not in tree.questions:
        yield _("`start` names no question.")
    if len(tree.questions) > MOST_QUESTIONS:
        yield _("It has more than %(number)s questions.") % {"number": MOST_QUESTIONS}
    for one in tree.questions.values():
        if not one.ask:
            yield _("Question %(key)s asks nothing.") % {"key": one.key}
        if not one.clause:
            yield _("Question %(key)s names no clause.") % {"key": one.key}
        for answer, leads in ((YES, one.yes), (NO, one.no)):
            if leads not in tree.questions and leads not in tree.results:
                said = _(
                    "“%(answer)s” of question %(key)s leads to “%(target)s”, which is neither question nor result."
                )
                yield said % {"answer": answer, "key": one.key, "target": leads}
    for end in tree.results.values():
        yield from _result_problems(end)
    reached, loops = _reached(tree)
    if loops:
        yield _("The questions lead in a circle: %(keys)s.") % {"keys": ", ".join(sorted(loops))}
    elif unused := sorted({*tree.questions, *tree.results} - reached):
        yield _("Nothing leads to %(keys)s.") % {"keys": ", ".join(unused)}


def _result_problems(end: Result) -> Iterator[str]:
    named = {"key": end.key}
    if not end.title:
        yield _("Result %(key)s has no title.") % named
    if not end.is_reportable:
        return
    if not end.clause:
        yield _("Result %(key)s names no clause.") % named
    if not 0 < end.days <= MOST_DAYS:
        yield _("Result %(key)s needs its days as a whole number of at least 1.") % named
    if end.count not in (CALENDAR, WORK):
        yield _("Result %(key)s counts days as calendar or work.") % named
    if end.form not in RegulatoryReport.Form.values:
        forms = ", ".join(RegulatoryReport.Form.values)
        yield _("Result %(key)s names its form as one of %(forms)s.") % {**named, "forms": forms}


def _reached(tree: Tree) -> tuple[set[str], set[str]]:
    """What can be reached from the start, and the questions that lead back to themselves."""
    done: set[str] = set()
    loops: set[str] = set()

    def visit(key: str, above: tuple[str, ...]) -> None:
        if key in above:
            loops.add(key)
            return
        if key in done or len(above) > MOST_QUESTIONS:
            return
        one = tree.questions.get(key)
        if one is not None:
            for leads in (one.yes, one.no):
                visit(leads, (*above, key))
        done.add(key)

    visit(tree.start, ())
    return done, loops


def walk(tree: Tree, answers: str) -> Walk:
    """Follow answers such as "yes,no". Raises `AnswersError` for another word, or for more answers than questions."""
    answered: list[Answered] = []
    key = tree.start
    for word in [part.strip().lower() for part in answers.split(",") if part.strip()]:
        question = tree.questions.get(key)
        if question is None:
            raise AnswersError(_("There are more answers than questions."))
        if word not in (YES, NO):
            raise AnswersError(_("Answer with yes or no."))
        answered.append(Answered(question, word, ",".join(one.answer for one in answered)))
        key = question.yes if word == YES else question.no
    return Walk(answered, tree.questions.get(key), tree.results.get(key))


def shortest(tree: Tree) -> list[Result]:
    """The results of a tree that must be reported."""
    return [end for end in tree.results.values() if end.is_reportable]


def effective_versions() -> list[DecisionTreeVersion]:
    """The versions by which complaints are judged now, one of each tree, by its code."""
    found = DecisionTreeVersion.objects.filter(status="effective").select_related("tree")
    return list(found.order_by("tree__code"))


def version_in_flight(tree: DecisionTree) -> DecisionTreeVersion | None:
    """The version that is on its way, if any."""
    return tree.versions.filter(status__in=("draft", "in_review", "approved")).first()


def latest_signature(version: DecisionTreeVersion, meaning: str) -> Signature | None:
    """The newest signature with this meaning on a version."""
    found = [signature for signature in signatures_of(version) if signature.meaning == meaning]
    return found[-1] if found else None


def writer_ids(version: DecisionTreeVersion) -> set[int]:
    """Everybody who wrote in the draft: the changes in its history that were no moves."""
    moves = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(DecisionTreeVersion), subject_id=version.pk
    ).exclude(from_status=None)
    written = version.history.filter(status="draft").exclude(row_version__in=moves.values("record_version"))
    return set(written.values_list("history_user_id", flat=True))
