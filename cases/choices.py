"""Choices of the record itself. A leaf module: it imports nothing of ours.

Values that the guideline defines (sites, stages, stains, judgments) are *not* listed here: they come from
`guidelines.vocabulary.facts.FACTS`. Where a choice of the record has to repeat a guideline code (an imaging
result, the site that a FIGO stage belongs to), a test proves that the two agree.
"""

from django.db import models

NOT_KNOWN = "Not known"
# In place of a citation, for a demonstration case that no report describes.
INVENTED = "Invented for demonstration, no published source"


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Other"
    NOT_KNOWN = "", NOT_KNOWN


class Role(models.TextChoices):
    """What a person is on a board, perhaps several; `cases.access.ROLE_RIGHTS` has what each may do."""

    COORDINATOR = "coordinator", "Coordinator"
    CLINICIAN = "clinician", "Clinician"
    SCRIBE = "scribe", "Scribe"
    CHAIR = "chair", "Chair"
    VIEWER = "viewer", "Viewer"
    ADMINISTRATOR = "administrator", "Administrator"


class CaseStatus(models.TextChoices):
    """Where a case stands: `Case.stage`, and what its discussions make of it (`cases.actions.standing`)."""

    DRAFT = "draft", "Draft"
    READY = "ready", "Ready"
    SCHEDULED = "scheduled", "Scheduled"
    DEFERRED = "deferred", "Deferred"
    DECIDED = "decided", "Decided"
    CLOSED = "closed", "Closed"


# What a person says of a case by hand; everything else follows from its discussions.
STAGES: tuple[str, ...] = (CaseStatus.DRAFT, CaseStatus.READY, CaseStatus.CLOSED)

# Where a case may go from each status by hand.
STATUS_MOVES: dict[str, tuple[str, ...]] = {
    CaseStatus.DRAFT: (CaseStatus.READY, CaseStatus.CLOSED),
    CaseStatus.READY: (CaseStatus.DRAFT, CaseStatus.CLOSED),
    CaseStatus.SCHEDULED: (CaseStatus.CLOSED,),
    CaseStatus.DEFERRED: (CaseStatus.CLOSED,),
    CaseStatus.DECIDED: (CaseStatus.CLOSED,),
    CaseStatus.CLOSED: (CaseStatus.DRAFT,),
}


class MeetingState(models.TextChoices):
    """A meeting is planned, then runs, then is closed for good; or it is cancelled, with a reason."""

    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class AttendanceMode(models.TextChoices):
    ROOM = "room", "In the room"
    REMOTE = "remote", "Remote"


class ListingReason(models.TextChoices):
    """Why a case is discussed."""

    NEW_DIAGNOSIS = "new_diagnosis", "New diagnosis"
    PROGRESSION = "progression", "Progression"
    AFTER_SURGERY = "after_surgery", "After surgery"
    AFTER_TREATMENT = "after_treatment", "After other treatment"
    NEW_FINDING = "new_finding", "New finding"
    TOXICITY = "toxicity", "Toxicity, or treatment not tolerated"
    SECOND_OPINION = "second_opinion", "Second opinion"
    RE_PRESENTATION = "re_presentation", "Re-presentation after deferral"
    CARRIED_OVER = "carried_over", "Carried over from a meeting"
    OTHER = "other", "Other"
    NOT_STATED = "", "Not stated"


class Track(models.TextChoices):
    """How much of the meeting a case takes."""

    FULL = "full", "Full discussion"
    PROTOCOL = "protocol", "By protocol, not discussed"


class Outcome(models.TextChoices):
    """How a discussion ended."""

    OPEN = "open", "Open"
    DECIDED = "decided", "Decided"
    DEFERRED = "deferred", "Deferred"
    NOT_REACHED = "not_reached", "Not reached"
    PROTOCOL = "protocol", "By protocol"


DECIDED_OUTCOMES: tuple[str, ...] = (Outcome.DECIDED, Outcome.PROTOCOL)


