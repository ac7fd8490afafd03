"""Addresses of the record. A case stands in them by its random id only, a part by its short name."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from cases.choices import LetterKind
from cases.screens.printed import KINDS
from cases.views import (
    accounts,
    agenda,
    arranging,
    awaiting,
    boards,
    bundles,
    calendars,
    decision,
    deferring,
    deliveries,
    discussions,
    documents,
    entry,
    exchange,
    exchange_log,
    figures,
    follow_through,
    follow_up,
    guideline,
    handing,
    history,
    identity,
    keys,
    leading,
    letters,
    listing,
    lists,
    meetings,
    naming,
    options,
    orders,
    presenting,
    recall,
    removal,
    roll_call,
    sending,
    sharing,
    signed,
    signing,
    steps,
    taking_out,
    timeline,
    together,
    tokens,
    undiscussed,
    what_if,
    worklist,
)


class PartConverter:
    """The repeatable parts of the record."""

    regex = "pathology|imaging|molecular|marker|treatment|assessment"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class AnyPartConverter(PartConverter):
    """Every part that has a form with a preview."""

    regex = f"referral|{PartConverter.regex}"


class AddresseeConverter(PartConverter):
    """Who a letter is for."""

    regex = "|".join(LetterKind.values)


class KindConverter(PartConverter):
    """The documents that are made of something with an id; a board's figures have its name and a period."""

    regex = "|".join(kind.code for kind in KINDS.values() if kind.about != "board")


register_converter(AddresseeConverter, "addressee")
register_converter(KindConverter, "kind")
register_converter(PartConverter, "part")
register_converter(AnyPartConverter, "anypart")

app_name = "cases"

Addresses = list[URLPattern | URLResolver]

