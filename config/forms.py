"""The forms on accounts: log-in, saying once more who one is, and passwords."""

from typing import Any

from allauth.account.forms import ReauthenticateForm as AllauthPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from config.authentication import spend
from config.limits import MOST_WRONG, Limit, at_log_in, in_session, tell_failure
from config.models import LOCKED_FOR, Way
from config.reauthentication import closed_here, reauthenticate

LONGEST_SECRET = 1000  # characters of a password; nobody has a longer one
LONGEST_CODE = 100
LONGEST_KEY_NAME = 80


class LoginForm(AuthenticationForm):
    """Name and password, counted. `closed`: the name is closed at this address, by this try or before it."""

    closed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = User._meta.get_field("username").max_length
        self.fields["username"].validators.append(MaxLengthValidator(longest or 150))
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST_SECRET))

    def clean(self) -> dict[str, Any]:
        if "username" not in self.cleaned_data or "password" not in self.cleaned_data:
            return self.cleaned_data
        limit = at_log_in(self.request, self.cleaned_data["username"])  # type: ignore[arg-type]  # never None here
        tries = limit.count()
        self.closed = tries >= MOST_WRONG
        if tries > MOST_WRONG:
            raise ValidationError("Closed for now.", code="closed")
        cleaned = super().clean()
        limit.clear()
        self.closed = False
        return cleaned


class Counted:
    """A code of a factor, counted before it is looked at."""

    user: User
    authenticator: Authenticator  # that the code is of

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].validators.append(MaxLengthValidator(LONGEST_CODE))  # type: ignore[attr-defined]

    def limit(self) -> Limit:
        raise NotImplementedError

    def clean_code(self) -> str:
        limit = self.limit()
        if limit.count() > MOST_WRONG:
            minutes = int(LOCKED_FOR.total_seconds() // 60)
            raise ValidationError(f"{MOST_WRONG} wrong codes: no more are taken for {minutes} minutes.")
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that this stands before
        if not spend(self.authenticator, code):
            raise ValidationError("This code has been used; wait for the next one.")
        limit.clear()
        return code


class CodeForm(Counted, AuthenticateForm):
    """The second step of a log-in."""

    def limit(self) -> Limit:
        return at_log_in(context.request, self.user.get_username(), Way.CODE)


class CodeAgainForm(Counted, ReauthenticateForm):
    """Who is in says so once more, with a code."""

    def limit(self) -> Limit:
        return in_session(context.request, self.user, Way.AGAIN)


class NamedKey(forms.Form):
    """The name of a key or passkey, which people give it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(LONGEST_KEY_NAME))


class NewKeyForm(NamedKey, AddWebAuthnForm):
    """A key is added."""


class KeyNameForm(NamedKey, EditWebAuthnForm):
    """A key gets another name."""


class PasswordAgainForm(AllauthPasswordForm):
    """Who is in says so once more, with the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Your password"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST_SECRET))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        refused = reauthenticate(context.request, password)
        if refused:
            raise ValidationError(refused)
        return password


class PasswordForm(PasswordChangeForm):
    """A new password for who is in; the old one has a counter of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].validators.append(MaxLengthValidator(LONGEST_SECRET))

    def clean_old_password(self) -> str:
        limit = in_session(context.request, self.user, Way.PASSWORD)
        if limit.count() > MOST_WRONG:
            raise ValidationError(closed_here())
        try:
            password: str = super().clean_old_password()
        except ValidationError:
            tell_failure(context.request, self.user, Way.PASSWORD)
            raise
        limit.clear()
        return password


class FirstPasswordForm(SetPasswordForm):
    """A first or forgotten password, for who has the link."""
