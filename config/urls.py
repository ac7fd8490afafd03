"""Addresses. No address holds a name, a number or anything else of a patient."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from config.forms import AdminLoginForm
from config.views import LoginView, healthz, kept, session

admin.site.site_header = admin.site.site_title = "Tumor board administration"
admin.site.login_form = AdminLoginForm

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("accounts/session/", session, name="session"),
    path("accounts/kept/", kept, name="kept"),
    # Whoever has been logged off in another tab may log off here too.
    path("accounts/logout/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("accounts/password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("accounts/password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("admin/", admin.site.urls),
    path("guideline/", include("guidelines.urls")),
    path("", include("cases.urls")),
]
