"""The page of figures, its file and its lists of cases: for whom, over which period."""

import datetime
import io

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from pypdf import PdfReader

from cases.models import AuditEvent, Board
from tests import factories
from tests.cases.documents.working import fetched, ordered_figures
from tests.cases.figures.invented import Followed, Invented, InventedCase, Option, store
from tests.cases.pages import logged_in

pytestmark = pytest.mark.django_db

YEAR = "?year=2025"


@pytest.fixture
def held(board: Board, dora: User) -> Board:
    """Two discussions, both of 2025: one decided, one deferred."""
    board.disciplines = ["=Surgery"]
    board.save()
    case = InventedCase(entered=0, treated=[], imaged=[], died=False)
    step, option = Followed("not_done", "toxicity"), Option("accepted", True, "", Followed("done", "other"))
    decided = Invented(
        case=0, day=10, urgent=False, outcome="decided", deferral="imaging", minutes=7, complete=True,
        concordance="concordant", decision="signed", signed_after=2, considered=("yes", "no"),
        without_quorum=True, options=[option], steps=[step],
    )  # fmt: skip
    deferred = Invented(
        case=1, day=24, urgent=False, outcome="deferred", deferral="imaging", minutes=9, complete=False,
        concordance="", decision="none", signed_after=0, considered=("", ""), without_quorum=False,
    )  # fmt: skip
    store(board, dora, (case, case), [decided, deferred])
    return board


def url(board: Board, name: str = "figures", rest: str = YEAR) -> str:
    return reverse(f"cases:{name}", args=[board.slug]) + rest


def text(user: User, address: str, status: int = 200) -> str:
    response = logged_in(user).get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("who", ["alice", "bob", "victor"])
def test_a_member_sees_numbers_with_their_cases(
    request: pytest.FixtureRequest, held: Board, who: str
) -> None:
    user = request.getfixturevalue(who)
    html = text(user, url(held))
    assert "50 %: 1 of 2 discussions" in html
    assert "Median 8 min, 2 discussions" in html
    assert 'line=imaging&amp;from=01-Jan-2025&amp;to=31-Dec-2025" >1</a>' in html
    behind = text(user, url(held, "figure_cases", f"{YEAR}&figure=not_done&line=toxicity"))
    assert "Why steps were not done: Toxicity" in behind
    assert "1 case." in behind
    assert "Not done: Toxicity" in behind


def test_another_board_sees_figures_only_if_they_are_shown_and_without_small_numbers(
    held: Board, charlie: User
) -> None:
    assert logged_in(charlie).get(url(held)).status_code == 404
    held.shows_figures = True
    held.save()
    html = text(charlie, url(held))
    assert "Fewer than 5 discussions" in html
    assert "figures/cases" not in html
    assert "Median" not in html
    assert logged_in(charlie).get(url(held, "figure_cases")).status_code == 404
    assert "fewer than 5" in logged_in(charlie).get(url(held, "figures_file")).content.decode()
    assert held.name in text(charlie, reverse("cases:boards"))
    outsider = factories.UserFactory()
    for name in ("figures", "figures_file", "figure_cases"):
        assert logged_in(outsider).get(url(held, name)).status_code == 404


def test_a_case_that_is_no_longer_shared_has_no_link(
    held: Board, alice: User, third_board: Board, dana: User
) -> None:
    grant = factories.GrantFactory(case=held.cases.order_by("pk")[0], board=third_board)
    factories.DiscussionFactory(
        case=grant.case, board=third_board, meeting=None, place=None, urgent_reason="Asked for at once",
        started_at=datetime.datetime(2025, 3, 5, 16, tzinfo=datetime.UTC), outcome="decided",
    )  # fmt: skip
    assert "line=decided" in text(dana, url(third_board))
    grant.revoked_at, grant.revoked_by, grant.revoke_reason = (
        datetime.datetime.now(datetime.UTC),
        alice,
        "Over",
    )
    grant.save()
    assert "line=decided" not in text(dana, url(third_board))


def test_the_file_holds_the_same_numbers_and_no_formula(held: Board, bob: User) -> None:
    response = logged_in(bob).get(url(held, "figures_file"))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "figures-gi-net-2025-01-01-2025-12-31.csv" in response.headers["Content-Disposition"]
    lines = response.content.decode("utf-8-sig").splitlines()
    assert "Cases and meetings,Discussions by outcome,Decided,1,2,discussions,50," in "\n".join(lines)
    assert "People,Meetings with each discipline,'=Surgery,0,2,meetings,0," in "\n".join(lines)
    event = AuditEvent.objects.get(action="exported")
    assert (event.user, event.board, event.kind) == (bob, held, "figures")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?from=05-Mar-2026", "To: Give both days, or a year."),
        ("?from=05-Mar-2026&to=04-Mar-2026", "To: Choose a day after the first, at most ten years later."),
        ("?from=soon&to=04-Mar-2026", "From: Soon is not a month. Enter a date such as 05-Mar-2026"),
        ("?year=26", "Year: Ensure this value is greater than or equal to 1990."),
    ],
)
def test_a_period_that_is_none_says_what_is_allowed(board: Board, alice: User, asked: str, said: str) -> None:
    html = text(alice, url(board, rest=asked), 422)
    assert said in html
    assert "Error: Figures" in html


def test_without_a_period_it_is_the_last_twelve_months(held: Board, alice: User) -> None:
    assert "No discussions" in text(alice, url(held, rest=""))
    assert logged_in(alice).get(url(held, "figure_cases", "?figure=nothing")).status_code == 404


def test_the_report_is_the_same_on_paper(held: Board, alice: User) -> None:
    made = fetched(alice, ordered_figures(alice, held, year="2025"))
    paper = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(made)).pages).split())
    for words in (
        "GI-NET board",
        "01-Jan-2025 to 31-Dec-2025",
        "50 %: 1 of 2 discussions",
        "by Alice Albers",
    ):
        assert words in paper
