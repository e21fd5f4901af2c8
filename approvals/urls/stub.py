"""Stands in until the page of a request is merged; never committed."""
from django.http import HttpResponse
from django.urls import path
from approvals import access
def correction(request, correction_id):
    access.correction(request.user, correction_id)
    return HttpResponse("request")
pages = [path("corrections/<int:correction_id>/", correction, name="correction")]
