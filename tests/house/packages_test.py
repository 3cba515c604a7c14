"""tools/packages.txt names every Debian package that the build takes something from.

usage: packages_test.py BUILD_DIR   (a configured build: its CMakeCache.txt says what CMake found, and where)

Three ways in: the system headers that sources include, the things that CMake found, the programs that the tools call.
Exits 77 where there is no dpkg: the names are Debian's.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = {".hpp", ".h", ".cpp", ".c"}
# What the tools call by name; each must come from a package of the list or from one that a listed package brings.
PROGRAMS = ["g++", "cmake", "ctest", "ninja", "ccache", "mold", "pkg-config", "git", "python3", "clang-format",
            "clang-tidy", "chromium", "javac", "java"]
# Its dependencies bring the headers of the language and of the C library, which need no row of their own.
COMPILER = "g++"


def listed_packages():
    lines = (ROOT / "tools/packages.txt").read_text().splitlines()
    return {line.split("#")[0].strip() for line in lines} - {""}


class Installed:
    """What dpkg knows: dependencies by package, with what stands in for a virtual name."""

    def __init__(self):
        fields = "${Package}\t${Depends}, ${Pre-Depends}\t${Provides}\t${Essential}\n"
        answer = subprocess.run(["dpkg-query", "-W", "-f", fields], capture_output=True, text=True, check=True).stdout
        self.needs, self.providers, self.essential = {}, {}, set()
        for line in answer.splitlines():
            name, depends, provides, essential = line.split("\t")
            if essential == "yes":
                self.essential.add(name)
            self.needs[name] = self.names(depends)
            for virtual in self.names(provides):
                self.providers.setdefault(virtual, set()).add(name)

    @staticmethod
    def names(field):
        bare = re.sub(r"\([^)]*\)|:\w+", "", field)
        return {name.strip() for name in re.split(r"[,|]", bare)} - {""}

    def closure(self, roots):
        seen, waiting = set(), list(roots)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += [*self.needs.get(name, ()), *self.providers.get(name, ())]
        return seen


def owners(paths):
    """Real file -> the package that installed it; a file that no package owns is left out."""
    real = {os.path.realpath(path): path for path in paths}
    # /lib and /usr/lib are one folder, and dpkg remembers the name that the package used.
    asked = [name for path in real for name in (path, re.sub(r"^/usr(?=/lib|/bin|/sbin)", "", path))]
    answer = subprocess.run(["dpkg", "-S", *asked], capture_output=True, text=True).stdout if asked else ""
    found = {}
    for line in answer.splitlines():
        packages, _, path = line.rpartition(": ")
        original = real.get(path) or real.get("/usr" + path)
        if original and not packages.startswith("diversion"):
            found[original] = packages.split(",")[0].split(":")[0]
    return found


def search_folders(cache):
    """Where the compiler looks for <headers>, and the folders that pkg-config or a find module added."""
    said = subprocess.run(["g++", "-E", "-x", "c++", "-v", os.devnull], capture_output=True, text=True).stderr
    folders = re.search(r"starts here:\n(.*?)End of search list", said, re.DOTALL)[1].split()
    for name, value in cache.items():
        if re.search(r"INCLUDE_?DIRS?$|INCLUDE_PATH2?$", name, re.IGNORECASE):
            folders += value.split(";")
    return folders


def included_headers():
    """System header -> one place that includes it."""
    headers = {}
    for top in ["core", "server", "mobile-bridge", "tests", "tools"]:
        for path in (ROOT / top).rglob("*"):
            if path.suffix in SOURCES and "node_modules" not in path.parts:
                for match in re.finditer(r"^\s*#\s*include\s*<([^>]+)>", path.read_text(encoding="utf-8"), re.M):
                    headers.setdefault(match[1], path.relative_to(ROOT).as_posix())
    return headers


def header_packages(cache):
    folders = search_folders(cache)
    paths = {}
    for header, place in included_headers().items():
        path = next((f"{folder}/{header}" for folder in folders if os.path.isfile(f"{folder}/{header}")), None)
        if path:
            paths[path] = f"<{header}> in {place}"
    for path, package in owners(paths).items():
        yield package, paths[path]


def found_by_cmake(cache):
    """The libraries, headers and programs that CMake found outside the project."""
    paths = {}
    for name, value in cache.items():
        path = pathlib.Path(value)
        if name.endswith("_DIR") and path.is_dir():
            path = next((file for file in sorted(path.glob("*.cmake"))), path)
        if value.startswith(("/usr/", "/lib/", "/bin/")) and not value.startswith("/usr/local/") and path.is_file():
            paths[str(path)] = f"{name} of CMakeCache.txt"
    for package in re.findall(r"pkg_check_modules\(\w+ (?:REQUIRED |IMPORTED_TARGET )*([\w.+-]+)\)|"
                              r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET ([\w.+-]+)", cmake_texts()):
        module = package[0] or package[1]
        folder = subprocess.run(["pkg-config", "--variable=pcfiledir", module], capture_output=True, text=True)
        if folder.returncode == 0:
            paths[f"{folder.stdout.strip()}/{module}.pc"] = f"pkg-config {module}"
    for path, package in owners(paths).items():
        yield package, paths[path]


def cmake_texts():
    files = [ROOT / "CMakeLists.txt", *(ROOT / "cmake").glob("*.cmake")]
    for top in ["core", "server", "mobile-bridge", "tests", "tools"]:
        files += [path for path in (ROOT / top).rglob("CMakeLists.txt") if "node_modules" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def program_packages():
    paths = {shutil.which(program): f"the program {program}" for program in PROGRAMS if shutil.which(program)}
    for path, package in owners(paths).items():
        yield package, paths[path]


def read_cache(build):
    cache = {}
    for line in (build / "CMakeCache.txt").read_text().splitlines():
        match = re.match(r"([^/#][^:]*):\w+=(.+)", line)
        if match:
            cache[match[1]] = match[2]
    return cache


def main():
    if not shutil.which("dpkg-query"):
        print("skipped: no dpkg here, and the list's names are Debian's")
        sys.exit(77)
    listed, installed, cache = listed_packages(), Installed(), read_cache(pathlib.Path(sys.argv[1]))
    with_compiler = installed.closure([COMPILER])
    brought = installed.closure(listed | installed.essential)
    missing = {}
    counted = 0
    for package, why in header_packages(cache):
        counted += 1
        if package not in listed and package not in with_compiler:
            missing.setdefault(package, why)
    for package, why in [*found_by_cmake(cache), *program_packages()]:
        counted += 1
        if package not in brought:
            missing.setdefault(package, why)
    for package, why in sorted(missing.items()):
        print(f"tools/packages.txt lacks {package}: it brings {why}")
    print(f"packages_test: {len(listed)} packages listed, {counted} uses traced, {len(missing)} missing")
    sys.exit(1 if missing or counted < 40 else 0)


if __name__ == "__main__":
    main()
