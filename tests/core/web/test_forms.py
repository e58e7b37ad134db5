"""What every form of the kit does with what is entered."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from core.web.forms import ECHOED, LONGEST_TEXT, Form, ModelForm, row_id
from traceability.models import Material

pytestmark = pytest.mark.requirement("REC-18")


class Plain(Form):
    note = forms.CharField()
    code = forms.CharField(max_length=5)


class OfAModel(ModelForm):
    remark = forms.CharField(required=False)

    class Meta:
        model = Material
        fields = ("name",)


def test_a_text_without_a_limit_of_its_own_is_limited_and_is_not_sent_back_whole() -> None:
    form = Plain({"note": "x" * 5_000_000, "code": "ABCDE"})
    assert set(form.errors) == {"note"} and "5000000" in str(form.errors["note"])
    assert len(str(form)) < LONGEST_TEXT + ECHOED + 5_000
    assert Plain({"note": "x" * LONGEST_TEXT, "code": "ABCDE"}).is_valid()
    assert Plain.base_fields["note"].max_length is None  # type: ignore[attr-defined]


def test_what_is_a_little_too_long_comes_back_to_be_shortened() -> None:
    form = Plain({"note": "fine", "code": "ABCDEFGH"})
    assert set(form.errors) == {"code"}
    assert form["code"].value() == "ABCDEFGH"
    assert len(Plain({"note": "", "code": "y" * 10_000_000})["code"].value()) == 5 + ECHOED


def test_the_forms_of_models_are_limited_too() -> None:
    form = OfAModel({"name": "n", "remark": "x" * (LONGEST_TEXT + 1)})
    assert set(form.errors) == {"remark"}


class ByNumber(forms.CharField):
    def to_python(self, value: object) -> Any:
        return Material(number=str(value)[:10])


class OfARecord(Form):
    material = ByNumber()


def test_a_text_that_becomes_a_record_is_left_to_its_field() -> None:
    form = OfARecord({"material": "M-1"})
    assert form.is_valid() and form.cleaned_data["material"].number == "M-1"


def test_an_invisible_character_is_refused_with_a_remedy() -> None:
    form = Plain({"note": "a\x00b", "code": "A"})
    assert set(form.errors) == {"note"}
    assert "Null characters" not in str(form.errors) and "type the text" in str(form.errors)


class Choosing(Form):
    what = forms.ChoiceField(choices=[("use", "Use as is"), ("scrap", "Scrap")])
    usual = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], initial="b")
    maybe = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    only = forms.ChoiceField(choices=[("a", "A")])


def test_a_needed_choice_begins_with_none_made() -> None:
    form = Choosing()
    assert str(form["what"]).index("– choose –") < str(form["what"]).index("Use as is")
    assert "selected" not in str(form["what"]).partition("Use as is")[2]
    for name in ("usual", "maybe", "only"):
        assert "– choose –" not in str(form[name])
    unanswered = Choosing({"what": "", "usual": "a", "only": "a"})
    assert set(unanswered.errors) == {"what"} and "– choose –" in str(unanswered["what"])
    assert Choosing({"what": "scrap", "usual": "a", "only": "a"}).is_valid()


@pytest.mark.parametrize(
    ("sent", "found"),
    [("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, 0), ("9" * 5000, 0), ("", 0), ("-1", 0), ("٣", 0), ("x", 0)],
)
def test_what_can_be_no_row_is_none(sent: str, found: int) -> None:
    assert row_id(sent) == found
