# ruff: noqa: INP001 - gunicorn reads this file by its path
"""How the site's processes run in a container. Threads, because most of an upload's time is waiting for a phone."""

import os

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 120
graceful_timeout = 30
keepalive = 65  # longer than the proxy's, so that the proxy never writes to a connection that is being closed
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file; a disk under load would look like a dead worker
control_socket_disable = True
forwarder_headers = ""  # a header called SCRIPT_NAME or PATH_INFO is a client's joke, never our proxy's
accesslog = None  # the proxy writes the one access log
errorlog = "-"
max_requests = 5000
max_requests_jitter = 500
if os.environ.get("LOG_FORMAT", "json" if os.environ.get("REDIS_URL") else "text") == "json":
    # Its own lines as well, so that whoever collects them reads one format.
    logconfig_dict = {
        "formatters": {"json": {"()": "common.logs.Json"}},
        "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["json"]},
        "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["json"], "propagate": False}},
    }