class DeferralReason(models.TextChoices):
    """What keeps a board from deciding."""

    PATHOLOGY = "pathology", "Pathology is missing or to be reviewed"
    IMAGING = "imaging", "Imaging is missing or to be reviewed"
    MOLECULAR = "molecular", "Molecular result is missing"
    RECORDS = "records", "Records from elsewhere are missing"
    EXPERT = "expert", "The expert it needs was not there"
    PATIENT = "patient", "The patient is to be seen or asked first"
    OTHER = "other", "Other (explained in words)"


class Considered(models.TextChoices):
    """Whether the board considered something."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_APPLICABLE = "not_applicable", "Does not apply"
    NOT_STATED = "", "Not stated"


class Specimen(models.TextChoices):
    BIOPSY = "biopsy", "Biopsy"
    FINE_NEEDLE = "fine_needle", "Fine-needle aspirate"
    RESECTION = "resection", "Surgical resection"
    ENDOSCOPIC_RESECTION = "endoscopic_resection", "Endoscopic resection"
    CYTOLOGY = "cytology", "Cytology"
    OTHER = "other", "Other"


class Modality(models.TextChoices):
    CT = "ct", "CT"
    MRI = "mri", "MRI"
    SSTR = "sstr", "SSTR imaging"
    FDG_PET = "fdg_pet", "FDG-PET"
    BRAIN_MRI = "brain_mri", "Brain MRI"
    ENDOSCOPY = "endoscopy", "Endoscopy"
    ECHOCARDIOGRAM = "echocardiogram", "Echocardiogram"
    OTHER = "other", "Other"


class ImagingResult(models.TextChoices):
    """The guideline's codes of `sstr_imaging` and `fdg_pet`, used for every study."""

    NOT_DONE = "not_done", "Not done"
    NEGATIVE = "negative", "Negative"
    POSITIVE = "positive", "Positive"


class Lesion(models.TextChoices):
    """What a specimen was taken from."""

    PRIMARY = "primary", "Primary tumor"
    METASTASIS = "metastasis", "Metastasis"
    NODE = "node", "Lymph node"
    RECURRENCE = "recurrence", "Recurrence"


class ImagingCourse(models.TextChoices):
    """What a study says of the disease, compared with the one before."""

    RESPONSE = "response", "Response"
    STABLE = "stable", "Stable"
    PROGRESSION = "progression", "Progression"
    FIRST = "first", "First study"


class MolecularMethod(models.TextChoices):
    NGS = "ngs", "NGS"
    IHC = "ihc", "IHC"
    PCR = "pcr", "PCR"
    FISH = "fish", "FISH"
    LIQUID_BIOPSY = "liquid_biopsy", "Liquid biopsy"
    OTHER = "other", "Other"


class Microsatellites(models.TextChoices):
    HIGH = "high", "MSI high"
    LOW = "low", "MSI low"
    STABLE = "stable", "Microsatellites stable"


class TreatmentList(models.TextChoices):
    """Whether the treatments of the record are all there were. Not stated counts as open."""

    COMPLETE = "complete", "Complete"
    OPEN = "open", "There may have been more"


class TreatmentKind(models.TextChoices):
    SURGERY = "surgery", "Surgery"
    ENDOSCOPIC_RESECTION = "endoscopic_resection", "Endoscopic resection"
    RADIATION = "radiation", "Radiation"
    CHEMORADIATION = "chemoradiation", "Chemoradiation"
    SYSTEMIC = "systemic", "Systemic therapy"
    ABLATION = "ablation", "Ablation"
    EMBOLIZATION = "embolization", "Embolization"
    RADIOLIGAND = "radioligand", "Radioligand therapy"
    OTHER = "other", "Other treatment"


