"""Sums a CTest JUnit report: cases where a program counts them, programs where it does not.

usage: tally.py REPORT.xml   (ctest --output-junit); exits 1 when something failed or nothing ran
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

# How the frameworks in use say how many cases passed, failed and were skipped.
DOCTEST = re.compile(r"\[doctest\] test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
VITEST = re.compile(r"^\s*Tests\s+(?:(\d+) failed \| )?(\d+) passed", re.MULTILINE)
JUNIT_PASSED = re.compile(r"(\d+) tests successful")
JUNIT_FAILED = re.compile(r"(\d+) tests failed")
# The console's walk through its screens.
STEPS = re.compile(r"^(ok|FAILED) {2,}\S", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A case that lacks its data passes, and says so in a line of its own.
SKIPPED_LINE = re.compile(r"^.*?\bskipped: (.*)$", re.MULTILINE | re.IGNORECASE)


def cases_in(output):
    """(passed, failed) as the program's own summary has it; None when it has none."""
    found = [(int(passed), int(failed)) for passed, failed, _ in DOCTEST.findall(output)]
    found += [(int(count), 0) for count in UNITTEST.findall(output)]
    found += [(int(passed), int(failed or 0)) for failed, passed in VITEST.findall(output)]
    steps = STEPS.findall(output)
    if steps:
        found.append((steps.count("ok"), steps.count("FAILED")))
    failed = JUNIT_FAILED.findall(output)
    found += [(int(passed), int(failed[i]) if i < len(failed) else 0)
              for i, passed in enumerate(JUNIT_PASSED.findall(output))]
    return (sum(p for p, _ in found), sum(f for _, f in found)) if found else None


def tally(report):
    passed = failed = 0
    failures, skips = [], []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name, status = case.get("name"), case.get("status")
        output = COLOURS.sub("", case.findtext("system-out") or "")
        said = [f"{name}: {line.strip()}" for line in SKIPPED_LINE.findall(output)]
        skipped = case.find("skipped")
        if skipped is not None and skipped.get("message", "").startswith(("SKIP_", "Disabled")):
            skips += said[:1] or [f"{name}: not run"]
            continue
        case_passed, case_failed = cases_in(output) or (1, 0)
        if status != "run":
            failures.append(name)
            case_passed, case_failed = (case_passed if case_failed else 0), max(case_failed, 1)
        skips += said
        passed += max(case_passed - len(said), 0)
        failed += case_failed
    return passed, failed, failures, skips


def main():
    passed, failed, failures, skips = tally(sys.argv[1])
    for line in skips:
        print(f"  skipped  {line}")
    for name in failures:
        print(f"  FAILED   {name}")
    print(f"{passed} passed, {failed} failed" + (f", {len(skips)} skipped" if skips else ""))
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
