#!/usr/bin/env python3
"""Kills phones and server at random moments of a simulated day, and holds the server against what phones confirmed.

Every phone is a process of its own with a real core and a real database; so is the server. For some time, one after
another gets SIGKILL and is started anew. Then every phone may send what it still holds, and it must be true that

  - every visit that a phone confirmed to its gestor is on the server, once;
  - the server has no visit that no phone finished;
  - every photo and signature of these visits is on the server, whole, with the hash that was signed;
  - each phone's journal stands on the server without a gap.

usage: chaos.py --terreno PROGRAM --field-day PROGRAM [--seconds S] [--most-seconds S] [--phones N] [--seed N] [--keep DIR]
"""
import argparse
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SPEED = 240  # demo seconds in a real one
SERVER_START_S = 60
DRAIN_S = 180
LEAST_VISITS, LEAST_KILLS, LEAST_SERVER_KILLS = 40, 12, 5
WHOLE = 2  # EvidenceState::Received


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terreno", required=True)
    parser.add_argument("--field-day", required=True)
    parser.add_argument("--seconds", type=float, default=40, help="how long the killing goes on at least")
    parser.add_argument("--most-seconds", type=float, default=200,
                        help="how long at most, on a machine that is busy with other things")
    parser.add_argument("--phones", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--keep", help="a folder to leave everything in")
    return parser.parse_args()


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], text=True, capture_output=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words[:3]))}... ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


class Server:
    """The server's process; it comes back at the port that it had."""

    def __init__(self, program, data, plan, log):
        self.program, self.data, self.plan, self.log = program, data, plan, log
        self.port, self.process, self.kills = 0, None, 0
        self.start()

    def start(self):
        port_file = self.data.parent / "port"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--port", str(self.port), "--port-file", port_file,
             "--demo-clock", self.plan], stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + SERVER_START_S
        while not (port_file.exists() and port_file.read_text().strip()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit(f"the server did not start; see {self.log.name}")
            time.sleep(0.05)
        self.port = int(port_file.read_text())
        self.wait_until_ready(deadline)

    def wait_until_ready(self, deadline):
        while True:
            try:
                with urllib.request.urlopen(self.url() + "/readyz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline:
                    sys.exit("the server is not ready")
                time.sleep(0.05)

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.kills += 1

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Phone:
    """One gestor's phone in a process of its own."""

    def __init__(self, login, program, folder, server, plan, log):
        self.login, self.program, self.folder, self.server, self.plan = login, program, folder, server, plan
        self.log, self.process, self.kills = log, None, 0

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "run", "--folder", self.folder, "--server", self.server.url(), "--clock", self.plan,
             "--only", self.login, "--hurry", "6", "--fragility", "0.1"], stdout=self.log, stderr=self.log)

    def kill(self):
        """False when it had ended by itself, which it must not."""
        alive = self.process.poll() is None
        self.process.kill()
        self.process.wait()
        self.kills += 1
        return alive