OPERATIONS: tuple[str, ...] = (TreatmentKind.SURGERY, TreatmentKind.ENDOSCOPIC_RESECTION)
WITH_RADIATION: tuple[str, ...] = (TreatmentKind.RADIATION, TreatmentKind.CHEMORADIATION)
WITH_DRUGS: tuple[str, ...] = (
    TreatmentKind.SYSTEMIC,
    TreatmentKind.CHEMORADIATION,
    TreatmentKind.RADIOLIGAND,
    TreatmentKind.EMBOLIZATION,
    TreatmentKind.OTHER,
)


class TreatmentSetting(models.TextChoices):
    CURATIVE = "curative", "Curative"
    NEOADJUVANT = "neoadjuvant", "Neoadjuvant"
    ADJUVANT = "adjuvant", "Adjuvant"
    PALLIATIVE = "palliative", "Palliative"
    DEFINITIVE = "definitive", "Definitive"


class StopReason(models.TextChoices):
    PROGRESSION = "progression", "Progression"
    COMPLETED = "completed", "Completed"
    TOXICITY = "toxicity", "Toxicity"
    WISH = "wish", "Patient's wish"
    BREAK = "break", "Break"
    DEATH = "death", "Death"
    OTHER = "other", "Other"


class SiteTreated(models.TextChoices):
    PRIMARY = "primary", "Primary tumor"
    PRIMARY_AND_METASTASES = "primary_and_metastases", "Primary tumor and metastases"
    METASTASIS = "metastasis", "Metastases"
    LYMPH_NODES = "lymph_nodes", "Lymph nodes"
    OTHER = "other", "Other"


OTHER_REGIMEN = "other"  # a regimen that has no code; `regimen_text` names it


class BestResponse(models.TextChoices):
    """As reported in the chart; the guideline's own `response` is the clinician's statement."""

    COMPLETE = "complete", "Complete response"
    PARTIAL = "partial", "Partial response"
    STABLE = "stable", "Stable disease"
    PROGRESSION = "progression", "Progressive disease"
    NOT_EVALUABLE = "not_evaluable", "Not evaluable"


class DecisionStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed"
    SUPERSEDED = "superseded", "Superseded"


class Intent(models.TextChoices):
    CURATIVE = "curative", "Curative"
    DISEASE_CONTROL = "disease_control", "Disease control"
    PALLIATIVE = "palliative", "Palliative"
    DIAGNOSTIC = "diagnostic", "Further diagnosis first"
    NOT_STATED = "", "Not stated"


