from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"

    def ready(self) -> None:
        from common import enqueue
        from jobs import registry, services

        enqueue.register(services.enqueue, services.postpone)
        registry.autodiscover()
