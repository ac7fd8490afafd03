"""Addresses of the guideline. They name statements and sections, never a patient."""

from django.urls import path

from guidelines.views import algorithm, evidence, explorer, release, said, tables

app_name = "guidelines"

urlpatterns = [
    path("", explorer.index, name="index"),
    path("names/", explorer.names, name="names"),
    path("interventions/<slug:intervention>/", explorer.intervention_page, name="intervention"),
    path("statements/<slug:statement_id>/", explorer.statement_page, name="statement"),
    path("editions/<str:address>/statements/<slug:statement_id>/", said.said_of, name="said"),
    path("tables/", tables.tables, name="tables"),
    path("tables/<slug:slug>/", tables.table, name="table"),
    path("tables/<slug:slug>.csv", tables.table_csv, name="table_csv"),
    path("algorithm/", algorithm.algorithm, name="algorithm"),
    path("evidence/", evidence.questions, name="questions"),
    path("evidence/<slug:code>/", evidence.question, name="question"),
    path("trials/", evidence.trials, name="trials"),
    path("version/", release.version, name="version"),
    path("version/verification/", release.verification, name="verification"),
]
