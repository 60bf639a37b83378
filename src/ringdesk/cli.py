"""The `ringdesk` command. Each command imports what it needs when it runs, so that `serve` starts at once."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from ringdesk.kit.db import Database
    from ringdesk.kit.settings import Settings

T = TypeVar("T")

app = typer.Typer(
    name="ringdesk",
    help="The right customer on the screen before the agent says hello.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
user_app = typer.Typer(help="People who sign in.", no_args_is_help=True)
apikey_app = typer.Typer(help="Keys of programs.", no_args_is_help=True)
import_app = typer.Typer(help="Bring in files.", no_args_is_help=True)
telephony_app = typer.Typer(help="Telephone systems.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(apikey_app, name="apikey")
app.add_typer(import_app, name="import")
app.add_typer(telephony_app, name="telephony")

DataDir = Annotated[Path | None, typer.Option(help="Where the embedded database, keys and files live.", show_default=False)]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def main() -> None:
    """The entry point: bad input and known trouble are said in words on standard error, with exit status 1."""
    try:
        app()
    except Exception as problem:
        if text := _known(problem):
            typer.echo(f"ringdesk: {text}", err=True)
            sys.exit(1)
        raise


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.", show_default="8080", min=1, max=65535)] = None,
    data_dir: DataDir = None,
    role: Annotated[str | None, typer.Option(help="Run one role only: web, worker or telephony.", show_default="all")] = None,
) -> None:
    """Serve Ringdesk until Ctrl-C: all roles in one process tree, or one role."""
    from ringdesk.roles import ROLES
    from ringdesk.roles.run import serve_all, serve_one

    settings = _settings(host=host, port=port, data_dir=data_dir)
    if role is None:
        serve_all(settings, on_ready=lambda: typer.echo(f"Ringdesk is ready at http://{settings.host}:{settings.port}"))
    elif role in ROLES:
        serve_one(role, settings)
    else:
        _fail(f"there is no role {role!r}; the roles are {', '.join(ROLES)}.")


@app.command()
def demo(
    host: Annotated[str | None, typer.Option(help="Address to listen at.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.", show_default="8080", min=1, max=65535)] = None,
    data_dir: DataDir = None,
) -> None:
    """Serve a sample centre with simulated calls; the data directory is `data` below the current one unless you name another."""
    from ringdesk.roles.run import serve_all

    named = data_dir or (None if os.environ.get("RINGDESK_DATA_DIR") else Path("data"))
    settings = _settings(host=host, port=port, data_dir=named, log_level=os.environ.get("RINGDESK_LOG_LEVEL", "WARNING"))
    sign_ins: list[Any] = []

    def prepare(dsn: str) -> None:
        from ringdesk.seed.demo import prepare as fill

        sign_ins.extend(_run(dsn, lambda db: fill(db, settings), settings))

    def announce() -> None:
        width = max(len(who.email) for who in sign_ins)
        lines = [f"  {who.email:{width}}  {who.password:20}  {who.name}, {', '.join(who.roles)}" for who in sign_ins]
        typer.echo(
            f"\nRingdesk is ready at http://{settings.host}:{settings.port}\n\nSign in as one of these:\n" + "\n".join(lines) + "\n\n"
            "Sign in as an agent, click the telephone icon, and calls arrive. Ctrl-C ends the demo; its data are kept.\n",
        )

    serve_all(settings, on_ready=announce, prepare=prepare)


@app.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema."""
    from ringdesk.roles.database import database, newest_revision

    with database(_settings(data_dir=data_dir)):
        typer.echo(f"The database is at schema {newest_revision()}.")


