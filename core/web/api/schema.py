"""The OpenAPI description of an operation, made from its page, its form and its shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from core.web.api.bodies import kind_of
from core.web.api.shapes import shape_of
from core.web.forms import LONGEST_TEXT, ReasonField
from core.web.views import FormPage, MovePage

Json = dict[str, Any]
NUMBER = r"^-?[0-9]{1,30}([.,][0-9]{1,30})?$"
KEY: Json = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "New for each deed, the same when a request is repeated; the deed is then done once.",
}  # fmt: skip
MATCH: Json = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "description": "The ETag of the record that was seen.",
}  # fmt: skip
SIGNATURE: Json = {
    "type": "object", "additionalProperties": False, "required": ["user_name", "secret", "meaning"],
    "properties": {
        "user_name": {"type": "string", "minLength": 1, "maxLength": 80},
        "secret": {"type": "string", "minLength": 1, "maxLength": 256, "format": "password"},
        "meaning": {"type": "string"},
        "code": {
            "type": "string", "minLength": 1, "maxLength": 20,
            "description": "The present code of the signer's app, where one is switched on: with the first signing.",
        },
    },
}  # fmt: skip
LIMIT: Json = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}}
PROBLEM: Json = {
    "type": "object", "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
        "blockers": {"type": "array", "items": {"$ref": "#/components/schemas/Blocker"}},
        "errors": {"type": "array", "items": {
            "type": "object", "required": ["field", "code", "message"],
            "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}},
        }},
    },
}  # fmt: skip
BLOCKER: Json = {
    "type": "object", "required": ["code", "message", "record", "remedy", "remedy_url"],
    "properties": {name: {"type": "string"} for name in ("code", "message", "record", "remedy", "remedy_url")},
}  # fmt: skip
MOVE: Json = {
    "type": "object", "required": ["move", "label", "to", "meaning", "reason_required", "allowed", "blockers"],
    "properties": {
        **{name: {"type": "string"} for name in ("move", "label", "to", "meaning")},
        **{name: {"type": "boolean"} for name in ("reason_required", "allowed")},
        "blockers": {"type": "array", "items": {"$ref": "#/components/schemas/Blocker"}},
    },
}  # fmt: skip


def of_field(field: forms.Field) -> Json:
    """The JSON schema of what a form field takes."""
    if isinstance(field, forms.FileField):
        return {"type": "string", "format": "binary"}
    kind = kind_of(field)
    found: Json = {"type": kind}
    if kind in ("date", "date-time"):
        found = {"type": "string", "format": kind}
    elif kind == "array":
        element = "integer" if isinstance(field, forms.ModelMultipleChoiceField) else "string"
        found["items"] = {"type": element}
    elif kind == "number":
        found = {"oneOf": [{"type": "string", "pattern": NUMBER}, {"type": "number"}]}
    elif kind == "string":
        found["maxLength"] = getattr(field, "max_length", None) or LONGEST_TEXT
        if field.required:
            found["minLength"] = getattr(field, "min_length", None) or 1
        listed: Any = () if isinstance(field, forms.ModelChoiceField) else getattr(field, "choices", ())
        choices = [str(key) for key, label in listed if not isinstance(label, (list, tuple))]
        if isinstance(field, forms.ChoiceField) and choices:
            found = {"type": "string", "enum": [choice for choice in choices if choice or not field.required]}
    if not field.required and kind != "boolean":
        found = {"anyOf": [found, {"type": "null"}]} if "type" not in found else {**found, "nullable": True}
    with override("en"):
        if field.label:
            found["title"] = str(field.label)
        if field.help_text:
            found["description"] = str(field.help_text)
    return found


def body_of(page: type[Any], move: str, *, is_change: bool) -> Json:
    """The JSON schema of the body of a deed."""
    fields = dict(page.form_class.base_fields)
    meaning, asks = "", getattr(page, "asks_reason", False)
    if issubclass(page, MovePage):
        name = move or page.move
        spec = page.model.lifecycle.move(name) if name else None  # type: ignore[attr-defined]
        meaning = spec.signature if spec is not None else page.meaning
        asks = asks or bool(spec is not None and spec.reason_required)
        if getattr(page, "takes_reason", True):
            fields.setdefault("reason", ReasonField(required=asks))
    elif asks or (is_change and issubclass(page, FormPage) and page.change_needs_reason):
        fields.setdefault("reason", ReasonField())
    found: Json = {
        "type": "object",
        "additionalProperties": {"type": "string"} if getattr(page, "more_fields", False) else False,
        "properties": {name: of_field(field) for name, field in fields.items() if name != "version"},
    }
    required = [n for n, f in fields.items() if f.required and not isinstance(f, forms.BooleanField) and n != "version"]
    if meaning:
        signed = {"allOf": [{"$ref": "#/components/schemas/Signature"}], "description": f"Signed as “{meaning}”."}
        found["properties"]["signature"] = signed
        required.append("signature")
    elif getattr(page, "may_be_signed", False):
        found["properties"]["signature"] = {"$ref": "#/components/schemas/Signature"}
    if required:
        found["required"] = required
    return found


class FormSchema(AutoSchema):
    """One operation, described from what it is made of; a page that changes shows it in the committed file."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        self.path, self.path_regex, self.path_prefix = path, path_regex, path_prefix
        self.method, self.registry = method, registry
        view: Any = self.view
        page = view.pages().get(method)
        if page is None:
            return None
        for name, schema in (("Problem", PROBLEM), ("Blocker", BLOCKER), ("Signature", SIGNATURE), ("Move", MOVE)):
            self._component(name, schema)
        parts = [part for part in path.split("/") if part and part not in ("api", "v1")]
        operation: Json = {
            "operationId": "_".join([method.lower(), *(part.strip("{}").replace("-", "_") for part in parts)]),
            "tags": ["/".join(parts[:2]) if parts[0] != "traceability" else "traceability"],
            "summary": ((view if hasattr(view, "read") else page).__doc__ or "").strip().partition("\n")[0],
            "parameters": self._parameters(view, page, method),
            "security": [{"token": []}, {"session": []}],
            "responses": self._answers(view, page, method),
        }
        if method in ("POST", "PUT"):
            body = body_of(page, getattr(view, "move", ""), is_change="{" in path)
            operation["requestBody"] = {"required": True, "content": self._contents(page, body)}
        if page.permission:
            operation["x-permission"] = page.permission
        if issubclass(page, MovePage) and method == "POST":
            name = getattr(view, "move", "") or page.move
            spec = page.model.lifecycle.move(name) if name else None
            if spec is not None:
                with override("en"):
                    operation["summary"] = f"{spec.label}. {spec.explanation}".strip()
            operation["x-deed-permission"] = spec.permission if spec is not None else page.deed_permission
        return operation

    def _component(self, name: str, schema: Json) -> None:
        kind = ResolvedComponent.SCHEMA
        component = ResolvedComponent(name=name, type=kind, schema=schema, object=name)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)

    def _parameters(self, view: Any, page: type[Any], method: str) -> list[Json]:
        found: list[Json] = []
        for name in re.findall(r"{(\w+)}", self.path):
            found.append({"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}})
        if method == "POST":
            found.append(KEY)
        if method in ("POST", "PUT") and self._overwrites(view, page):
            found.append(MATCH)
        if method == "GET" and hasattr(page, "table_class"):
            found += self._filters(page)
        for name, values in getattr(view, "query", {}).items():
            found.append({"name": name, "in": "query", "schema": {"type": "string", "enum": list(values)}})
        texts = getattr(view, "texts", ())
        found += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in texts]
        if getattr(view, "is_paged", False):
            found += [{"name": "after", "in": "query", "schema": {"type": "string"}}, LIMIT]
        return found

    def _overwrites(self, view: Any, page: type[Any]) -> bool:
        """Whether the version that was seen must be named."""
        if issubclass(page, MovePage):
            return bool(getattr(view, "move", "") or page.move)
        return "{" in self.path and bool(getattr(page, "changes_record", False))

    def _contents(self, page: type[Any], body: Json) -> Json:
        """The body by its media types: a form with a file also comes in parts, and only so where the file is needed."""
        files = {n: f for n, f in page.form_class.base_fields.items() if isinstance(f, forms.FileField)}
        without = {name: one for name, one in body["properties"].items() if name not in files}
        contents: Json = {}
        if not any(field.required for field in files.values()):
            contents["application/json"] = {"schema": {**body, "properties": without}}
        if files:
            contents["multipart/form-data"] = {"schema": body}
        return contents

    def _filters(self, page: type[Any]) -> list[Json]:
        found: list[Json] = [{"name": "q", "in": "query", "schema": {"type": "string"}}] if page.search_fields else []
        found += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("sort", "after", "before")]
        found.append(LIMIT)
        filters = page.filterset_class.base_filters if page.filterset_class is not None else {}
        for name, one in filters.items():
            suffixes = getattr(one.field.widget, "suffixes", None) or [""]
            schema = _filter_schema(one.field)
            found += [
                {"name": f"{name}_{suffix}" if suffix else name, "in": "query", "schema": schema} for suffix in suffixes
            ]
        return found

    def _answers(self, view: Any, page: type[Any], method: str) -> Json:
        wrong = {"$ref": "#/components/schemas/Problem"}
        content = {"application/problem+json": {"schema": wrong}}
        answers: Json = {"4XX": {"description": "Refused, in words; nothing changed.", "content": content}}
        is_list = method == "GET" and hasattr(page, "table_class")
        if hasattr(view, "media_type"):
            file = {"schema": {"type": "string", "format": "binary"}}
            answers["200"] = {"description": "The file.", "content": {view.media_type: file}}
            return dict(sorted(answers.items()))
        if hasattr(view, "read"):
            schema = (_page if view.is_paged else _rows)(self._shape(view.shape()))
            schema["properties"] |= {name: {"type": kind} for name, kind in view.beside.items()}
        elif getattr(view, "shape", None) is not None:
            schema = self._shape(view.shape())
        elif hasattr(view, "is_moves"):
            schema = _rows({"$ref": "#/components/schemas/Move"})
        else:
            shown = self._shape(shape_of(getattr(view, "returns", None) or page.model)())
            schema = _page(shown) if is_list else shown
        made = 201 if hasattr(view, "create_page") else getattr(view, "status", 200)
        done = {"description": "Done." if method != "GET" else "Found."}
        answers[str(made) if method == "POST" else "200"] = {
            **done,
            "content": {"application/json": {"schema": schema}},
        }
        return dict(sorted(answers.items()))

    def _shape(self, serializer: Any) -> Json:
        reference: Json = self.resolve_serializer(serializer, "response").ref
        return reference


def _filter_schema(field: forms.Field) -> Json:
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return {"type": "string", "enum": ["true", "false"]}
    if isinstance(field, forms.ModelChoiceField):
        return {"type": "integer"}
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        values = [str(key) for key, _label in choices if key not in ("", None)]
        return {"type": "string", "enum": values}
    return {"type": "string"}


def _rows(row: Mapping[str, Any]) -> Json:
    return {"type": "object", "required": ["results"], "properties": {"results": {"type": "array", "items": row}}}


def _page(row: Mapping[str, Any]) -> Json:
    cursor = {"type": "string", "nullable": True}
    return {
        "type": "object",
        "required": ["results", "next", "previous", "total", "is_total_exact"],
        "properties": {
            "results": {"type": "array", "items": row},
            "next": cursor,
            "previous": cursor,
            "total": {"type": "integer"},
            "is_total_exact": {"type": "boolean"},
        },
    }
