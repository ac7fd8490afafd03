"""Errors of an action, put at the fields of the form they came from."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def take_errors(form: forms.Form, error: ValidationError) -> None:
    """Add the action's errors to the form: at the field where it has one, above the form otherwise."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def problems_of(form: forms.Form) -> list[tuple[str, str]]:
    """Every error of a form, which names its field, with that one's id; "" for one of the whole form."""
    found = [
        (str(box.id_for_label or box.auto_id), naming(str(box.label), str(error)))
        for box in form
        for error in box.errors
    ]
    return [*(("", str(error)) for error in form.non_field_errors()), *found]


def naming(label: str, error: str) -> str:
    """The error with the name of its field before it, if it does not begin with that."""
    return error if error.casefold().startswith(label.casefold()) else f"{label}: {error}"
