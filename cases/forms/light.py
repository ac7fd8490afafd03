"""Fields that are copied for each form at little cost: a form of the record has forty, and is made anew with
every key that is typed.
"""

from typing import Any, Self

from django import forms


class LightField(forms.Field):
    """A field of which each form has a copy with messages and attributes of its own. Choices and validators
    are in common: nobody changes them in place, and to copy them too was a tenth of a preview.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = self.__class__.__new__(self.__class__)
        copied.__dict__.update(self.__dict__)
        copied.error_messages = {**self.error_messages}
        widget = copied.widget = self.widget.__class__.__new__(self.widget.__class__)
        widget.__dict__.update(self.widget.__dict__)
        widget.attrs = {**self.widget.attrs}
        memo[id(self)] = copied
        return copied


class LightFields(dict[str, forms.Field]):
    """The fields of a form's class. Each form has a copy of every one, but their names are nobody's to
    change: to copy these too takes up to half as long again.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: field.__deepcopy__(memo) for name, field in self.items()}
