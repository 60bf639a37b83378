"""Everything in the database as one file, and back: PostgreSQL's own custom format, so that its tools read it too."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg

from ringdesk.kit.embedded_postgres.binaries import candidates

# pg_restore begins with a dozen SETs: some 600 bytes.
_PREAMBLE = 4096


class BackupFailed(RuntimeError):
    """The file could not be written or read back; the text says why."""


def write_backup(dsn: str, out: Path) -> None:
    """Write a consistent picture of the database while it is in use. An existing file is replaced when the new one is whole.

    Raises BackupFailed.
    """
    partial = out.with_name(out.name + ".partial")
    try:
        # Made by us first: nobody else may read what customers told us.
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _tool("pg_dump", ["--format=custom", "--compress=6", "--no-owner", "--no-privileges", f"--file={partial}", f"--dbname={dsn}"])
        partial.replace(out)
    except OSError as problem:
        raise BackupFailed(f"{out} can't be written: {problem.strerror}.") from problem
    finally:
        partial.unlink(missing_ok=True)


def restore_backup(dsn: str, file: Path) -> None:
    """Replace everything in the database by what the file holds, in one transaction: it is there whole, or nothing has changed.

    Raises BackupFailed, also while Ringdesk uses the database.
    """
    if not file.is_file():
        raise BackupFailed(f"there is no file {file}.")
    _tool("pg_restore", ["--list", str(file)], quiet=True)
    with psycopg.connect(dsn, autocommit=True) as conn:
        others = conn.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and backend_type = 'client backend'"
        ).fetchone()
        if others and others[0]:
            raise BackupFailed("Ringdesk, or somebody else, uses this database: stop it first.")
    unpack = [_find("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    load = [_find("psql"), "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "--file=-", dsn]
    with (
        subprocess.Popen(unpack, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,
        subprocess.Popen(load, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as writer,
    ):
        if reader.stdout is None or writer.stdin is None:
            raise BackupFailed("the programs of PostgreSQL can't be talked to.")
        try:
            # A fresh schema holds nothing: --clean would drop what the backup knows and leave what was made since.
            writer.stdin.write(b"begin; drop schema public cascade; create schema public;\n")
            # The preamble sets what a server older than the program does not know, to what is its default anyway.
            writer.stdin.write(reader.stdout.read(_PREAMBLE).replace(b"SET transaction_timeout = 0;\n", b""))
            shutil.copyfileobj(reader.stdout, writer.stdin, 1 << 20)
            if reader.wait() == 0:
                # Said only when everything was read: without it psql's end undoes all.
                writer.stdin.write(b"\ncommit;\n")
            writer.stdin.close()
        except BrokenPipeError:
            reader.kill()
        said = _last_line(writer) if writer.wait() else _last_line(reader) if reader.wait() else None
    if said is not None:
        raise BackupFailed(f"the backup can't be restored, nothing was changed: {said}")


def _last_line(process: subprocess.Popen[bytes]) -> str:
    lines = (process.stderr.read() if process.stderr else b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit status {process.returncode}"


def _tool(name: str, arguments: list[str], *, quiet: bool = False) -> None:
    program = _find(name)
    done = subprocess.run(
        [program, *arguments], stdout=subprocess.DEVNULL if quiet else None, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise BackupFailed(f"{name} says: {last}")


def _find(name: str) -> str:
    for _, folder in candidates():
        if (folder / name).is_file():
            return str(folder / name)
    if found := shutil.which(name):
        return found
    raise BackupFailed(f"the program {name} was not found; install PostgreSQL's client programs, or name their folder in RINGDESK_PG_BIN.")
