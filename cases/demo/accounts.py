"""The people of the demonstration board. Their password is published: they exist only where DEMO is set."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from cases.actions.membership import found_board, set_membership
from cases.choices import Role
from cases.models import Board

GROUP = "demo"  # config.authentication refuses the members of this group in production
PASSWORD = "tumor-board-demo"  # noqa: S105  (documented, and refused in production)
BOARD = "GI-NET board"


@dataclass(frozen=True)
class Account:
    username: str
    first_name: str
    last_name: str
    role: str


ACCOUNTS = (
    Account("admin", "Agnes", "Admin", Role.ADMINISTRATOR),
    Account("coordinator", "Carla", "Coordinator", Role.COORDINATOR),
    Account("clinician", "Claus", "Clinician", Role.CLINICIAN),
    Account("chair", "Charlotte", "Chair", Role.CHAIR),
    Account("viewer", "Victor", "Viewer", Role.VIEWER),
)

# Who may enter /admin/: to edit memberships, and to add meetings.
STAFF = (Role.ADMINISTRATOR, Role.COORDINATOR)


def create_board() -> tuple[Board, dict[str, User]]:
    """The board and its people, by username. The administrator gives the others their roles."""
    group, _ = Group.objects.get_or_create(name=GROUP)
    secret = make_password(PASSWORD)  # once for all: hashing is slow on purpose
    people = {account.username: _user(account, group, secret) for account in ACCOUNTS}
    board = found_board(by=people["admin"], name=BOARD, slug="gi-net")
    for account in ACCOUNTS[1:]:
        set_membership(by=people["admin"], board=board, user=people[account.username], role=account.role)
    return board, people


def _user(account: Account, group: Group, secret: str) -> User:
    user = User.objects.create(
        username=account.username,
        password=secret,
        first_name=account.first_name,
        last_name=account.last_name,
        is_staff=account.role in STAFF,
    )
    user.groups.add(group)
    return user


def in_words() -> str:
    """The accounts as the start of the program prints them."""
    lines = [f"  {account.username:<12} {account.role}" for account in ACCOUNTS]
    return "\n".join([f"Demonstration accounts, all with the password {PASSWORD}:", *lines])
