"""Where an entry comes from, said honestly."""

import pytest

from qualifications.rules import Source, provenance_in_words
from qualifications.rules.file_parts import OFFICIAL, READ_OR_RECALLED
from qualifications.rules.provenance import RULES_KNOWN, SENTENCES


def test_read_facts_and_recalled_criteria_are_two_sentences():
    found = provenance_in_words({"facts": "read", "criteria": "recalled", "sources": [], "notes": "By hand."})

    assert found.sentences == (
        "Title, level, credits and hours were read in a published source.",
        "The criteria are recalled, not read in a source.",
    )
    assert found.notes == "By hand."


def test_a_qualification_has_no_sentence_about_criteria():
    assert provenance_in_words({"facts": "mixed"}).sentences == (
        "Some facts were read in a published source, others are recalled.",
    )


def test_every_word_a_file_may_use_has_a_sentence():
    said = {(part, word) for part in ("facts", "criteria") for word in READ_OR_RECALLED}
    said |= {("rule", word) for word in RULES_KNOWN}
    assert set(SENTENCES) == said | {("criteria", OFFICIAL)}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Handbook, version 4: https://example.org/a?b=1", Source("Handbook, version 4", "https://example.org/a?b=1")),
        ("Guide: 2014/15: http://example.org/", Source("Guide: 2014/15", "http://example.org/")),
        ("A book on a shelf", Source("A book on a shelf", "")),
        ("Trap: javascript:alert(1)", Source("Trap: javascript:alert(1)", "")),
        ("Two: https://a.example and more", Source("Two: https://a.example and more", "")),
    ],
)
def test_only_web_addresses_become_links(text, source):
    assert provenance_in_words({"sources": [text]}).sources == (source,)
