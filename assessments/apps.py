from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        """Say who took part in a unit: `centres` keeps who is named to countersign it, and knows no decisions."""
        from assessments.queries.current import took_part
        from centres.queries.countersigners import register_took_part

        register_took_part(took_part)
