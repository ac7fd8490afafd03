"""Addresses of the record. A case stands in them by its random id only, a part by its short name."""

from django.urls import path, register_converter

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

urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("search/", worklist.search, name="search"),
    path("keys/", keys.keys, name="keys"),
    path("documents/<kind:kind>/<uuid:uid>/", documents.document, name="document"),
    path("documents/<kind:kind>/<uuid:uid>/preview/", documents.preview, name="document_preview"),
    path("documents/orders/told/", orders.notice, name="document_notice"),
    path("documents/orders/<uuid:order>/", orders.order_page, name="document_order"),
    path("documents/orders/<uuid:order>/how-far/", orders.how_far, name="document_how_far"),
    path("documents/orders/<uuid:order>/cancel/", orders.cancel, name="document_cancel"),
    path("documents/orders/<uuid:order>/file/", orders.file, name="document_file"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new_meeting, name="new_meeting"),
    path("meetings/readiness/", awaiting.readiness, name="readiness"),
    path("meetings/<uuid:meeting>/", meetings.meeting_page, name="meeting"),
    path("meetings/<uuid:meeting>/packet/", orders.order_of_packet, name="document_packet"),
    path("meetings/<uuid:meeting>/meeting.ics", calendars.meeting_file, name="meeting_file"),
    path("calendar/", calendars.my_calendar, name="my_calendar"),
    path("boards/", boards.boards, name="boards"),
    path("boards/<slug:slug>/", boards.board_settings, name="board_settings"),
    path("boards/<slug:slug>/people/", boards.board_people, name="board_people"),
    path("boards/<slug:slug>/people/new/", accounts.new_person, name="new_person"),
    path("boards/<slug:slug>/people/<int:person>/", accounts.account, name="account"),
    path("boards/<slug:slug>/locks/", accounts.locks, name="locks"),
    path("boards/<slug:slug>/rights/", accounts.rights, name="rights"),
    path("boards/<slug:slug>/guideline-change/", recall.guideline_change, name="guideline_change"),
    path("boards/<slug:slug>/deliveries/", deliveries.deliveries, name="deliveries"),
    path(
        "boards/<slug:slug>/deliveries/<uuid:delivery>/again/", deliveries.deliver_again, name="deliver_again"
    ),
    path("boards/<slug:slug>/figures/", figures.figures, name="figures"),
    path("boards/<slug:slug>/figures/figures.csv", figures.figures_file, name="figures_file"),
    path("boards/<slug:slug>/figures/report/", orders.order_of_figures, name="document_figures"),
    path("boards/<slug:slug>/figures/cases/", figures.figure_cases, name="figure_cases"),
    path("boards/<slug:slug>/exchange/", exchange.exchange, name="exchange"),
    path("boards/<slug:slug>/exchange/log/", exchange_log.exchange_log, name="exchange_log"),
    path("boards/<slug:slug>/exchange/out/", taking_out.take_out, name="take_out"),
    path("boards/<slug:slug>/exchange/lists/", exchange.upload, name="upload_list"),
    path("boards/<slug:slug>/exchange/cases-template.xlsx", exchange.list_template, name="list_template"),
    path("boards/<slug:slug>/exchange/lists/<uuid:token>/", lists.list_page, name="list"),
    path("boards/<slug:slug>/exchange/lists/<uuid:token>/take/", lists.take_list, name="take_list"),
    path("boards/<slug:slug>/exchange/lists/<uuid:token>/refused/", lists.refused_rows, name="refused_rows"),
    path("boards/<slug:slug>/exchange/lists/<uuid:token>/discard/", lists.discard_list, name="discard_list"),
    path("boards/<slug:slug>/exchange/taken/<uuid:taken>/undo/", exchange.undo_list, name="undo_list"),
    path("calendar/new/", calendars.make_address, name="make_calendar"),
    path("calendar/revoke/", calendars.revoke_address, name="revoke_calendar"),
    path("calendar/meetings.ics", calendars.feed, name="calendar_feed"),
    path("meetings/<uuid:meeting>/find/", arranging.find, name="find_for_agenda"),
    path("meetings/<uuid:meeting>/put/", arranging.put, name="put_on_agenda"),
    path("meetings/<uuid:meeting>/move/", arranging.move, name="move_on_agenda"),
    path("meetings/<uuid:meeting>/off/", arranging.take_off, name="take_off_agenda"),
    path("meetings/<uuid:meeting>/change/", leading.change, name="change_meeting"),
    path("meetings/<uuid:meeting>/cancel/", leading.cancel, name="cancel_meeting"),
    path("meetings/<uuid:meeting>/start/", leading.start, name="start_meeting"),
    path("meetings/<uuid:meeting>/take-up/", leading.take_up, name="take_up"),
    path("meetings/<uuid:meeting>/roll-call/", roll_call.roll_call, name="roll_call"),
    path("meetings/<uuid:meeting>/close/", leading.close, name="close_meeting"),
    path("meetings/<uuid:meeting>/carry-over/", leading.carry, name="carry_over"),
    path("meetings/<uuid:meeting>/note/", leading.note, name="meeting_note"),
    path("meetings/<uuid:meeting>/present/", presenting.present, name="present"),
    path("meetings/<uuid:meeting>/present/<uuid:discussion>/", presenting.slide, name="slide"),
    path(
        "meetings/<uuid:meeting>/present/<uuid:discussion>/standing/",
        presenting.standing,
        name="slide_standing",
    ),
    path("steps/", follow_through.follow_through, name="steps"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:api_token>/revoke/", tokens.revoke, name="revoke_token"),
    path("hand-over/", handing.hand_over, name="hand_over"),
    path("cases/new/", identity.new_case, name="new_case"),
    path("cases/<uuid:uid>/", entry.case_page, name="case"),
    path("cases/<uuid:uid>/patient/", identity.patient_page, name="patient"),
    path("cases/<uuid:uid>/patient/other/", identity.other_patient, name="other_patient"),
    path("cases/for-statement/<slug:statement_id>/", guideline.statement_cases, name="statement_cases"),
    path("cases/<uuid:uid>/what-if/", what_if.what_if, name="what_if"),
    path("cases/<uuid:uid>/follow-up/", follow_up.follow_up, name="follow_up"),
    path("cases/<uuid:uid>/follow-up/plan/", follow_up.plan, name="plan_follow_up"),
    path("cases/<uuid:uid>/follow-up/<uuid:planned>/", steps.follow_up_item, name="follow_up_item"),
    path("cases/<uuid:uid>/path/", guideline.path_page, name="path"),
    path("cases/<uuid:uid>/timeline/", timeline.timeline, name="timeline"),
    path(
        "cases/<uuid:uid>/decisions/<uuid:decision>/timeline/",
        timeline.signed_timeline,
        name="signed_timeline",
    ),
    path("cases/<uuid:uid>/options/<slug:code>/", options.option, name="option"),
    path("cases/<uuid:uid>/comments/", entry.comments, name="comments"),
    path("cases/<uuid:uid>/comments/add/", entry.comment, name="comment"),
    path("cases/<uuid:uid>/shared/", sharing.shared, name="shared"),
    path("cases/<uuid:uid>/shared/<uuid:grant>/revoke/", sharing.revoke, name="revoke"),
    path("cases/<uuid:uid>/deciding-report/", naming.deciding_report, name="deciding_report"),
    path("cases/<uuid:uid>/bundles/", bundles.bring_bundle, name="bundles"),
    path("cases/<uuid:uid>/bundles/<uuid:brought>/", bundles.bundle, name="bundle"),
    path("cases/<uuid:uid>/bundles/<uuid:brought>/discard/", bundles.discard_bundle, name="discard_bundle"),
    path("cases/<uuid:uid>/bundles/posted/<uuid:posted>/", bundles.posted_bundle, name="posted_bundle"),
    path(
        "cases/<uuid:uid>/bundles/posted/<uuid:posted>/close/",
        bundles.close_posted_bundle,
        name="close_posted_bundle",
    ),
    path("cases/<uuid:uid>/history/", history.history, name="history"),
    path("cases/<uuid:uid>/history/<int:version>/undo/", history.undo, name="undo"),
    path("cases/<uuid:uid>/agenda/", agenda.schedule, name="schedule"),
    path("cases/<uuid:uid>/listing/", listing.listing, name="listing"),
    path("cases/<uuid:uid>/discussions/", discussions.discussions, name="discussions"),
    path("cases/<uuid:uid>/asked/", awaiting.asked, name="asked"),
    path("cases/<uuid:uid>/fact/<slug:name>/", awaiting.fact, name="fact"),
    path("cases/<uuid:uid>/status/", agenda.status, name="status"),
    path("cases/<uuid:uid>/owner/", agenda.owner, name="owner"),
    path("cases/<uuid:uid>/decision/", decision.decision_page, name="decision"),
    path("cases/<uuid:uid>/decision/urgent/", undiscussed.urgent, name="urgent"),
    path("discussions/<uuid:discussion>/draft/", together.saved_meanwhile, name="saved_meanwhile"),
    path("discussions/<uuid:discussion>/vote/", decision.vote, name="vote"),
    path("cases/<uuid:uid>/decision/defer/", deferring.defer, name="defer"),
    path("cases/<uuid:uid>/decision/take-back/", deferring.take_back, name="take_back"),
    path("cases/<uuid:uid>/decision/discard/", removal.discard, name="discard"),
    path("cases/<uuid:uid>/decision/sign/", signing.sign, name="sign"),
    path("cases/<uuid:uid>/decisions/<uuid:decision>/", signed.signed, name="signed"),
    path("cases/<uuid:uid>/decisions/<uuid:decision>/fhir/", sending.fhir, name="signed_fhir"),
    path("cases/<uuid:uid>/decisions/<uuid:decision>/supersede/", signed.supersede, name="supersede"),
    path("cases/<uuid:uid>/decisions/<uuid:decision>/withdraw/", signed.withdraw, name="withdraw"),
    path("cases/<uuid:uid>/decisions/<uuid:decision>/steps/<int:number>/", steps.step, name="step"),
    path(
        "cases/<uuid:uid>/decisions/<uuid:decision>/options/<int:number>/",
        steps.option,
        name="followed_option",
    ),
    path(
        "cases/<uuid:uid>/decisions/<uuid:decision>/letter/<addressee:addressee>/",
        letters.letter,
        name="letter",
    ),
    path("cases/<uuid:uid>/pathology/pasted/", entry.pasted, name="pasted"),
    path("cases/<uuid:uid>/<anypart:part>/preview/", entry.preview, name="preview"),
    path("cases/<uuid:uid>/<part:part>/", entry.part_page, name="part"),
    path("cases/<uuid:uid>/<part:part>/new/", entry.new_item, name="new_item"),
    path("cases/<uuid:uid>/<part:part>/<uuid:item>/", entry.item_page, name="item"),
    path("cases/<uuid:uid>/<part:part>/<uuid:item>/remove/", removal.remove, name="remove"),
]
