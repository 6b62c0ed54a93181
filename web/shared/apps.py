from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "web.shared"
    label = "web_shared"
