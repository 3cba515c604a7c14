"""The loop that README.md gives to developers of apps is the one that the Java test runs."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def lines_of(text):
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def main():
    shown = re.findall(r"```java\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    run = lines_of((ROOT / "mobile-bridge/android/test/mx/terreno/FieldDayTest.java").read_text(encoding="utf-8"))
    drifted = [example for example in shown if lines_of(example) not in run]
    for example in drifted:
        print("README.md shows what FieldDayTest.java does not run:\n" + example)
    print(f"readme_test: {len(shown)} examples, {len(drifted)} that no test runs")
    sys.exit(1 if drifted or not shown else 0)


if __name__ == "__main__":
    main()
