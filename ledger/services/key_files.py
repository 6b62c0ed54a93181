"""Private keys as files: readable by their owner only, at every moment."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


class KeyRefused(RuntimeError):  # noqa: N818 - it says what happened
    """This machine cannot sign: it has no key, or one that is not the right one."""


def read(path: Path) -> Ed25519PrivateKey | None:
    """Return the key of a file; None where there is none. Refuses what is no key of Ed25519 (`KeyRefused`)."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise KeyRefused(f"{path} cannot be read as a key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} holds a key of another kind")
    return key


def read_or_make(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file, made at first use. Of two processes that make it, both get the same one."""
    if (found := read(path)) is not None:
        return found
    beside = _written(path, Ed25519PrivateKey.generate())
    try:
        os.link(beside, path)  # unlike a rename, it fails where somebody was faster
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    made = read(path)
    if made is None:
        raise KeyRefused(f"{path} is gone as soon as it is made")
    return made


def replace(path: Path, key: Ed25519PrivateKey) -> None:
    """Put a key where another was."""
    _written(path, key).replace(path)


def _written(path: Path, key: Ed25519PrivateKey) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return beside
