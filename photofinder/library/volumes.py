"""What kind of disk a folder is on, as far as it matters for watching it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_REMOTE = frozenset(
    (
        "nfs", "nfs4", "cifs", "smbfs", "smb3", "smb2", "afpfs", "webdav", "davfs", "ncpfs", "ceph", "glusterfs", "9p",
        "afs", "coda", "fuse.sshfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.davfs2", "fuse.smbnetfs", "macfuse",
        "osxfuse", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse",
    )
)  # fmt: skip


def tells_changes(folder: Path) -> bool:
    """Whether the system tells what changes in ``folder``, and watching does no harm.

    Not so on network drives (only what this machine changes is told), nor on removable drives under Windows (an open
    watch keeps the person from ejecting them). ``True`` when nothing is known. Does not touch the folder itself.
    """
    import psutil

    here = os.path.normcase(str(folder))
    if sys.platform == "win32" and here.startswith("\\\\"):
        return False  # a path of the network without a letter
    best, kind, options = "", "", ""
    try:
        for part in psutil.disk_partitions(all=True):
            mount = os.path.normcase(part.mountpoint)
            if len(mount) >= len(best) and _below(here, mount):
                best, kind, options = mount, part.fstype.lower(), part.opts.lower()
    except OSError:
        return True
    if sys.platform == "win32":
        return not {"remote", "removable", "cdrom"} & set(options.split(","))
    return kind not in _REMOTE


def _below(path: str, mount: str) -> bool:
    return path == mount or path.startswith(mount if mount.endswith(os.sep) else mount + os.sep)
