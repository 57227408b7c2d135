"""What is said of waiting for an answer holds for the plan as it is."""

from benchmarks import passing_on


def test_two_at_once_for_half_a_day_wait_far_less_than_one_after_the_other() -> None:
    slow, _one, ours, urgent = passing_on.simulate(600)
    assert ours.within_24 > slow.within_24 + 0.3
    assert urgent.within_24 > ours.within_24
    assert (round(ours.within_24, 1), round(ours.within_48, 1)) == (0.7, 0.9)
    assert ours.never < 0.12
    assert ours.invited < 5