class OptionChoice(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    DEFERRED = "deferred", "Deferred"
    OWN = "own", "The board's own"


class DeviationReason(models.TextChoices):
    """Why a board rejects what is recommended, or takes what is advised against."""

    PATIENT_WISH = "patient_wish", "Patient's wish"
    COMORBIDITY = "comorbidity", "Comorbidity or performance status"
    PRIOR_TREATMENT = "prior_treatment", "Already done, or prior treatment stands against it"
    TOLERANCE = "tolerance", "Not tolerated before"
    TUMOR_BIOLOGY = "tumor_biology", "Tumor behaves differently"
    NEW_EVIDENCE = "new_evidence", "Evidence newer than the guideline"
    TRIAL = "trial", "Treatment within a trial"
    NOT_AVAILABLE = "not_available", "Not available here"
    OTHER = "other", "Other (explained in words)"


class StepState(models.TextChoices):
    """What became of a next step, of an option that was accepted, of an item of follow-up."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    PARTLY = "partly", "Done in part"
    NOT_DONE = "not_done", "Not done"
    TAKEN_OVER = "taken_over", "Taken over by a later decision"
    NOT_NEEDED = "not_needed", "Not needed any more"
    REPLACED = "replaced", "Replaced by a new plan"


class StepChange(models.TextChoices):
    """What an event says happened to one of these."""

    DONE = "done", "Done"
    PARTLY = "partly", "Done in part"
    NOT_DONE = "not_done", "Not done"
    REOPENED = "reopened", "Open again"
    REASSIGNED = "reassigned", "Handed to somebody else"
    POSTPONED = "postponed", "Postponed"
    TAKEN_OVER = "taken_over", "Taken over by a later decision"
    NOT_NEEDED = "not_needed", "Not needed any more"
    REPLACED = "replaced", "Replaced by a new plan"
    UNDONE = "undone", "Taken back"


class NotDoneReason(models.TextChoices):
    """Why something was not done, or only in part."""

    PATIENT_WISH = "patient_wish", "Patient's wish"
    MEDICAL = "medical", "Medical reason"
    PROGRESSION = "progression", "Progression"
    TOXICITY = "toxicity", "Toxicity"
    DEATH = "death", "Death"
    OTHER_THERAPY = "other_therapy", "Other therapy instead"
    NOT_AVAILABLE = "not_available", "Not available"
    LOST = "lost", "Lost to follow-up"
    OTHER = "other", "Other (explained in words)"


class LetterKind(models.TextChoices):
    """Who a letter of a signed decision is for."""

    REFERRER = "referrer", "Letter to the referrer and family doctor"
    PATIENT = "patient", "Letter to the patient"


LONGEST_LETTER = 6000  # characters


class AuditAction(models.TextChoices):
    CREATED = "created", "Created"
    CHANGED = "changed", "Changed"
    REMOVED = "removed", "Removed"
    UNDONE = "undone", "Undone"
    COMMENTED = "commented", "Commented"
    SCHEDULED = "scheduled", "Scheduled"
    STATUS = "status", "Status changed"
    DRAFTED = "drafted", "Decision drafted"
    DISCARDED = "discarded", "Draft discarded"
    SIGNED = "signed", "Decision signed"
    SUPERSEDED = "superseded", "Decision to be superseded"
    WITHDRAWN = "withdrawn", "Decision withdrawn"
    DISCUSSED = "discussed", "Discussion"
    ROLL_CALL = "roll_call", "Roll call"
    MEETING = "meeting", "Meeting"
    STEP = "step", "Followed through"
    MOVED = "moved", "Moved to another patient"
    GRANTED = "granted", "Shared with a board"
    REVOKED = "revoked", "No longer shared"
    MEMBERSHIP = "membership", "Membership changed"
    READ = "read", "Read"
    EXPORTED = "exported", "Exported"
    ISSUED = "issued", "Letter issued"
    DENIED = "denied", "Denied"
    LOGGED_IN = "logged_in", "Logged in"
    LOGIN_FAILED = "login_failed", "Wrong password or code"
    ACCOUNT = "account", "Account changed"


class Right(models.TextChoices):
    READ = "read", "Read"
    ENTER = "enter", "Enter"
    SCHEDULE = "schedule", "Schedule"
    COMMENT = "comment", "Comment"
    JUDGE = "judge", "Judge which finding counts"
    SCRIBE = "scribe", "Draft a decision"
    CHAIR = "chair", "Lead a meeting"
    SIGN = "sign", "Sign a decision"
    HAND_OVER = "hand_over", "Hand over a colleague's cases"
    ADMINISTER = "administer", "Administer the board"


# Guideline codes that database constraints have to name. A test holds them to the vocabulary.
SITE_CERVIX = "cervix"
SITE_PANCREAS = "pancreas"
EXTENT_LOCALIZED = "localized"
EXTENTS_WITHOUT_SITES = (EXTENT_LOCALIZED, "no_evidence_of_disease")
FIGO_DISTANT = "IVB"


# After how many days a finding no longer counts as current for a meeting, by who supplies it. Those left out
# (pathology, molecular findings, what surgery removed) do not age. A board's convention, not the guideline's.
STALE_AFTER_DAYS: dict[str, int] = {"imaging": 90, "clinical": 30, "oncology": 30}
AGELESS: tuple[str, ...] = ("primary_site", "pancreas_subsite", "figo_stage", "prior_regimens")
