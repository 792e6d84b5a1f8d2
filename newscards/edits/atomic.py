"""Atomic writes: a reader sees a file's old bytes or the new ones, never a part."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
from collections.abc import Iterator

from newscards.edits.lock import DISK_FAILURES, try_lock
from newscards.errors import EditRefusedError

# Names of temporary files; Jekyll and newscards leave out names that begin with a dot.
_PREFIX, _SUFFIX = ".newscards-", ".tmp"
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NEW_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS
_WINDOWS = os.name == "nt"
_NO_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FLUSH |= {errno.ENOENT, errno.ENOTDIR}
"""Errors that mean that flushing is not supported, not that the disk failed."""
_DERIVED = {"security.evm", "security.ima"}
"""The attributes that Linux derives from a file's content and inode (Documentation/ABI/testing/evm)."""


class IrreplaceableError(EditRefusedError):
    """The error for a file that no new one can replace without a loss; ``in_place`` can write it."""

    def __init__(self, reason: str, hint: str = "--in-place writes into the file itself") -> None:
        super().__init__(reason, hint)


def read_file(path: str) -> bytes:
    """Return a file's bytes; raises ``OSError``, and ``EditRefusedError`` where it is not a regular file.

    ``path`` is a real path; a symlink at this path is refused too.
    """
    return _read(path)[0]


def replace_file(target: str, new: bytes, *, old: bytes) -> None:
    """Replace the bytes ``old`` of the file at ``target``, a real path, by ``new``.

    The new bytes are written to a temporary file in the same folder, flushed to disk and renamed over
    the file (POSIX rename is atomic). The folder is not flushed; ``flush_folder`` does that. Mode, owner and
    extended attributes, among them an access control list, stay; where one cannot, and where the file has
    further hard links, ``IrreplaceableError`` is raised. Raises ``EditRefusedError`` where the bytes are no
    longer ``old`` or the file is write-protected; and ``OSError``, with a reason that can be shown. Then the
    file is untouched and no temporary file is left.

    The process holds a lock on its temporary file while it lives, and the system frees the lock when it ends:
    ``delete_leftovers`` deletes only files that are not locked.
    """
    status = os.lstat(target)
    refuse_unwritable(target, status)
    _refuse_hard_links(status)
    temporary = os.path.join(os.path.dirname(target), f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}")
    descriptor = -1
    try:
        descriptor = _create(temporary)
        own_status = _lock_new(descriptor)
        write_all(descriptor, new)
        _copy_attributes(descriptor, own_status, target, status)
        os.fsync(descriptor)
        source, now = _read(target)
        if source != old or now.st_ino != status.st_ino:
            raise EditRefusedError("the file was changed by something else", "run it again")
        if _WINDOWS:  # where an open file cannot be renamed
            closing, descriptor = descriptor, -1
            os.close(closing)
        _rename_over(temporary, target)
    except BaseException:  # an interruption may also come right after the file was created
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        if descriptor >= 0:
            with contextlib.suppress(OSError):  # its bytes are flushed
                os.close(descriptor)


def create_file(target: str, new: bytes) -> None:
    """Create the file at ``target``, a real path, with all its bytes, or not at all.

    As in ``replace_file``, the bytes are written to a temporary file and flushed to disk. That gets the name
    by a hard link, which never replaces a file that has the name already; then ``EditRefusedError`` is
    raised. Raises ``OSError``, too.
    """
    temporary = os.path.join(os.path.dirname(target), f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}")
    descriptor = -1
    try:
        descriptor = _create(temporary)
        _lock_new(descriptor)
        write_all(descriptor, new)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, _new_mode())
        os.fsync(descriptor)
        if _WINDOWS:
            closing, descriptor = descriptor, -1
            os.close(closing)
        _name_new(temporary, target)
        with contextlib.suppress(OSError):  # where it stays, the next edit deletes it
            os.unlink(temporary)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, IrreplaceableError):  # a new file cannot be written in place
            raise EditRefusedError(str(error)) from None
        raise
    finally:
        if descriptor >= 0:
            with contextlib.suppress(OSError):  # its bytes are flushed
                os.close(descriptor)


