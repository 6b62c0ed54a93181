"""Two catalogues: the one we ship, and a tiny one that a test may change as it likes."""

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

import qualifications
from qualifications.services import Catalogue, publish_catalogue, read_catalogue

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
SHIPPED = Path(qualifications.__file__).parent / "catalogue"

UNIT: dict[str, Any] = {
    "key": "Y-100-0001",
    "reference": "Y/100/0001",
    "title": "Deal with refunds",
    "level": 2,
    "credit": 3,
    "guided_learning_hours": 14,
    "generation": 2014,
    "sector": "customer-service",
    "kind": "competence",
    "outcomes": [
        {
            "number": 1,
            "title": "Understand refunds",
            "kind": "knowledge",
            "criteria": [
                {"number": "1.1", "text": "Explain when a refund is due", "themes": ["legislation"]},
                {"number": "1.2", "text": "Describe the refund procedure"},
            ],
        },
        {
            "number": 2,
            "title": "Be able to refund",
            "kind": "competence",
            "criteria": [{"number": "2.1", "text": "Refund a customer", "themes": ["problem-solving"]}],
        },
    ],
    "provenance": {"facts": "read", "criteria": "mixed", "sources": ["A book: https://example.org/b"], "notes": "N."},
}
OTHER_UNIT: dict[str, Any] = {
    **copy.deepcopy(UNIT),
    "key": "ocr-other",
    "reference": None,
    "title": "Greet visitors",
    "kind": "knowledge",
    "outcomes": [
        {"number": 1, "title": "Know", "kind": "knowledge", "criteria": [{"number": "1.1", "text": "State a rule"}]}
    ],
}
QUALIFICATION: dict[str, Any] = {
    "entry_code": "00001",
    "title": "Certificate in Refunds",
    "awarding_body": "OCR",
    "level": 2,
    "generation": 2014,
    "ofqual_number": None,
    "credit": 6,
    "credit_at_or_above": {"level": 2, "credit": 4},
    "guided_learning_hours": {"min": 20, "max": 30},
    "total_qualification_time": None,
    "dates": {"listed": "2014-09-19", "last_registration": None, "last_certification": None},
    "replaces": None,
    "groups": [
        {
            "id": "A",
            "title": "Mandatory",
            "mandatory": True,
            "exact_credit": 3,
            "complete": True,
            "units": [{"number": 1, "unit": "Y-100-0001"}],
        },
        {
            "id": "B",
            "title": "Optional",
            "mandatory": False,
            "min_credit": 3,
            "complete": False,
            "units": [{"number": None, "unit": "ocr-other"}],
        },
    ],
    "barred": [],
    "provenance": {"facts": "mixed", "sources": [], "notes": "None."},
}


class Folder:
    """A tiny catalogue on disk. Change `units` and `qualification`, then `write()`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unit = copy.deepcopy(UNIT)
        self.other = copy.deepcopy(OTHER_UNIT)
        self.qualification = copy.deepcopy(QUALIFICATION)

    def write(self) -> Path:
        for part, name, data in (
            ("units", "Y-100-0001", self.unit),
            ("units", "ocr-other", self.other),
            ("qualifications", "00001", self.qualification),
        ):
            (self.path / part).mkdir(exist_ok=True)
            (self.path / part / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
        return self.path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.write()
    return made


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return read_catalogue(SHIPPED)


@pytest.fixture
def published(db: None, shipped: Catalogue) -> None:
    publish_catalogue(shipped, at=AT)
