"""tools/generate --check passes on the tree as it is, and names the files that no longer agree with their table."""
import importlib.machinery
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tables_of_generate():
    """The files that tools/generate makes, as it knows them itself."""
    loader = importlib.machinery.SourceFileLoader("generate", str(ROOT / "tools/generate"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("generate", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return list(module.TARGETS)


MADE = tables_of_generate()
FROM_ERRORS = [name for name in MADE if "error" in name.lower()]


def run_generate(root, *options):
    done = subprocess.run([sys.executable, root / "tools/generate", *options], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class Generate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        tables = [path.relative_to(ROOT).as_posix() for path in (ROOT / "schema").rglob("*.csv")]
        for name in ["tools/generate", *tables, *MADE]:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)

    def append(self, table, line):
        with open(self.root / table, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    def test_the_tree_agrees_with_its_tables(self):
        code, said = run_generate(ROOT, "--check")
        self.assertEqual(code, 0, said)

    def test_a_new_error_code_makes_every_language_drift_until_it_is_written(self):
        columns = (ROOT / "schema/errors.csv").read_text().splitlines()[0].split(",")
        row = {"number": "999", "code": "TestOnly", "http_status": "500", "retryable": "false", "meaning": "test"}
        self.assertEqual(set(columns), set(row))
        self.append("schema/errors.csv", ",".join(row[column] for column in columns))
        code, said = run_generate(self.root, "--check")
        self.assertEqual(code, 1)
        self.assertGreaterEqual(len(FROM_ERRORS), 4)
        for name in MADE:
            self.assertEqual(name in said, name in FROM_ERRORS, said)
        run_generate(self.root)
        self.assertEqual(run_generate(self.root, "--check")[0], 0)

    def test_a_text_that_lacks_a_language_is_refused(self):
        self.append("schema/texts/core.csv", "test.only,hola,hello,")
        code, said = run_generate(self.root, "--check")
        self.assertEqual(code, 1)
        self.assertIn("test.only", said)


if __name__ == "__main__":
    unittest.main()