@user_app.command("create")
def user_create(
    email: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[list[str], typer.Option(help="agent, supervisor or administrator; may be given more than once.")],
    extension: Annotated[str | None, typer.Option(help="The extension of the telephone on the desk.")] = None,
    team: Annotated[str | None, typer.Option(help="The team; it is made when there is none of this name.")] = None,
    language: Annotated[str, typer.Option(help="Language of the desktop: en, sv or ja.")] = "en",
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Make an account."""
    from ringdesk.features.people import create_user

    password = _password(password_stdin, "Password of the new account")
    with _database(_settings(data_dir=data_dir)) as dsn:
        _run(
            dsn,
            lambda db: create_user(
                db, email=email, name=name, roles=role, password=password, extension=extension, team=team, language=language
            ),
        )
    typer.echo(f"{name} can sign in as {email}.")


@apikey_app.command("create")
def apikey_create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[list[str], typer.Option(help="What the key may do, such as customers:read; may be given more than once.")],
    data_dir: DataDir = None,
) -> None:
    """Make a key for a program; it is printed this once."""
    from ringdesk.features.people import create_key

    with _database(_settings(data_dir=data_dir)) as dsn:
        typer.echo(_run(dsn, lambda db: create_key(db, None, name=name, scopes=scope)).key)


@import_app.command("customers")
def import_customers(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header, or an Excel workbook.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, change nothing.")] = False,
    key: Annotated[
        str | None, typer.Option(help="What a known customer is recognised by: phone, email, external_id or attributes.KEY.")
    ] = None,
    on_duplicate: Annotated[
        str | None, typer.Option(help="What becomes of a row about a known customer: ignore (unless said), update, replace or fill.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Where to write the refused rows with their reasons.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Import customers from a file. Exit status: 0 all rows are in, 2 some were refused, 1 it stopped."""
    from ringdesk.features.customers.imports.command import run_cli_import

    settings = _settings(data_dir=data_dir, log_level=os.environ.get("RINGDESK_LOG_LEVEL", "WARNING"))
    with _database(settings) as dsn:
        status = _run(
            dsn,
            lambda db: run_cli_import(
                db, settings, file, dry_run=dry_run, key=key, on_duplicate=on_duplicate, report=report, as_json=as_json
            ),
            settings,
        )
    raise typer.Exit(status)


@telephony_app.command("add-asterisk")
def telephony_add_asterisk(
    name: Annotated[str, typer.Argument(help="What to call this telephone system.")],
    host: Annotated[str, typer.Option(help="Where its manager interface (AMI) listens.")],
    user: Annotated[str, typer.Option(help="The AMI user (manager.conf).")],
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5038,
    tls: Annotated[bool, typer.Option("--tls", help="Connect by TLS.")] = False,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
) -> None:
    """Connect an Asterisk or FreePBX; a connection of this name is changed."""
    from ringdesk.roles.telephony import add_asterisk

    settings = _settings(data_dir=data_dir)
    password = _password(password_stdin, f"Password of the AMI user {user}")
    with _database(settings) as dsn:
        chosen = {"host": host, "port": port, "user": user, "tls": tls}
        _run(dsn, lambda db: add_asterisk(db, settings, name=name, password=password, chosen=chosen))
    typer.echo(f"{name} is connected as soon as `ringdesk serve` runs.")


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(help="The file to write.")],
    data_dir: DataDir = None,
) -> None:
    """Write everything in the database to one file, while Ringdesk runs."""
    from ringdesk.roles.backup import write_backup

    with _database(_settings(data_dir=data_dir)) as dsn:
        write_backup(dsn, out)
    typer.echo(
        f"Written: {out} ({out.stat().st_size / 1e6:.1f} MB). Keep the secret key with it: without it no stored password can be read."
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `ringdesk backup` wrote.")],
    data_dir: DataDir = None,
) -> None:
    """Replace everything in the database by what a backup holds. Stop Ringdesk first."""
    from ringdesk.roles.backup import restore_backup

    with _database(_settings(data_dir=data_dir)) as dsn:
        restore_backup(dsn, file)
    typer.echo(f"Restored from {file}.")


def _settings(**overrides: Any) -> "Settings":
    from ringdesk.kit.settings import load_settings
    from ringdesk.kit.telemetry import configure_logging

    settings = load_settings(**overrides)
    configure_logging(settings.log_level)
    return settings


@contextmanager
def _database(settings: "Settings") -> Iterator[str]:
    from ringdesk.roles.database import database

    with database(settings) as dsn:
        yield dsn


def _run(dsn: str, work: "Callable[[Database], Awaitable[T]]", settings: "Settings | None" = None) -> T:
    """The result of `work(db)`, an async use case, on an open database; `settings` where it needs the keys of the installation."""
    from ringdesk.kit.crypto import open_vault
    from ringdesk.kit.db import Database

    async def run() -> T:
        db = Database(dsn, size=2, vault=open_vault(settings) if settings else None)
        await db.open()
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())


def _password(from_stdin: bool, prompt: str) -> str:
    """A password from standard input (without its line end), or asked for at the terminal."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        return password or _fail("standard input holds no password.")
    if not sys.stdin.isatty():
        _fail("give the password on standard input and say so with --password-stdin.")
    return typer.prompt(prompt, hide_input=True, confirmation_prompt=True)


def _fail(text: str) -> NoReturn:
    typer.echo(f"ringdesk: {text}", err=True)
    raise typer.Exit(1)


def _known(problem: Exception) -> str | None:
    """What to say of a failure that is not a defect of ours; None for one that is."""
    import psycopg
    from psycopg_pool import PoolTimeout

    from ringdesk.kit.embedded_postgres import EmbeddedPostgresError
    from ringdesk.kit.problems import Problem
    from ringdesk.kit.settings import SettingsError

    if isinstance(problem, Problem):
        return "\n  ".join([problem.detail, *(f"{error.field}: {error.message}" for error in problem.errors)])
    if isinstance(problem, EmbeddedPostgresError | SettingsError):
        return str(problem)
    if isinstance(problem, psycopg.OperationalError | PoolTimeout):
        return f"the database does not answer: {str(problem).strip()}"
    if isinstance(problem, OSError):
        return f"{problem.strerror or problem}: {problem.filename}" if problem.filename else str(problem)
    if type(problem).__name__ in {"UnsuitableDatabase", "BackupFailed"}:
        return str(problem)
    return None


if __name__ == "__main__":
    main()
