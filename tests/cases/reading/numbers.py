"""Numbers that Ki-67 or a count may be, for properties."""

from hypothesis import strategies as st

from cases.reading import BoundedNumber


@st.composite
def measured_numbers(draw: st.DrawFn) -> BoundedNumber:
    """Any number that Ki-67 or a count may be, from 1 to 99."""
    decimals = st.decimals(1, 99, places=2)
    low, high = sorted([draw(decimals), draw(decimals)])
    shape = draw(st.sampled_from(["value", "above", "below", "min", "max", "range", "open range"]))
    approximate = draw(st.booleans())
    match shape:
        case "value":
            return BoundedNumber(low, low, approximate=approximate)
        case "above" | "min":
            return BoundedNumber(low, None, low_open=shape == "above", approximate=approximate)
        case "below" | "max":
            return BoundedNumber(None, high, high_open=shape == "below", approximate=approximate)
    is_open = shape == "open range" and low != high
    return BoundedNumber(low, high, is_open, is_open and draw(st.booleans()), approximate)
