import datetime as dt

import pytest

from jobs import rules


def plain(waits, number):
    return waits[min(number, len(waits)) - 1]


@pytest.mark.parametrize("waits", [rules.AFTER_FAULT, rules.AFTER_CRASH])
def test_each_wait_is_at_least_what_the_table_says_and_at_most_a_quarter_more(waits):
    assert list(waits) == sorted(waits)
    for number in range(1, 40):
        wait = rules.delay_before_retry("a", number, waits)
        assert plain(waits, number) <= wait <= plain(waits, number) * 1.25


def test_nobody_waits_longer_than_a_quarter_of_an_hour_once_it_is_back():
    for seed in "abcdefgh":
        for number in (1, 7, 8, 30_000):
            assert rules.delay_before_retry(seed, number) <= dt.timedelta(minutes=15)
    assert rules.AFTER_FAULT[-1] * 1.25 == dt.timedelta(minutes=15)


def test_what_a_lost_worker_left_is_tried_again_within_two_minutes_of_the_loss():
    assert all(wait * 1.25 <= dt.timedelta(seconds=75) for wait in rules.AFTER_CRASH)


def test_the_delay_is_the_same_each_time_and_differs_between_jobs():
    assert rules.delay_before_retry("a", 4) == rules.delay_before_retry("a", 4)
    assert len({rules.delay_before_retry(seed, 4) for seed in "abcdefgh"}) == 8


def test_the_first_retry_comes_soon_even_when_nothing_was_counted():
    assert dt.timedelta(seconds=2) <= rules.delay_before_retry("a", 0) <= dt.timedelta(seconds=2.5)


@pytest.mark.parametrize(
    ("crashes", "most", "over"),
    [(0, 3, False), (2, 3, False), (3, 3, True), (4, 3, True), (1, 1, True), (2, 8, False), (3, 8, True)],
)
def test_when_a_job_that_breaks_off_is_poison(crashes, most, over):
    """A row of the release before says eight: three are enough for it too."""
    assert rules.is_poison(crashes=crashes, most=most) is over


SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("failing_for", "over"),
    [(dt.timedelta(0), False), (rules.PATIENCE - SECOND, False), (rules.PATIENCE, True), (rules.PATIENCE * 2, True)],
)
def test_what_is_away_is_waited_for_a_week_and_no_longer(failing_for, over):
    assert rules.is_over(failing_for=failing_for) is over
    assert dt.timedelta(days=2) < rules.PATIENCE < dt.timedelta(days=14)


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