class Chaos:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, folder
        self.dice = random.Random(arguments.seed)
        self.day, self.data = folder / "day", folder / "server"
        self.faults = []

    def fault(self, text):
        self.faults.append(text)

    def prepare(self):
        a = self.arguments
        password = self.folder / "password"
        password.write_text("una-clave-solo-para-esta-prueba\n")
        run(a.terreno, "admin", "create", "--data", self.data, "--tenant", "Prueba", "--login", "admin",
            "--password-file", password)
        self.plan = run(a.field_day, "clock", "--folder", self.day, "--at", "08:30", "--speed", SPEED)
        run(a.field_day, "prepare", "--folder", self.day, "--terreno", a.terreno, "--data", self.data, "--gestores",
            a.phones, "--cases", a.phones * 30, "--cheats", 0, "--seed", a.seed % 1000 + 1, "--sync-interval", 60)
        # The clock ran while the company was made.
        self.plan = run(a.field_day, "clock", "--folder", self.day, "--at", "08:30", "--speed", SPEED)

    def logins(self):
        lines = (self.day / "gestores.csv").read_text(encoding="utf-8").splitlines()[1:]
        return [line.split(",")[0] for line in lines]

    def live(self):
        log = open(self.folder / "server.log", "ab")
        self.server = Server(self.arguments.terreno, self.data, self.plan, log)
        self.phones = [Phone(login, self.arguments.field_day, self.day, self.server, self.plan,
                             open(self.folder / f"phone-{login}.log", "ab")) for login in self.logins()]
        for phone in self.phones:
            phone.start()
        began = time.monotonic()
        while not self.enough(time.monotonic() - began):
            time.sleep(self.dice.uniform(0.2, 2.0))
            if self.dice.random() < 0.3:
                self.server.kill()
                time.sleep(self.dice.uniform(0, 1.5))
                self.server.start()
            else:
                phone = self.dice.choice(self.phones)
                if not phone.kill():
                    self.fault(f"the phone of {phone.login} ended by itself; see {phone.log.name}")
                phone.start()

    def enough(self, seconds):
        """Whether so many visits were confirmed, and so much killed, that losing one would show."""
        visits = sum(path.read_bytes().count(b"\n") for path in (self.day / "ledgers").glob("*.txt"))
        kills = sum(phone.kills for phone in self.phones)
        done = visits >= LEAST_VISITS and kills >= LEAST_KILLS and self.server.kills >= LEAST_SERVER_KILLS
        return seconds >= self.arguments.most_seconds or (done and seconds >= self.arguments.seconds)

    def come_to_rest(self):
        for phone in self.phones:
            phone.kill()
        self.server.kill()
        self.server.start()
        try:
            done = subprocess.run(
                [self.arguments.field_day, "run", "--folder", self.day, "--server", self.server.url(), "--clock",
                 self.plan, "--drain"], text=True, capture_output=True, timeout=DRAIN_S)
        except subprocess.TimeoutExpired:
            self.fault(f"the phones did not send everything within {DRAIN_S} s")
            return
        if done.returncode != 0:
            self.fault("a phone could not send everything:\n" + done.stdout + done.stderr)
        self.server.kill()  # what it acknowledged last must survive this too

    def end(self):
        for phone in getattr(self, "phones", []):
            if phone.process is not None and phone.process.poll() is None:
                phone.process.kill()
        if hasattr(self, "server"):
            self.server.stop()

    # --- what must be true afterwards

    def confirmed(self):
        """Visit id → hashes of its files, from the ledgers."""
        visits = {}
        for path in (self.day / "ledgers").glob("*.txt"):
            for line in path.read_text(encoding="utf-8").splitlines():
                words = line.split()
                if words[0] in visits:
                    self.fault(f"visit {words[0]} was confirmed twice")
                visits[words[0]] = words[3:]
        return visits

    def finished_on_phones(self):
        finished = set()
        for path in (self.day / "phones").glob("*.db"):
            with sqlite3.connect(path) as database:
                finished |= {uuid_text(row[0]) for row in database.execute("SELECT visit_id FROM finished_visit")}
        return finished

    def check(self):
        confirmed, finished = self.confirmed(), self.finished_on_phones()
        with sqlite3.connect(self.data / "terreno.db") as database:
            received = [uuid_text(row[0]) for row in database.execute("SELECT id FROM visit")]
            self.check_journals(database)
            files = self.check_evidence(database, confirmed)
        held = set(received)
        if len(held) != len(received):
            self.fault(f"{len(received) - len(held)} visits are on the server twice")
        for visit in sorted(set(confirmed) - held):
            self.fault(f"confirmed visit {visit} is not on the server")
        for visit in sorted(held - finished):
            self.fault(f"visit {visit} is on the server, but no phone finished it")
        for visit in sorted(finished - held):
            self.fault(f"finished visit {visit} is not on the server")
        if len(confirmed) < 2 * len(self.phones):
            self.fault(f"only {len(confirmed)} visits were made: the test proves nothing")
        return len(confirmed), len(finished), len(held), files

    def check_journals(self, database):
        rows = database.execute("SELECT device_key, epoch, MIN(seq), MAX(seq), COUNT(*) FROM journal_entry "
                                "GROUP BY device_key, epoch").fetchall()
        for device, epoch, first, last, count in rows:
            if first != 1 or last != count:
                self.fault(f"journal of device {device}, epoch {epoch}: {count} entries from {first} to {last}")
        broken = database.execute("SELECT COUNT(*) FROM quarantine").fetchone()[0]
        if broken:
            self.fault(f"{broken} entries are in quarantine")

    def check_evidence(self, database, confirmed):
        state = {row[0].hex(): row[1] for row in database.execute("SELECT sha256, state FROM evidence")}
        on_disk = {path.name: path for path in (self.data / "evidence").rglob("*") if path.is_file()}
        wanted = {sha for files in confirmed.values() for sha in files}
        for sha in sorted(wanted):
            if state.get(sha) != WHOLE:
                self.fault(f"file {sha} is not whole on the server (state {state.get(sha)})")
            elif sha not in on_disk:
                self.fault(f"file {sha} is not on the server's disk")
            elif hashlib.sha256(on_disk[sha].read_bytes()).hexdigest() != sha:
                self.fault(f"file {sha} is not what it claims")
        return len(wanted)


def uuid_text(raw):
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def main():
    arguments = parse_arguments()
    folder = pathlib.Path(arguments.keep or tempfile.mkdtemp(prefix="terreno-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    chaos = Chaos(arguments, folder)
    print(f"seed {arguments.seed}, {arguments.phones} phones, {arguments.seconds:.0f} s of kills, in {folder}", flush=True)
    try:
        chaos.prepare()
        chaos.live()
        chaos.come_to_rest()
        confirmed, finished, held, files = chaos.check()
    finally:
        chaos.end()
    kills = sum(phone.kills for phone in chaos.phones)
    print(f"phones killed {kills} times, the server {chaos.server.kills} times")
    print(f"visits: {confirmed} in the ledgers, {finished} finished on phones, {held} on the server; "
          f"{files} files arrived whole")
    for fault in chaos.faults:
        print("FAULT: " + fault)
    if chaos.faults:
        print(f"everything is left in {folder}")
        return 1
    if not arguments.keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
