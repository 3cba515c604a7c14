"""The workbooks of schema/forms are what their sources say, and tools/make_forms --check names one that is not."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def check(root):
    done = subprocess.run([sys.executable, root / "tools/make_forms", "--check"], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class MakeForms(unittest.TestCase):
    def test_the_committed_workbooks_are_made_from_their_sources(self):
        self.assertEqual(check(ROOT), (0, ""))

    def test_a_changed_source_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            shutil.copytree(ROOT / "schema/forms", root / "schema/forms")
            (root / "tools").mkdir()
            shutil.copy(ROOT / "tools/make_forms", root / "tools/make_forms")
            survey = root / "schema/forms/source/visita_cobranza/survey.csv"
            survey.write_text(survey.read_text(encoding="utf-8").replace("Cierre", "Final"), encoding="utf-8")
            code, words = check(root)
            self.assertEqual(code, 1)
            self.assertIn("visita_cobranza.xlsx", words)
            self.assertNotIn("validacion_negocio", words)


if __name__ == "__main__":
    unittest.main()
