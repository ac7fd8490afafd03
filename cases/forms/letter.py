"""The text of a letter, before it is issued."""

from django import forms

from cases.choices import LONGEST_LETTER
from cases.forms.base import ChartForm

FEWEST_WORDS, MOST_WORDS = 80, 200


class LetterForm(ChartForm):
    """The whole text, from the salutation to the closing."""

    sections = (("", ("text",)),)

    text = forms.CharField(
        label="Text",
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=f"{FEWEST_WORDS} to {MOST_WORDS} words are read; an empty line begins a paragraph.",
        error_messages={"required": "Write the letter's text."},
    )
