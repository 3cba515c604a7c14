#!/usr/bin/env python3
"""Runs the commands of `terreno` as an administrator types them: tests/e2e/cli/cli_test.py PROGRAM"""
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = sys.argv.pop(1)
PASSWORD = "nopal verde 77"


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.data = pathlib.Path(cls.folder.name) / "data"
        cls.password = pathlib.Path(cls.folder.name) / "password"
        cls.password.write_text(PASSWORD + "\n")
        code, said = cls.terreno("admin", "create", "--tenant", "Uno", "--login", "ana", "--password-file", cls.password)
        assert code == 0, said

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def terreno(cls, *words, data=None):
        """Exit code, and all that was written."""
        done = subprocess.run(
            [PROGRAM, *words, "--data", data or cls.data], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )
        return done.returncode, done.stdout + done.stderr

    def test_a_login_that_could_never_be_typed_again_is_refused(self):
        for login in ("peña ruiz ", "rosa medina", "a" * 61, ""):
            code, said = self.terreno("user", "add", "--login", login)
            self.assertEqual(code, 2, said)
        self.assertEqual(self.terreno("user", "add", "--login", "Rosa.Medina")[0], 0)
        self.assertEqual(self.terreno("enrolment-code", "--login", "rosa.medina")[0], 0)

    def test_only_a_gestor_gets_a_code_for_a_phone(self):
        code, said = self.terreno("enrolment-code", "--login", "ana")
        self.assertEqual(code, 1, said)
        self.assertIn("«ana»", said)

    def test_a_mistyped_folder_is_refused_and_not_made(self):
        wrong = pathlib.Path(self.folder.name) / "dta"
        csv = pathlib.Path(self.folder.name) / "cases.csv"
        csv.write_text("key\n")
        for words in (
            ["user", "add", "--login", "luz"],
            ["enrolment-code", "--login", "luz"],
            ["import", csv],
            ["tenant", "policy", "--currency", "MXN"],
        ):
            code, said = self.terreno(*words, data=wrong)
            self.assertEqual(code, 1, said)
            self.assertIn(str(wrong), said)
            self.assertFalse(wrong.exists())

    def test_an_admin_with_a_bad_login_leaves_no_folder_behind(self):
        fresh = pathlib.Path(self.folder.name) / "fresh"
        code, _ = self.terreno(
            "admin", "create", "--tenant", "Dos", "--login", "peña", "--password-file", self.password, data=fresh
        )
        self.assertEqual(code, 2)
        self.assertFalse(fresh.exists())

    def test_a_password_does_not_show_while_it_is_typed(self):
        words = [PROGRAM, "user", "add", "--data", str(self.data), "--login", "luz", "--role", "supervisor"]
        child, terminal = pty.fork()
        if child == 0:
            os.execv(PROGRAM, words)
        said = b""
        while b":" not in said:
            said += os.read(terminal, 4096)
        deadline = time.monotonic() + 10
        while termios.tcgetattr(terminal)[3] & termios.ECHO:
            self.assertLess(time.monotonic(), deadline, "the terminal still shows what is typed")
            time.sleep(0.02)
        os.write(terminal, PASSWORD.encode() + b"\n")
        try:
            while piece := os.read(terminal, 4096):
                said += piece
        except OSError:
            pass  # how a terminal says that the other side is gone
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, said)
        self.assertNotIn(PASSWORD.encode(), said)


if __name__ == "__main__":
    unittest.main()
