"""The embedded server on real folders with real processes: start, share, recover."""

import os
import shutil
import signal
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ringdesk.kit.embedded_postgres import EmbeddedPostgres
from ringdesk.kit.embedded_postgres.binaries import candidates
from ringdesk.kit.embedded_postgres.cluster import Cluster
from tests.support.eventually import eventually
from tests.support.postgres_users import Process, copy_of_programs


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data_dir, durable=False) as started:
        yield started


def ask(dsn: str, statement: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None


def tell(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())


def pid_of(data_dir: Path) -> int | None:
    found = Cluster(data_dir).running()
    return found.pid if found else None


class TestStart:
    def test_a_new_folder_becomes_a_server_that_searches_japanese_names(self, new_data_dir: Path) -> None:
        with EmbeddedPostgres(new_data_dir) as server:
            assert ask(server.dsn, "select array_length(show_trgm('山田'), 1)") == 3
            assert ask(server.dsn, "show server_encoding") == "UTF8"

    def test_what_was_written_is_there_after_a_restart(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir) as server:
            tell(server.dsn, "create table note as select 'kept' as text")
        with EmbeddedPostgres(data_dir) as server:
            assert ask(server.dsn, "select text from note") == "kept"

    def test_a_second_start_of_an_existing_folder_takes_less_than_three_seconds(self, data_dir: Path) -> None:
        begun = time.monotonic()
        with EmbeddedPostgres(data_dir):
            assert time.monotonic() - begun < 3

    def test_the_server_never_runs_as_root(self, server: EmbeddedPostgres, data_dir: Path) -> None:
        pid = pid_of(data_dir)
        assert Path(f"/proc/{pid}").stat().st_uid != 0

    def test_nobody_else_can_connect_or_read_the_data(self, server: EmbeddedPostgres, data_dir: Path) -> None:
        assert ask(server.dsn, "show listen_addresses") == ""
        for name in ("cluster", "run", "log"):
            assert stat.S_IMODE((data_dir / "postgres" / name).stat().st_mode) == 0o700

    def test_a_durable_server_flushes_and_one_for_tests_does_not(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir) as server:
            assert ask(server.dsn, "show fsync") == "on"
        with EmbeddedPostgres(data_dir, durable=False) as server:
            assert ask(server.dsn, "show fsync") == "off"

    def test_settings_of_the_operator_have_the_last_word(self, data_dir: Path) -> None:
        (data_dir / "postgres" / "cluster" / "override.conf").write_text("work_mem = '5MB'\n")
        (data_dir / "postgres" / "cluster" / "override.conf").chmod(0o644)
        with EmbeddedPostgres(data_dir) as server:
            assert ask(server.dsn, "show work_mem") == "5MB"

    def test_a_long_path_gets_a_short_socket_that_goes_away_with_the_server(self, new_data_dir: Path) -> None:
        deep = new_data_dir / ("long" * 20) / ("way" * 20)
        with EmbeddedPostgres(deep, durable=False) as server:
            assert ask(server.dsn, "select 1") == 1
            short = Cluster(deep).socket_dir
            assert short.is_dir()
        assert not short.exists()

    def test_half_a_cluster_left_by_an_interrupted_start_is_thrown_away(self, new_data_dir: Path) -> None:
        left = new_data_dir / "postgres" / "cluster.new" / "base"
        left.mkdir(parents=True)
        with EmbeddedPostgres(new_data_dir, durable=False) as server:
            assert ask(server.dsn, "select 1") == 1

    def test_programs_in_a_private_folder_work(self, new_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        tmp_path.chmod(0o700)
        monkeypatch.setenv("RINGDESK_PG_BIN", str(copy_of_programs(candidates()[0][1], tmp_path)))
        with EmbeddedPostgres(new_data_dir, durable=False) as server:
            assert ask(server.dsn, "select 1") == 1


class TestSharing:
    def test_the_last_of_several_users_stops_the_server(self, data_dir: Path) -> None:
        first, second = EmbeddedPostgres(data_dir, durable=False), EmbeddedPostgres(data_dir, durable=False)
        assert first.start() == second.start()
        pid = pid_of(data_dir)
        first.stop()
        assert pid_of(data_dir) == pid
        second.stop()
        assert pid_of(data_dir) is None

    def test_starting_and_stopping_twice_changes_nothing(self, data_dir: Path) -> None:
        other = EmbeddedPostgres(data_dir, durable=False)
        server = EmbeddedPostgres(data_dir, durable=False)
        other.start()
        server.start()
        server.start()
        server.stop()
        server.stop()
        assert ask(other.dsn, "select 1") == 1
        other.stop()

    def test_processes_that_come_at_once_share_one_new_server(self, new_data_dir: Path) -> None:
        processes = [Process(new_data_dir) for _ in range(3)]
        for process in processes:
            process.wait_until_ready()
        pid = pid_of(new_data_dir)
        assert pid is not None
        for process in processes[:-1]:
            process.leave()
        assert pid_of(new_data_dir) == pid
        processes[-1].leave()
        assert pid_of(new_data_dir) is None

    def test_a_killed_process_does_not_keep_the_server_running(self, data_dir: Path) -> None:
        process = Process(data_dir)
        process.wait_until_ready()
        with EmbeddedPostgres(data_dir, durable=False) as server:
            process.kill()
            assert ask(server.dsn, "select 1") == 1
        assert pid_of(data_dir) is None

    async def test_the_server_stops_by_itself_when_its_only_user_was_killed(self, data_dir: Path) -> None:
        process = Process(data_dir)
        process.wait_until_ready()
        assert pid_of(data_dir) is not None
        process.kill()
        await eventually(lambda: pid_of(data_dir) is None)

    def test_a_folder_can_be_removed_right_after_the_last_stop(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir, durable=False):
            pass
        shutil.rmtree(data_dir)
        assert not data_dir.exists()

    def test_a_stop_after_the_folder_was_removed_is_quiet(self, data_dir: Path) -> None:
        server = EmbeddedPostgres(data_dir, durable=False)
        server.start()
        pid = pid_of(data_dir)
        assert pid is not None
        shutil.rmtree(data_dir / "postgres")
        server.stop()
        os.kill(pid, signal.SIGQUIT)


class TestRecovery:
    async def test_a_killed_server_is_back_with_everything_committed(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir) as server:
            tell(server.dsn, "create table note as select 'kept' as text")
            pid = pid_of(data_dir)
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await eventually(lambda: pid_of(data_dir) not in {None, pid}, within=30)

            def answers() -> bool:
                try:
                    return ask(server.dsn, "select text from note") == "kept"
                except psycopg.OperationalError:
                    return False

            await eventually(answers, within=30)

    def test_a_start_waits_for_the_children_of_a_killed_server(self, data_dir: Path) -> None:
        cluster = Cluster(data_dir, durable=False)
        cluster.prepare_folders()
        cluster.boot()  # Without a lease and a guard, so that nobody restarts it before we do.
        busy = threading.Thread(target=_occupy, args=[cluster.dsn_of("postgres")])
        busy.start()
        _wait_for_the_busy_one(cluster.dsn_of("postgres"))
        pid = pid_of(data_dir)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with EmbeddedPostgres(data_dir, durable=False) as server:
            assert ask(server.dsn, "select 1") == 1
        busy.join()

    def test_a_stale_pid_file_with_the_number_of_another_process_is_no_obstacle(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir, durable=False):
            written = (data_dir / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()
        stale = data_dir / "postgres" / "cluster" / "postmaster.pid"
        stale.write_text("\n".join([str(os.getpid()), *written[1:]]) + "\n")
        with EmbeddedPostgres(data_dir, durable=False) as server:
            assert ask(server.dsn, "select 1") == 1


def _occupy(dsn: str) -> None:
    """Keeps a server process computing for 2 s: it doesn't notice that its parent is gone."""
    try:
        with psycopg.connect(dsn, autocommit=True, application_name="busy") as connection:
            connection.execute("set statement_timeout = '2s'")
            connection.execute("select count(*) from generate_series(1, 1000000000)")
    except psycopg.Error:
        return


def _wait_for_the_busy_one(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for _ in range(1000):
            row = connection.execute(
                "select count(*) from pg_stat_activity where application_name = 'busy' and query like '%series%'"
            ).fetchone()
            if row == (1,):
                return
            connection.execute("select pg_sleep(0.01)")
    raise AssertionError("the busy query did not begin")
