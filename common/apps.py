from django.apps import AppConfig, apps


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        """Close the ways from global rows into a centre, now that all models are known."""
        from common.scoping import close_ways_back  # models may be defined from here on

        close_ways_back(apps.get_models())
