"""What a person reads when the embedded server cannot work, and that nothing is left running then."""

import os
from pathlib import Path

import psycopg
import pytest

from ringdesk.kit.embedded_postgres import (
    BinariesDoNotRun,
    DataDirInUse,
    DataDirNotWritable,
    DiskFull,
    EmbeddedPostgres,
    NoBinaries,
    OtherMajorVersion,
    ServerDidNotStart,
    TrigramsUnusable,
)
from ringdesk.kit.embedded_postgres import binaries as binaries_module
from ringdesk.kit.embedded_postgres import cluster as cluster_module
from ringdesk.kit.embedded_postgres.binaries import DEBIAN_ROOT, candidates
from ringdesk.kit.embedded_postgres.cluster import Cluster
from ringdesk.kit.embedded_postgres.config import MIB, server_settings
from ringdesk.kit.embedded_postgres.database import require_trigrams


def programs(folder: Path, text: str) -> Path:
    """A folder with programs that are this shell script."""
    folder.mkdir()
    folder.chmod(0o755)
    for name in ("initdb", "pg_ctl", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


class TestFolder:
    @pytest.mark.parametrize("place", ["/sys/ringdesk", "/dev/null/ringdesk"])
    def test_a_place_that_cannot_be_written_is_named_with_the_setting_to_change(self, place: str) -> None:
        with pytest.raises(DataDirNotWritable) as refused:
            EmbeddedPostgres(Path(place)).start()
        assert place in refused.value.reason
        assert "RINGDESK_DATA_DIR" in refused.value.advice

    def test_a_folder_below_a_private_one_works_or_says_who_cannot_enter_it(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        server = EmbeddedPostgres(tmp_path / "data", durable=False)
        if os.geteuid() != 0:
            with server:
                return
        with pytest.raises(DataDirNotWritable, match="which runs the server because we are root"):
            server.start()

    def test_a_file_system_without_room_is_refused_with_the_numbers(self, new_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cluster_module, "FREE_FOR_NEW", 1 << 60)
        with pytest.raises(DiskFull, match=r"\d+ MB are free, \d+ MB are needed"):
            EmbeddedPostgres(new_data_dir).start()

    def test_a_disk_that_fills_up_while_the_server_starts_is_called_full(self, data_dir: Path) -> None:
        options = data_dir / "postgres" / "cluster" / "postmaster.opts"
        options.unlink()
        options.symlink_to("/dev/full")
        with pytest.raises(DiskFull, match="No space left on device"):
            EmbeddedPostgres(data_dir).start()

    def test_data_of_another_major_version_are_refused_with_the_programs_that_fit(
        self, new_data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        packaged = min((path for path in DEBIAN_ROOT.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))
        monkeypatch.setenv("RINGDESK_PG_BIN", str(packaged / "bin"))
        with EmbeddedPostgres(new_data_dir, durable=False):
            pass
        monkeypatch.delenv("RINGDESK_PG_BIN")
        with pytest.raises(OtherMajorVersion) as refused:
            EmbeddedPostgres(new_data_dir).start()
        assert refused.value.data_major == int(packaged.name)
        assert f"RINGDESK_PG_BIN={packaged / 'bin'}" in refused.value.advice

    def test_data_that_another_server_has_open_are_left_alone(self, data_dir: Path) -> None:
        cluster = Cluster(data_dir)
        elsewhere = data_dir / "elsewhere"
        elsewhere.mkdir()
        cluster.account.own(elsewhere)
        pg_ctl = str(candidates()[0][1] / "pg_ctl")
        control = [pg_ctl, "-D", str(cluster.data), "-w", "-s"]
        log = data_dir / "postgres" / "log" / "foreign.log"
        assert cluster.account.run([*control, "-o", f"-k {elsewhere}", "start"], timeout=60, inherit_output_to=log).returncode == 0
        try:
            with pytest.raises(DataDirInUse, match=str(elsewhere)):
                EmbeddedPostgres(data_dir).start()
            with psycopg.connect(f"host={elsewhere} user=ringdesk dbname=ringdesk") as connection:
                assert connection.execute("select 1").fetchone() == (1,)
        finally:
            cluster.account.run([*control, "-m", "immediate", "stop"], timeout=60)

    def test_the_new_data_directory_of_a_system_server_is_not_taken_for_ours(self, new_data_dir: Path) -> None:
        new_data_dir.mkdir()
        (new_data_dir / "PG_VERSION").write_text("15\n")
        with pytest.raises(DataDirInUse, match="ringdesk did not make"):
            EmbeddedPostgres(new_data_dir).start()

    def test_a_socket_folder_that_somebody_else_put_in_place_is_refused(self, new_data_dir: Path, tmp_path: Path) -> None:
        deep = new_data_dir / ("long" * 20) / ("way" * 20)
        waiting = Cluster(deep).socket_dir
        waiting.symlink_to(tmp_path)
        try:
            with pytest.raises(DataDirNotWritable, match="not a folder of ours"):
                EmbeddedPostgres(deep, durable=False).start()
        finally:
            waiting.unlink()

    def test_a_broken_cluster_is_reported_with_the_servers_own_words(self, data_dir: Path) -> None:
        (data_dir / "postgres" / "cluster" / "global" / "pg_control").write_bytes(b"")
        with pytest.raises(ServerDidNotStart, match="pg_control"):
            EmbeddedPostgres(data_dir).start()
        assert Cluster(data_dir).running() is None


class TestPrograms:
    def test_a_folder_without_programs_is_named(self, new_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RINGDESK_PG_BIN", str(tmp_path))
        with pytest.raises(NoBinaries, match=str(tmp_path)) as refused:
            EmbeddedPostgres(new_data_dir).start()
        assert "RINGDESK_DATABASE_URL" in refused.value.advice

    def test_no_programs_anywhere_is_said_with_what_to_install(
        self, new_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nothing(_name: str) -> None:
            return None

        monkeypatch.setattr(binaries_module.importlib.util, "find_spec", nothing)
        monkeypatch.setattr(binaries_module, "DEBIAN_ROOT", tmp_path / "none")
        with pytest.raises(NoBinaries, match="make setup"):
            EmbeddedPostgres(new_data_dir).start()

    def test_programs_that_crash_are_quoted(self, new_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        new_data_dir.mkdir()
        monkeypatch.setenv("RINGDESK_PG_BIN", str(programs(new_data_dir / "bin", "echo wrong libc >&2; exit 127")))
        with pytest.raises(BinariesDoNotRun, match="wrong libc"):
            EmbeddedPostgres(new_data_dir).start()

    def test_programs_that_are_too_old_are_refused(self, new_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        new_data_dir.mkdir()
        monkeypatch.setenv("RINGDESK_PG_BIN", str(programs(new_data_dir / "bin", "echo 'postgres (PostgreSQL) 14.9'")))
        with pytest.raises(BinariesDoNotRun, match="version 14 is older than 15"):
            EmbeddedPostgres(new_data_dir).start()


class TestTrigrams:
    def test_a_database_that_loses_japanese_names_is_refused(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir, durable=False) as server:
            with psycopg.connect(server.dsn, autocommit=True) as connection:
                connection.execute("create database narrow template template0 encoding 'UTF8' locale 'C'")
            with pytest.raises(TrigramsUnusable) as refused:
                require_trigrams(server.dsn_of("narrow"))
        assert "山田" in refused.value.reason
        assert "C.UTF-8" in refused.value.advice

    def test_a_start_on_such_a_database_fails_and_leaves_no_server_behind(self, data_dir: Path) -> None:
        with (
            EmbeddedPostgres(data_dir, durable=False) as server,
            psycopg.connect(server.dsn_of("postgres"), autocommit=True) as connection,
        ):
            connection.execute("drop database ringdesk")
            connection.execute("create database ringdesk template template0 encoding 'UTF8' locale 'C'")
        with pytest.raises(TrigramsUnusable):
            EmbeddedPostgres(data_dir).start()
        assert Cluster(data_dir).running() is None


class TestSettings:
    @pytest.mark.parametrize(("memory_mib", "expected"), [(512, "128MB"), (8192, "1024MB"), (65536, "4096MB")])
    def test_the_cache_is_an_eighth_of_the_memory_within_limits(self, memory_mib: int, expected: str) -> None:
        assert server_settings(memory_mib * MIB, durable=True)["shared_buffers"] == expected

    def test_the_log_of_the_server_holds_no_statements(self) -> None:
        settings = server_settings(8192 * MIB, durable=True)
        assert settings["log_min_error_statement"] == "panic"
        assert settings["log_error_verbosity"] == "terse"
