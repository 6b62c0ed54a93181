from django.apps import AppConfig, apps


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        """Derive what follows from the models, and close the ways from global rows into a centre: all are known now."""
        from common.constraints import derive  # models may be defined from here on
        from common.scoping import close_ways_back

        derive(model for model in apps.get_models() if is_ours(model.__module__))
        close_ways_back(apps.get_models())


def is_ours(module: str) -> bool:
    """Say whether a module is the product's own: the libraries' tables are theirs to look after."""
    return module.partition(".")[0] in OURS


OURS = frozenset({"accounts", "assessments", "audit", "centres", "jobs", "ledger", "portfolio", "qualifications"})
