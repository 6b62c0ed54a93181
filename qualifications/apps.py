from django.apps import AppConfig


class QualificationsConfig(AppConfig):
    name = "qualifications"

    def ready(self) -> None:
        from common.storing import names_objects
        from qualifications.queries import imports

        names_objects("qualifications.Draft", imports.objects_of_drafts)
