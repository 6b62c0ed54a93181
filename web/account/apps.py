from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "web.account"
    label = "web_account"