def _name_new(temporary: str, target: str) -> None:
    """Give a file a name that no other file has."""
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno in _NO_LINKS and not os.path.lexists(target):
            os.rename(temporary, target)
        elif error.errno in (*_NO_LINKS, errno.EEXIST):
            raise EditRefusedError("there is a file of this name already") from None
        else:
            raise


_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""Errors that mean that a file system has no hard links (link(2))."""


def delete_file(target: str, *, old: bytes) -> None:
    """Delete the file at ``target``, a real path, whose bytes are ``old``; the folder is not flushed.

    Raises ``EditRefusedError`` where it has other bytes or is write-protected; and ``OSError``.
    """
    refuse_unwritable(target, os.lstat(target))
    if read_file(target) != old:
        raise EditRefusedError("the file was changed by something else", "run it again")
    os.unlink(target)


def write_file(path: str, data: bytes) -> None:
    """Write a file that is not a card, whole or not at all; at the end of a symlink, its target.

    A stream (``is_stream``) is written to, because to replace it would take it from its reader. A file that
    has further hard links, or lies in a folder that is not writable, is written in place. Raises ``OSError``,
    with the file as it was unless it is written to or in place.
    """
    if is_stream(path):
        write_stream(path, data)
        return
    target = os.path.realpath(path)
    status = os.stat(target) if os.path.lexists(target) else None
    folder = os.path.dirname(target)
    if status and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    if status and not (status.st_nlink == 1 and os.access(folder, os.W_OK)):
        with open(target, "wb") as file:
            file.write(data)
        return
    with written_beside(target) as temporary, open(temporary, "wb") as file:
        file.write(data)


_MAX_TRIES = 20
"""How many files are created until one is locked before another process takes it for a leftover."""


@contextlib.contextmanager
def written_beside(target: str) -> Iterator[str]:
    """Yield the path of an empty file beside ``target``, a real path; rename it over ``target`` at the end.

    It gets the mode of ``target``, or that of a new file. An exception in the block deletes it, and leaves
    ``target`` as it was. Files that killed processes left in the folder are deleted, as before an edit; the
    file is locked as in ``replace_file``. Raises ``OSError``.
    """
    folder = os.path.dirname(target)
    delete_leftovers(folder)
    mode = stat.S_IMODE(os.stat(target).st_mode) if os.path.lexists(target) else _new_mode()
    temporary, descriptor = "", -1
    try:
        for _ in range(_MAX_TRIES):
            temporary = os.path.join(folder, f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}")
            descriptor = os.open(temporary, _NEW_FLAGS, 0o600)
            with contextlib.suppress(EditRefusedError):
                _lock_new(descriptor)
                break
            closing, descriptor = descriptor, -1
            os.close(closing)
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        else:
            raise OSError(errno.EBUSY, "other runs of newscards delete temporary files there", folder)
        yield temporary
        os.chmod(temporary, mode)
        if _WINDOWS:
            closing, descriptor = descriptor, -1
            os.close(closing)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def is_stream(path: str) -> bool:
    """Return whether a path is a pipe, a device, a socket, or one of this process's descriptors."""
    if descriptor_of(path) >= 0:
        return True
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def write_stream(path: str, data: bytes) -> None:
    """Write to a stream, after what this process has written to its own; raises ``OSError``.

    A descriptor is not opened anew, because the file at its other end would then be written from its begin.
    """
    descriptor = descriptor_of(path)
    if descriptor >= 0:
        sys.stdout.flush()
        sys.stderr.flush()
        write_all(descriptor, data)
        return
    with open(path, "wb", buffering=0) as stream:
        write_all(stream.fileno(), data)


def descriptor_of(path: str) -> int:
    """Return the number of the descriptor that a path means, such as 1 of ``/dev/stdout``, else -1.

    ``/dev/fd/3`` is descriptor 3, and ``>(command)`` of a shell is such a path. The path of a file into which
    standard output or standard error goes means that stream.
    """
    folders = {os.path.realpath(folder) for folder in _DESCRIPTOR_FOLDERS}
    named = path
    for _ in range(_MAX_LINKS):
        folder, name = os.path.split(named)
        if _DESCRIPTOR.fullmatch(name) and os.path.realpath(folder) in folders:
            return int(name)
        if not os.path.islink(named):
            break
        named = os.path.join(folder, os.readlink(named))
    with contextlib.suppress(OSError):
        status = os.stat(path)
        for descriptor in (1, 2) if stat.S_ISREG(status.st_mode) else ():
            with contextlib.suppress(OSError):
                if os.path.samestat(status, os.fstat(descriptor)):
                    return descriptor
    return -1


