"""Adds to the OpenAPI document what drf-spectacular cannot infer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.views import SpectacularAPIView

from api.filters import KEY_SCHEMA
from api.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "What is not right, one by one.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "A JSON pointer to the field or, `#/name`, to the parameter of the query.",
                    },
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
RESPONSES = {
    "400": "A parameter is not right.",
    "401": "Nobody is signed in.",
    "404": "There is nothing here, or nothing that you may see.",
    "405": "The API only reads.",
    "406": "Only JSON is spoken here.",
}
FILLED = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


class SessionSignIn(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class SchemaView(SpectacularAPIView):
    """JSON unless YAML is asked for."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]
    http_method_names = ["get", "head"]


def add_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Adds to every operation its error responses, the schema of keys, and that a parameter is not blank."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for operation in operations.values():
            for status, description in RESPONSES.items():
                if status != "404" or "{" in path:
                    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
                    operation["responses"][status] = {"description": description, "content": content}
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["schema"] = KEY_SCHEMA
                elif parameter["schema"].keys() <= {"type", "maxLength"} and parameter["schema"]["type"] == "string":
                    parameter["schema"]["pattern"] = FILLED
    return result
