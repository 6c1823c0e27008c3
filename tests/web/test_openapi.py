"""The API keeps what its description promises, whatever is sent: never a 500, always our error shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.generation import GenerationMode

from tests.journeys.town import Town
from tests.web.conftest import Village, village

QUICK = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ERROR = {"code", "message", "field", "clause", "details"}
KEPT_OUT = r"/(session|tokens|setup|accounts/\{account\}/password)"
"""What would sign the tester out, or take the account away."""


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    home = tmp_path_factory.mktemp("fuzz")
    town = Town(home, f"sqlite:///{home / 'fuzz.sqlite'}", "2022-10-20 09:00:00")
    yield village(town)
    town.close()


def operations(town: Village, method: str) -> Iterator[Any]:
    """The described operations of a method, but for what would sign the tester out."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", town.town.app)
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.method == method and not re.search(KEPT_OUT, operation.path):
            yield operation


def probe(town: Village, operation: Any, mode: GenerationMode) -> None:
    """Send what fits the description, or what does not."""
    known = {"call": town.call, "studio": town.applied["studio"], "fund": town.fund}

    @given(case=operation.as_strategy(generation_mode=mode))
    @QUICK
    def send(case: Case) -> None:
        for name, value in known.items():
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = value
        response = case.call(headers=town.officer.headers)
        assert response.status_code < 500, (response.status_code, case.as_curl_command())
        if response.status_code >= 400:
            assert set(response.json()) == ERROR

    send()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_that_is_sent_breaks_it(fuzzed: Village, method: str, mode: GenerationMode) -> None:
    tried = 0
    for operation in operations(fuzzed, method):
        try:
            probe(fuzzed, operation, mode)
        except Unsatisfiable:
            # Nothing can be wrong with an operation that takes nothing.
            assert mode is GenerationMode.NEGATIVE
        tried += 1
    assert tried > 30


def test_the_description_is_openapi_31_and_names_every_operation(fuzzed: Village) -> None:
    found = fuzzed.town.public.get("/openapi.json").body
    assert found["openapi"] == "3.1.0"
    untold = [
        f"{method} {path}"
        for path, operations in found["paths"].items()
        for method, operation in operations.items()
        if method in {"get", "post", "put", "delete"} and not operation.get("summary")
    ]
    assert untold == []
