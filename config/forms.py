"""The log-in forms."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator


class LoginForm(AuthenticationForm):
    """Refuses a name longer than any account's, before the record of failed log-ins has to store it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = User._meta.get_field("username").max_length
        self.fields["username"].validators.append(MaxLengthValidator(longest or 150))


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """The same for the administration pages."""