_DESCRIPTOR_FOLDERS = ("/dev/fd", "/proc/self/fd", "/proc/thread-self/fd")
_DESCRIPTOR = re.compile(r"[0-9]{1,9}")
_MAX_LINKS = 40
"""The number of symlinks in a row that Linux follows (path_resolution(7))."""


def _new_mode() -> int:
    """Return the mode of a new file: with the 0600 of a temporary one a CI's next step might not read it."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``; one call of ``write(2)`` may write only a part."""
    done = os.write(descriptor, data)
    while done < len(data):
        done += os.write(descriptor, data[done:])


def flush_file(path: str) -> None:
    """Flush a file to disk; raises ``OSError``."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: str) -> None:
    """Flush a folder so that the renames in it survive a power cut; do nothing where the system cannot.

    Raises ``OSError`` where the disk fails.
    """
    if _WINDOWS:
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            with contextlib.suppress(OSError):
                os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_FLUSH:
            raise


def delete_leftovers(folder: str) -> None:
    """Delete the temporary files that killed newscards processes left in a folder.

    A file that a living process has locked stays. So does one where that is unknown, because the folder or
    the file cannot be opened, or the file system has no locks.
    """
    names: list[str] = []
    with contextlib.suppress(OSError), os.scandir(folder) as files:
        names = [file.name for file in files if file.name.startswith(_PREFIX) and file.name.endswith(_SUFFIX)]
    for name in names:
        with contextlib.suppress(OSError):
            _delete_if_abandoned(os.path.join(folder, name))


def _delete_if_abandoned(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    try:
        if not _WINDOWS:
            # Its process locks it right after creating it, and goes on only with the lock held and the name
            # still there (_lock_new). So a file that is deleted under the lock is in use nowhere. A file that
            # was renamed over its card after it was opened here no longer has this name.
            if not try_lock(descriptor):
                return
            opened, named = os.fstat(descriptor), os.lstat(path)
            if not stat.S_ISREG(opened.st_mode) or not os.path.samestat(opened, named):
                return
            os.unlink(path)
    finally:
        os.close(descriptor)
    if _WINDOWS:  # where an open file cannot be deleted
        os.unlink(path)


def _refuse_hard_links(status: os.stat_result) -> None:
    if status.st_nlink > 1:
        raise IrreplaceableError(
            f"the file has {status.st_nlink} hard links, which replacing it would part",
            "--in-place writes into the file itself, and so under all its names",
        )


def refuse_unplanned(path: str, old: bytes, *, in_place: bool) -> None:
    """Raise ``EditRefusedError`` or ``OSError`` where a file could not be written now, before any other is.

    Its bytes have to be ``old``. Unless it is written ``in_place``, it must have one name, in a folder in
    which files can be made.
    """
    target = os.path.realpath(path)
    status = os.lstat(target)
    refuse_unwritable(target, status)
    if not in_place:
        _refuse_hard_links(status)
        if not os.access(os.path.dirname(target), os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.path.dirname(target))
    if read_file(target) != old:
        raise EditRefusedError("the file was changed by something else", "run it again")


def refuse_unwritable(target: str, status: os.stat_result) -> None:
    """Raise ``EditRefusedError`` where the file at the real path ``target`` must not be written."""
    if not stat.S_ISREG(status.st_mode):
        raise EditRefusedError("it is no longer a file", "run it again")
    if not os.access(target, os.W_OK):
        try:  # to report another reason, such as a read-only file system
            os.close(os.open(target, os.O_WRONLY | _FLAGS))
        except PermissionError as error:
            if error.errno == errno.EPERM:
                raise EditRefusedError("the file is immutable, or append-only", "see lsattr") from None
        is_others = hasattr(os, "geteuid") and os.geteuid() not in (0, status.st_uid)
        raise EditRefusedError("the file is write-protected", "" if is_others else "chmod u+w it first")


def _create(temporary: str) -> int:
    try:
        return os.open(temporary, _NEW_FLAGS, 0o600)
    except FileNotFoundError as error:
        raise FileNotFoundError(error.errno, "its folder is no longer there", temporary) from error
    except OSError as error:
        reason = f"no file can be made in its folder: {error.strerror}"
        if error.errno in (errno.EACCES, errno.EPERM):
            raise IrreplaceableError(reason) from error
        raise OSError(error.errno, reason, temporary) from error


def _rename_over(temporary: str, target: str) -> None:
    try:
        os.replace(temporary, target)
    except OSError as error:  # a file that is a mount of its own, as in containers, is busy
        if error.errno not in (errno.EBUSY, errno.EACCES, errno.EPERM, errno.EXDEV):
            raise
        raise IrreplaceableError(f"it cannot be replaced: {error.strerror}") from error


def _lock_new(descriptor: int) -> os.stat_result:
    """Lock a temporary file that was just created, and return its status."""
    with contextlib.suppress(OSError):  # without locks, ``delete_leftovers`` leaves the file alone
        if not try_lock(descriptor):
            raise EditRefusedError("another newscards tidies up in this folder", "run it again")
    own_status = os.fstat(descriptor)
    if not own_status.st_nlink:
        raise EditRefusedError("another newscards tidied up in this folder", "run it again")
    return own_status


def _read(path: str) -> tuple[bytes, os.stat_result]:
    descriptor = open_file(path, os.O_RDONLY)
    try:
        return read_all(descriptor)
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def open_file(path: str, flags: int) -> int:
    """Return the descriptor of a file at a real path; waits for no pipe. Raises as ``read_file`` does."""
    try:
        return os.open(path, flags | _FLAGS)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise EditRefusedError("it is no longer a file", "run it again") from None


def read_all(descriptor: int) -> tuple[bytes, os.stat_result]:
    """Return the bytes and the status of a file that was just opened; raises as ``read_file`` does."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise EditRefusedError("it is no longer a file", "run it again")
    source = part = os.read(descriptor, status.st_size + 1)
    while part:  # one call of read(2) may return only a part
        part = os.read(descriptor, status.st_size + 1)
        source += part
    return source, status


