"""tools/lib/tally.py adds up what the test programs say, and never turns a failure into a pass."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TALLY = pathlib.Path(__file__).resolve().parents[2] / "tools/lib/tally.py"
DOCTEST = "[doctest] test cases:  {0} |  {1} passed | {2} failed | 0 skipped"


def report(*cases):
    """cases: (name, status, output, why it did not run); what CTest writes."""
    rows = "".join(f'<testcase name="{name}" status="{status}">' + "".join(f'<skipped message="{w}"/>' for w in why) +
                   f"<system-out>{output}</system-out></testcase>" for name, status, output, *why in cases)
    return f'<?xml version="1.0"?><testsuite>{rows}</testsuite>'


class Tally(unittest.TestCase):
    def run_tally(self, *cases):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(report(*cases))
            file.flush()
            done = subprocess.run([sys.executable, TALLY, file.name], capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()

    def test_cases_are_counted_where_a_program_counts_them(self):
        code, said = self.run_tally(("a", "run", DOCTEST.format(5, 5, 0)), ("b", "run", "Ran 3 tests in 0.1s"),
                                    ("c", "run", "a program without counts"))
        self.assertEqual((code, said[-1]), (0, "9 passed, 0 failed"))

    def test_a_failed_case_is_counted_and_its_program_named(self):
        code, said = self.run_tally(("a", "fail", DOCTEST.format(5, 3, 2)))
        self.assertEqual((code, said[-1]), (1, "3 passed, 2 failed"))
        self.assertIn("  FAILED   a", said)

    def test_a_program_that_crashed_after_its_cases_passed_has_failed(self):
        code, said = self.run_tally(("a", "fail", DOCTEST.format(5, 5, 0)), ("b", "run", "fine"))
        self.assertEqual((code, said[-1]), (1, "1 passed, 1 failed"))

    def test_a_skip_is_seen(self):
        code, said = self.run_tally(("a", "run", "skipped: no traces here\n" + DOCTEST.format(2, 2, 0)),
                                    ("b", "notrun", "", "SKIP_RETURN_CODE=77"))
        self.assertEqual((code, said[-1]), (0, "1 passed, 0 failed, 2 skipped"))
        self.assertIn("  skipped  a: no traces here", said)

    def test_a_program_that_was_not_built_has_failed(self):
        code, said = self.run_tally(("a", "run", "fine"), ("b", "notrun", "", "Unable to find executable"))
        self.assertEqual((code, said[-1]), (1, "1 passed, 1 failed"))

    def test_nothing_that_ran_is_a_failure(self):
        self.assertEqual(self.run_tally()[0], 1)


if __name__ == "__main__":
    unittest.main()
