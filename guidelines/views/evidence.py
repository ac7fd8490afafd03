"""Studies by clinical question, and the trials the guideline names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from guidelines.answer.assessment import TRIAL_CAUTION
from guidelines.knowledge.spoken import spoken, spoken_value
from guidelines.show.evidence import cited, figure_in_words, plots, studies_on
from guidelines.views.asked import asked_guideline, page
from guidelines.views.dotplot import drawn
from guidelines.views.shown import shown
from guidelines.vocabulary.facts import FACTS


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """The clinical questions, with what is known on each."""
    guideline = asked_guideline(request)
    listed = [
        (code, text, studies, plots(studies))
        for code, text in guideline.questions.items()
        if (studies := studies_on(guideline, code))
    ]
    return page(request, guideline, "guidelines/questions.html", {"questions": listed})


@require_GET
def question(request: HttpRequest, code: str) -> HttpResponse:
    """The studies on one question: dots on a common scale, and everything in a table."""
    guideline = asked_guideline(request)
    if code not in guideline.questions:
        raise Http404("No such question.")
    studies = studies_on(guideline, code)
    resting = [one for one in guideline.statements if any(study in studies for study in one.studies)]
    context = {
        "title": guideline.questions[code],
        "plots": [drawn(plot) for plot in plots(studies)],
        "studies": [
            (study, cited(study), [figure_in_words(one) for one in study.figures]) for study in studies
        ],
        "statements": shown(resting),
    }
    return page(
        request, guideline, "guidelines/question.html", context, is_in=lambda other: code in other.questions
    )


@require_GET
def trials(request: HttpRequest) -> HttpResponse:
    """Every trial the guideline names, with the eligibility the text states."""
    guideline = asked_guideline(request)
    listed = [
        (
            trial,
            spoken(trial.when),
            [spoken_value(FACTS[name], value) for name, value in trial.provided.items()],
            shown(one for one in guideline.statements if trial.nct in one.trials),
        )
        for trial in guideline.trials
    ]
    context = {"trials": listed, "caution": TRIAL_CAUTION}
    return page(request, guideline, "guidelines/trials.html", context)
