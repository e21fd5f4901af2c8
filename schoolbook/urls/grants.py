"""Rights given for some days."""

from django.urls import path

from schoolbook.views import grants

pages = [
    path("rights/", grants.grants, name="grants"),
    path("rights/history/", grants.grants_history, name="grants_history"),
    path("rights/give/", grants.give_grant, name="give_grant"),
    path(
        "rights/persons/<int:person_grant_id>/revoke/",
        grants.revoke_person_grant,
        name="revoke_person_grant",
    ),
    path(
        "rights/groups/<int:group_grant_id>/revoke/",
        grants.revoke_group_grant,
        name="revoke_group_grant",
    ),
]
