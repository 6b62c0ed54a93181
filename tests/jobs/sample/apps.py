from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.jobs.sample"
    label = "sample"