def _copy_attributes(
    descriptor: int, own_status: os.stat_result, target: str, status: os.stat_result
) -> None:
    """Give a new file the owner, mode and extended attributes of the file that it will replace.

    Raises ``IrreplaceableError`` where it has others in the end.
    """
    is_others = (own_status.st_uid, own_status.st_gid) != (status.st_uid, status.st_gid)
    if hasattr(os, "fchown") and is_others:
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)  # first: it clears set-uid bits
        except OSError as error:
            reason = f"its owner and group cannot be kept: {error.strerror}"
            if error.errno in DISK_FAILURES:
                raise OSError(error.errno, reason, target) from error
            raise IrreplaceableError(reason) from error
    wanted = _extended_attributes(target)
    reason = _set_extended_attributes(descriptor, wanted)
    if hasattr(os, "fchown"):
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))  # last: an access control list changes it
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != stat.S_IMODE(status.st_mode):
            raise IrreplaceableError("its mode cannot be kept")
    if _extended_attributes(descriptor) != wanted:
        raise IrreplaceableError(f"its extended attributes cannot be kept{reason}")


def _set_extended_attributes(descriptor: int, wanted: dict[str, bytes]) -> str:
    """Try to give a new file these attributes, and no others; return why that failed, or an empty text.

    In a folder with a default access control list, a new file has one. What is equal is not set: not everyone
    may set an attribute of the system, such as ``security.selinux``.
    """
    reason, present = "", _extended_attributes(descriptor)
    for name in {**wanted, **present}:
        try:
            if name not in wanted:
                os.removexattr(descriptor, name)
            elif present.get(name) != wanted[name]:
                os.setxattr(descriptor, name, wanted[name])
        except OSError as error:
            if error.errno in DISK_FAILURES:
                raise OSError(error.errno, f"{name}: {error.strerror}") from error
            reason = reason or f": {name}: {error.strerror}"
    return reason


def _extended_attributes(file: int | str) -> dict[str, bytes]:
    """Return the extended attributes of a file, but not those that the system derives; raises ``OSError``."""
    found: dict[str, bytes] = {}
    if not hasattr(os, "listxattr"):
        return found
    try:
        for name in os.listxattr(file):
            if name not in _DERIVED:
                found[name] = os.getxattr(file, name)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENOSYS):  # a file system without them
            raise
    return found
