"""The people of the demonstration boards. Their password is published: they exist only where DEMO is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from cases.actions.membership import found_board, set_membership
from cases.choices import Role
from cases.models import Board

GROUP = "demo"  # config.authentication refuses the members of this group in production
PASSWORD = "tumor-board-demo"  # noqa: S105  (documented, and refused in production)
BOARDS = {"gi-net": "GI-NET board", "pelvic-nen": "Pelvic NEN board"}


# What each board has settled for itself: disciplines in the order of its roll call, those that must be there.
SETTLED: dict[str, dict[str, Any]] = {
    "gi-net": {
        "disciplines": [
            "Surgery",
            "Medical oncology",
            "Radiology",
            "Pathology",
            "Nuclear medicine",
            "Radiation oncology",
        ],
        "quorum_disciplines": ["Surgery", "Medical oncology", "Radiology", "Pathology"],
        "quorum_people": 4,
        "minutes_per_case": 7,
    },
    "pelvic-nen": {
        "disciplines": ["Gynecologic oncology", "Radiation oncology", "Pathology", "Radiology"],
        "quorum_disciplines": ["Gynecologic oncology", "Pathology"],
        "quorum_people": 3,
        "minutes_per_case": 9,
    },
}


@dataclass(frozen=True)
class Account:
    username: str
    first_name: str
    last_name: str
    role: str
    board: str = "gi-net"


ACCOUNTS = (
    Account("admin", "Agnes", "Admin", Role.ADMINISTRATOR),
    Account("coordinator", "Carla", "Coordinator", Role.COORDINATOR),
    Account("clinician", "Claus", "Clinician", Role.CLINICIAN),
    Account("chair", "Charlotte", "Chair", Role.CHAIR),
    Account("viewer", "Victor", "Viewer", Role.VIEWER),
    Account("gynecologist", "Greta", "Gynecologist", Role.CHAIR, "pelvic-nen"),
)
# Who belongs to a second board, with another role there: the username, the role and the board.
ELSEWHERE = (("coordinator", Role.ADMINISTRATOR, "pelvic-nen"),)

# Who may enter /admin/: to edit memberships, and to add meetings.
STAFF = (Role.ADMINISTRATOR, Role.COORDINATOR)


def memberships() -> tuple[tuple[str, str, str], ...]:
    """Username, role and board of everybody."""
    return (*((one.username, one.role, one.board) for one in ACCOUNTS), *ELSEWHERE)


def create_boards() -> tuple[dict[str, Board], dict[str, User]]:
    """The boards by slug and their people by username. An administrator gives the others their roles."""
    group, _ = Group.objects.get_or_create(name=GROUP)
    secret = make_password(PASSWORD)  # once for all: hashing is slow on purpose
    people = {account.username: _user(account, group, secret) for account in ACCOUNTS}
    boards = {}
    for slug, name in BOARDS.items():
        roles = {username: role for username, role, board in memberships() if board == slug}
        founder = next(username for username, role in roles.items() if role == Role.ADMINISTRATOR)
        boards[slug] = found_board(by=people[founder], name=name, slug=slug, **SETTLED[slug])
        for username in [one for one in roles if one != founder]:
            set_membership(
                by=people[founder], board=boards[slug], user=people[username], role=roles[username]
            )
    return boards, people


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
    lines = [f"  {username:<12} {role} of the {BOARDS[board]}" for username, role, board in memberships()]
    return "\n".join([f"Demonstration accounts, all with the password {PASSWORD}:", *lines])
