"""Whatever colour a group chooses, it can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.site import theme

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "two", "ratio"), [("#ffffff", "#000000", 21), ("#777777", "#FFFFFF", 4.48), ("#ff0000", "#ffffff", 4.0)]
)
def test_contrast_is_the_one_of_the_standard(one: str, two: str, ratio: float) -> None:
    assert theme.compute_contrast(one, two) == pytest.approx(ratio, abs=0.01)


@given(COLOURS)
def test_any_colour_is_made_readable_on_every_ground(colour: str) -> None:
    made = theme.build_palette(colour)
    for accent, grounds in (
        (made.light_accent, (made.light, made.light_shade)),
        (made.dark_accent, (made.dark, made.dark_shade)),
    ):
        assert min(theme.compute_contrast(accent, ground) for ground in grounds) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert theme.build_palette("#1D5A8A").light_accent == "#1d5a8a"
    assert theme.build_palette("#ffcc00").dark_accent == "#ffcc00"
