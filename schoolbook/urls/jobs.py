"""Long work that somebody asked for."""

from django.urls import path

from schoolbook.views import jobs

pages = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/file/", jobs.job_file, name="job_file"),
    path("jobs/<int:job_id>/repeat/", jobs.repeat_job, name="repeat_job"),
]
