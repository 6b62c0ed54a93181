"""Exit with 0 when an address answers 200: the health check of containers that have no curl."""

import http.client
import sys
from urllib.parse import urlsplit


def main(address: str) -> int:
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=4)
    try:
        line.request("GET", parts.path or "/")
        return 0 if line.getresponse().status == http.HTTPStatus.OK else 1
    except OSError as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
