"""Until when learners can join (R16)."""

import datetime as dt

import pytest

from qualifications.rules import LifecycleFacts, why_not_registrable

END = dt.date(2018, 8, 31)
DAY = dt.timedelta(days=1)


def codes(entry, certificates, on):
    return [r.code for r in why_not_registrable(LifecycleFacts("L1 NVQ", entry, certificates), on)]


@pytest.mark.parametrize(
    ("entry", "certificates", "on", "expected"),
    [
        (None, None, END, []),
        (END, None, END, []),
        (END, None, END + DAY, ["closed-to-entry"]),
        (None, END, END, []),
        (None, END, END + DAY, ["closed-to-certification"]),
        (END - DAY, END, END, ["closed-to-entry"]),
        (END, END, END + DAY, ["closed-to-entry", "closed-to-certification"]),
    ],
)
def test_last_days_count_and_the_day_after_does_not(entry, certificates, on, expected):
    assert codes(entry, certificates, on) == expected


def test_the_sentences_name_the_qualification_and_the_day():
    entry, certificates = why_not_registrable(LifecycleFacts("L1 NVQ", END, END), END + DAY)

    assert entry.sentence == "New learners could join L1 NVQ until 31 August 2018."
    assert certificates.sentence == "Certificates for L1 NVQ could be claimed until 31 August 2018."
    assert {entry.field, certificates.field} == {"qualification"}
