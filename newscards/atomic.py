"""Replace a file's bytes so that a reader sees the old ones or the new ones, never a part."""

from __future__ import annotations

import contextlib
import os
import tempfile

from newscards.errors import EditRefusedError


def write_atomic(path: str, new: bytes, *, old: bytes) -> None:
    """Replace the bytes of the file at ``path``, which are ``old``, by ``new``.

    The new bytes are written to a temporary file in the same folder, flushed to disk and renamed over
    the file (POSIX rename is atomic). Mode, owner and extended attributes stay; a symlink stays one,
    its target is replaced. Raises ``EditRefusedError``, with the file untouched, where its bytes are no
    longer ``old``, it has further hard links or is write-protected; and ``OSError``.
    """
    target = os.path.realpath(path)
    status = os.stat(target)
    if status.st_nlink > 1:
        raise EditRefusedError(
            f"the file has {status.st_nlink} hard links, which replacing it would part",
            "make it a file of its own: cp it, and mv the copy over it",
        )
    if not os.access(target, os.W_OK):
        raise EditRefusedError("the file is write-protected", "chmod u+w it first")
    folder = os.path.dirname(target)
    # Jekyll and newscards leave out names that begin with a dot.
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".newscards-", suffix=".tmp")
    try:
        with open(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            _copy_attributes(file.fileno(), target, status)
            os.fsync(file.fileno())
        with open(target, "rb") as file:
            if file.read() != old or os.fstat(file.fileno()).st_ino != status.st_ino:
                raise EditRefusedError("the file was changed by something else", "run it again")
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _flush_folder(folder)


def _copy_attributes(descriptor: int, target: str, status: os.stat_result) -> None:
    """Give a new file the owner, mode and extended attributes of the one that it is to replace."""
    if hasattr(os, "fchown"):
        own = os.fstat(descriptor)
        if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            os.fchown(descriptor, status.st_uid, status.st_gid)  # first: it clears set-uid bits
        os.fchmod(descriptor, status.st_mode & 0o7777)
    if hasattr(os, "listxattr"):
        names: list[str] = []
        with contextlib.suppress(OSError):  # a file system without them
            names = os.listxattr(target)
        for name in names:
            with contextlib.suppress(OSError):  # one that is the system's own, as security.*
                os.setxattr(descriptor, name, os.getxattr(target, name))


def _flush_folder(folder: str) -> None:
    """Flush a folder, so that a rename in it survives a power cut, where the system can.

    Where it cannot, the card is written all the same, and that is what counts.
    """
    if not hasattr(os, "O_DIRECTORY"):  # Windows
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
