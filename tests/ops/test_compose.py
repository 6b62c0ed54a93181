"""The full system as it is described: names, health, no root, nothing unpinned."""

import re
import shutil
import subprocess

import pytest

from jobs.enums import Lane
from jobs.transport import QUEUES
from tests.ops.conftest import ROOT

WORKERS = ("worker", "worker-slow", "worker-mail")
OURS = ("web1", "web2", *WORKERS, "beat", "first-start")
ALL = {*OURS, "nginx", "postgres", "redis", "s3", "clamav", "mail"}
#: What the settings read and the containers leave at its default, with the reason.
NOT_SET = {
    "DEBUG": "never in a container",
    "ATTEST_TESTING": "tests only",
    "VAR_DIR": "set in the Dockerfile",
    "LEDGER_ANCHOR_FOLDER": "a folder that nobody here can write to is the operator's to mount",
    "LEDGER_KEY_FILE": "several containers sign with the same LEDGER_KEY",
    "LEDGER_ORIGIN": "the site's host is the name",
    "SECURE_SSL_REDIRECT": "the proxy redirects",
    "LOG_FORMAT": "JSON wherever there is Redis",
    "S3_ADDRESSING_STYLE": "the default suits every store that is not Amazon's",
}


def settings_names() -> set[str]:
    """Return every environment name that config/settings.py reads."""
    text = (ROOT / "config" / "settings.py").read_text()
    return set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z0-9_]+)\"", text))


def test_every_part_is_there(services):
    assert set(services) == ALL


@pytest.mark.parametrize("name", OURS)
def test_our_containers_set_only_what_the_settings_read(services, name):
    assert set(services[name]["environment"]) - settings_names() == set()


@pytest.mark.parametrize("name", OURS)
def test_our_containers_set_everything_that_a_full_installation_needs(services, name):
    assert settings_names() - set(services[name]["environment"]) == set(NOT_SET)
    assert {"DATABASE_URL", "REDIS_URL", "S3_BUCKET", "SECRET_KEY"} <= set(services[name]["environment"])


def test_all_our_containers_have_the_same_settings(services):
    first = services["web1"]["environment"]
    assert [name for name in OURS if services[name]["environment"] != first] == []


def test_the_example_has_every_variable_that_is_asked_for_and_no_other(example):
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert asked == set(example)


def test_the_example_holds_no_secret_and_nothing_starts_without_one(example):
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = [
        name for name in example if "SECRET" in name or "PASSWORD" in name or name in {"S3_ACCESS_KEY", "LEDGER_KEY"}
    ]
    assert len(secrets) == 6
    for name in secrets:
        assert example[name] == ""
        assert not re.search(rf"\$\{{{name}\}}", text), f"{name} may be empty"


def test_images_are_pinned(services):
    loose = re.compile(r":(latest|stable|edge|\d+)$")
    images = [service["image"] for service in services.values() if "build" not in service]
    assert [image for image in images if ":" not in image or loose.search(image)] == []
    for name in ("Dockerfile", "deploy/s3.Dockerfile"):
        bases = re.findall(r"^FROM (\S+)", (ROOT / name).read_text(), re.MULTILINE)
        assert bases != []
        assert [base for base in bases if ":" not in base or loose.search(base)] == []


def test_nothing_runs_as_root_or_writes_where_it_need_not(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert "build" in service or service.get("user", "root").split(":")[0] not in {"root", "0"}, name
    last_stage = (ROOT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER attest$", last_stage, re.MULTILINE)


def test_everything_that_stays_up_has_a_health_check(services):
    without = {name for name, service in services.items() if "healthcheck" not in service}
    assert without == {"web1", "web2"}
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert services["first-start"]["healthcheck"] == {"disable": True}


def test_only_the_proxy_and_the_mail_catcher_can_be_reached_from_outside(services):
    assert {name for name, service in services.items() if "ports" in service} == {"nginx", "mail"}
    assert all(port.startswith("127.0.0.1:") for port in services["mail"]["ports"])


def test_the_worker_that_opens_strangers_files_has_no_way_out(compose, services):
    assert [services[name]["networks"] for name in WORKERS] == [["inside"]] * 3
    assert compose["networks"]["inside"]["internal"] is True
    assert {name for name, service in services.items() if "outside" in service["networks"]} == {"clamav"}


def test_every_lane_has_workers_of_its_own_and_no_other(services):
    """Nobody's photo waits behind a film; a queue that nobody asks for would fill for ever."""
    asked = [command[command.index("-Q") + 1] for command in (services[name]["command"] for name in WORKERS)]
    assert sorted(asked) == sorted(QUEUES.values())
    assert set(QUEUES) == set(Lane)


def test_programs_named_in_commands_exist(services):
    for name in OURS:
        for word in services[name].get("command", []):
            if word.endswith(".py"):
                assert (ROOT / word).exists(), word
    assert (ROOT / "config" / "celery.py").exists()
    assert (ROOT / "tools" / "answers.py").exists()
    assert (ROOT / "deploy" / "gunicorn.conf.py").exists()


def test_what_the_image_needs_is_let_in():
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= let_in
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    named = {word for line in copied for word in line.split()} - {"."}
    assert named <= let_in


def test_compose_itself_accepts_it(example, tmp_path):
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose on this machine")
    filled = tmp_path / "env"
    filled.write_text("\n".join(f"{name}={value or 'x' * 48}" for name, value in example.items()))
    command = [program, "--env-file", str(filled), "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_compose_refuses_to_start_with_the_example_as_it_is(tmp_path):
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose on this machine")
    command = [program, "--env-file", ".env.example", "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "make one, see .env.example" in done.stderr
