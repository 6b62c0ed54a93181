import datetime as dt

import pytest

from jobs import rules


def test_the_delay_doubles_and_stays_below_its_bound():
    plain = [rules.delay_before_retry("a", n).total_seconds() for n in range(1, 9)]
    for n, seconds in enumerate(plain):
        assert 2 * 2**n <= seconds <= 2 * 2**n * 1.25
    longest = rules.LONGEST_DELAY.total_seconds()
    assert longest <= rules.delay_before_retry("a", 500).total_seconds() <= longest * 1.25


def test_the_delay_is_the_same_each_time_and_differs_between_jobs():
    assert rules.delay_before_retry("a", 4) == rules.delay_before_retry("a", 4)
    assert len({rules.delay_before_retry(seed, 4) for seed in "abcdefgh"}) == 8


def test_the_first_retry_comes_soon_even_when_nothing_was_counted():
    assert dt.timedelta(seconds=2) <= rules.delay_before_retry("a", 0) <= dt.timedelta(seconds=2.5)


@pytest.mark.parametrize(
    ("attempts", "max_attempts", "crashes", "over"),
    [(1, 8, 0, False), (7, 8, 0, False), (8, 8, 0, True), (2, 8, 2, False), (3, 8, 3, True), (1, 1, 0, True)],
)
def test_when_to_give_up(attempts, max_attempts, crashes, over):
    assert rules.gives_up(attempts=attempts, max_attempts=max_attempts, crashes=crashes) is over


def test_a_fault_is_described_by_kind_and_place_never_by_its_message():
    def read_the_photo():
        raise LookupError("Aled Jones")

    try:
        read_the_photo()
    except LookupError as error:
        text = rules.describe_fault(error)
    assert text.startswith("LookupError at jobs/test_rules.py:")
    assert text.endswith("in read_the_photo")
    assert "Aled" not in text


def test_a_fault_that_was_never_raised_still_has_a_name():
    assert rules.describe_fault(ValueError("x")) == "ValueError"


def test_a_description_is_bounded():
    kind = type("E" * 900, (Exception,), {})
    assert len(rules.describe_fault(kind())) == rules.ERROR_LIMIT


@pytest.mark.parametrize("fit", [3, "x", True, None])
def test_ids_flags_and_texts_are_fit_arguments(fit):
    assert rules.unfit_arguments({"a": fit}) == []


@pytest.mark.parametrize("unfit", [1.5, [1], {"a": 1}, b"x", dt.date(2026, 1, 1), object()])
def test_anything_bigger_is_not(unfit):
    assert rules.unfit_arguments({"a": 1, "b": unfit}) == ["b"]
