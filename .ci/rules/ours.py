# What the rules of ours.yaml find, and what they leave alone. Nothing runs this file.

# ruleid: markup-is-escaped
mark_safe(f"<b>{case.question}</b>")
# ruleid: markup-is-escaped
mark_safe(text)
# ruleid: markup-is-escaped
SafeString(text)
# ruleid: markup-is-escaped
format_html(f"<b>{case.question}</b>")
# ruleid: markup-is-escaped
format_html("<b>" + case.question + "</b>")
# ruleid: markup-is-escaped
format_html_join(", ", text, rows)
# ok: markup-is-escaped
format_html("<b>{}</b>", case.question)
# ok: markup-is-escaped
SafeString("")

# ruleid: values-are-parameters
cursor.execute(f"SELECT 1 FROM cases_case WHERE uid = '{uid}'")
# ruleid: values-are-parameters
cursor.execute("SELECT 1 FROM cases_case WHERE uid = '%s'" % uid)
# ruleid: values-are-parameters
cursor.executemany("SELECT 1 FROM cases_case WHERE uid = " + uid, rows)
# ruleid: values-are-parameters
cursor.execute("SELECT 1 FROM cases_case WHERE uid = '{}'".format(uid))
# ok: values-are-parameters
cursor.execute("SELECT 1 FROM cases_case WHERE uid = %s", [uid])

# ruleid: queries-are-the-orms
Case.objects.raw("SELECT * FROM cases_case")
# ruleid: queries-are-the-orms
Case.objects.all().extra(where=["uid = 1"])
# ruleid: queries-are-the-orms
Case.objects.annotate(n=RawSQL("SELECT 1", []))
# ok: queries-are-the-orms
Case.objects.filter(uid=uid)

# ruleid: nothing-of-a-patient-in-logs
log.warning("Not found: %s", case.patient.surname)
# ruleid: nothing-of-a-patient-in-logs
logger.info(f"Posted: {request.POST}")
# ruleid: nothing-of-a-patient-in-logs
log.error("Posted: %s", str(request.POST))
# ok: nothing-of-a-patient-in-logs
log.warning("A session was not stored: %s", type(error).__name__)
# ok: nothing-of-a-patient-in-logs
logger.warning("Wrong password of user %s", user.pk)


def page(request: HttpRequest, uid: UUID, board: Board) -> HttpResponse:
    # ruleid: a-view-asks-the-door
    get_object_or_404(Case, uid=uid)
    # ruleid: a-view-asks-the-door
    Case.objects.get(uid=uid)
    # ruleid: a-view-asks-the-door
    Case.objects.filter(uid=uid).first()
    # ruleid: a-view-asks-the-door
    Case.objects.select_related("board").filter(uid=uid)
    # ok: a-view-asks-the-door
    case_or_404(request.user, uid)
    # ok: a-view-asks-the-door
    ListImport.objects.filter(board=board, uid=uid).first()
    # ok: a-view-asks-the-door
    Membership.objects.filter(user=request.user)