DOCUMENTS = [
    path("<kind:kind>/<uuid:uid>/", documents.document, name="document"),
    path("<kind:kind>/<uuid:uid>/preview/", documents.preview, name="document_preview"),
    path("orders/told/", orders.notice, name="document_notice"),
    path("orders/<uuid:order>/", orders.order_page, name="document_order"),
    path("orders/<uuid:order>/how-far/", orders.how_far, name="document_how_far"),
    path("orders/<uuid:order>/cancel/", orders.cancel, name="document_cancel"),
    path("orders/<uuid:order>/file/", orders.file, name="document_file"),
]
ONE_MEETING = [
    path("", meetings.meeting_page, name="meeting"),
    path("packet/", orders.order_of_packet, name="document_packet"),
    path("meeting.ics", calendars.meeting_file, name="meeting_file"),
    path("find/", arranging.find, name="find_for_agenda"),
    path("put/", arranging.put, name="put_on_agenda"),
    path("move/", arranging.move, name="move_on_agenda"),
    path("off/", arranging.take_off, name="take_off_agenda"),
    path("change/", leading.change, name="change_meeting"),
    path("cancel/", leading.cancel, name="cancel_meeting"),
    path("start/", leading.start, name="start_meeting"),
    path("take-up/", leading.take_up, name="take_up"),
    path("roll-call/", roll_call.roll_call, name="roll_call"),
    path("close/", leading.close, name="close_meeting"),
    path("carry-over/", leading.carry, name="carry_over"),
    path("note/", leading.note, name="meeting_note"),
    path("present/", presenting.present, name="present"),
    path("present/<uuid:discussion>/", presenting.slide, name="slide"),
    path("present/<uuid:discussion>/standing/", presenting.standing, name="slide_standing"),
]
EXCHANGE = [
    path("", exchange.exchange, name="exchange"),
    path("log/", exchange_log.exchange_log, name="exchange_log"),
    path("out/", taking_out.take_out, name="take_out"),
    path("lists/", exchange.upload, name="upload_list"),
    path("cases-template.xlsx", exchange.list_template, name="list_template"),
    path("lists/<uuid:token>/", lists.list_page, name="list"),
    path("lists/<uuid:token>/take/", lists.take_list, name="take_list"),
    path("lists/<uuid:token>/refused/", lists.refused_rows, name="refused_rows"),
    path("lists/<uuid:token>/discard/", lists.discard_list, name="discard_list"),
    path("taken/<uuid:taken>/undo/", exchange.undo_list, name="undo_list"),
]
ONE_BOARD: Addresses = [
    path("exchange/", include(EXCHANGE)),
    path("", boards.board_settings, name="board_settings"),
    path("people/", boards.board_people, name="board_people"),
    path("people/new/", accounts.new_person, name="new_person"),
    path("people/<int:person>/", accounts.account, name="account"),
    path("locks/", accounts.locks, name="locks"),
    path("rights/", accounts.rights, name="rights"),
    path("guideline-change/", recall.guideline_change, name="guideline_change"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<uuid:delivery>/again/", deliveries.deliver_again, name="deliver_again"),
    path("figures/", figures.figures, name="figures"),
    path("figures/figures.csv", figures.figures_file, name="figures_file"),
    path("figures/report/", orders.order_of_figures, name="document_figures"),
    path("figures/cases/", figures.figure_cases, name="figure_cases"),
]
ONE_DECISION = [
    path("timeline/", timeline.signed_timeline, name="signed_timeline"),
    path("", signed.signed, name="signed"),
    path("fhir/", sending.fhir, name="signed_fhir"),
    path("supersede/", signed.supersede, name="supersede"),
    path("withdraw/", signed.withdraw, name="withdraw"),
    path("steps/<int:number>/", steps.step, name="step"),
    path("options/<int:number>/", steps.option, name="followed_option"),
    path("letter/<addressee:addressee>/", letters.letter, name="letter"),
]
ONE_CASE: Addresses = [
    path("<anypart:part>/preview/", entry.preview, name="preview"),  # first: it comes with every keystroke
    path("decisions/<uuid:decision>/", include(ONE_DECISION)),
    path("", entry.case_page, name="case"),
    path("patient/", identity.patient_page, name="patient"),
    path("patient/other/", identity.other_patient, name="other_patient"),
    path("what-if/", what_if.what_if, name="what_if"),
    path("follow-up/", follow_up.follow_up, name="follow_up"),
    path("follow-up/plan/", follow_up.plan, name="plan_follow_up"),
    path("follow-up/<uuid:planned>/", steps.follow_up_item, name="follow_up_item"),
    path("path/", guideline.path_page, name="path"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("options/<slug:code>/", options.option, name="option"),
    path("comments/", entry.comments, name="comments"),
    path("comments/add/", entry.comment, name="comment"),
    path("shared/", sharing.shared, name="shared"),
    path("shared/<uuid:grant>/revoke/", sharing.revoke, name="revoke"),
    path("deciding-report/", naming.deciding_report, name="deciding_report"),
    path("bundles/", bundles.bring_bundle, name="bundles"),
    path("bundles/<uuid:brought>/", bundles.bundle, name="bundle"),
    path("bundles/<uuid:brought>/discard/", bundles.discard_bundle, name="discard_bundle"),
    path("bundles/posted/<uuid:posted>/", bundles.posted_bundle, name="posted_bundle"),
    path("bundles/posted/<uuid:posted>/close/", bundles.close_posted_bundle, name="close_posted_bundle"),
    path("history/", history.history, name="history"),
    path("history/<int:version>/undo/", history.undo, name="undo"),
    path("agenda/", agenda.schedule, name="schedule"),
    path("listing/", listing.listing, name="listing"),
    path("discussions/", discussions.discussions, name="discussions"),
    path("asked/", awaiting.asked, name="asked"),
    path("fact/<slug:name>/", awaiting.fact, name="fact"),
    path("status/", agenda.status, name="status"),
    path("owner/", agenda.owner, name="owner"),
    path("decision/", decision.decision_page, name="decision"),
    path("decision/urgent/", undiscussed.urgent, name="urgent"),
    path("decision/defer/", deferring.defer, name="defer"),
    path("decision/take-back/", deferring.take_back, name="take_back"),
    path("decision/discard/", removal.discard, name="discard"),
    path("decision/sign/", signing.sign, name="sign"),
    path("pathology/pasted/", entry.pasted, name="pasted"),
    path("<part:part>/", entry.part_page, name="part"),
    path("<part:part>/new/", entry.new_item, name="new_item"),
    path("<part:part>/<uuid:item>/", entry.item_page, name="item"),
    path("<part:part>/<uuid:item>/remove/", removal.remove, name="remove"),
]
# In the order in which they are asked for: an address is looked for from the top.
urlpatterns = [
    path("cases/<uuid:uid>/", include(ONE_CASE)),
    path("meetings/<uuid:meeting>/", include(ONE_MEETING)),
    path("documents/", include(DOCUMENTS)),
    path("boards/<slug:slug>/", include(ONE_BOARD)),
    path("", worklist.worklist, name="worklist"),
    path("search/", worklist.search, name="search"),
    path("keys/", keys.keys, name="keys"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new_meeting, name="new_meeting"),
    path("meetings/readiness/", awaiting.readiness, name="readiness"),
    path("calendar/", calendars.my_calendar, name="my_calendar"),
    path("boards/", boards.boards, name="boards"),
    path("calendar/new/", calendars.make_address, name="make_calendar"),
    path("calendar/revoke/", calendars.revoke_address, name="revoke_calendar"),
    path("calendar/meetings.ics", calendars.feed, name="calendar_feed"),
    path("steps/", follow_through.follow_through, name="steps"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:api_token>/revoke/", tokens.revoke, name="revoke_token"),
    path("hand-over/", handing.hand_over, name="hand_over"),
    path("cases/new/", identity.new_case, name="new_case"),
    path("cases/for-statement/<slug:statement_id>/", guideline.statement_cases, name="statement_cases"),
    path("discussions/<uuid:discussion>/draft/", together.saved_meanwhile, name="saved_meanwhile"),
    path("discussions/<uuid:discussion>/vote/", decision.vote, name="vote"),
]
