from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"

    def ready(self) -> None:
        from common.storing import names_objects
        from portfolio.queries import objects

        names_objects("portfolio.EvidenceFile", objects.of_files)
        names_objects("portfolio.Preview", objects.of_previews)
