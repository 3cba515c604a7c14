"""tools/check_layers passes on the tree as it is, and fails on a copy of it for every kind of breach."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECK = ROOT / "tools/check_layers"


def run_check(root):
    done = subprocess.run([sys.executable, CHECK, "--root", root], capture_output=True, text=True)
    return done.returncode, done.stdout


def copy_of_the_tree(target):
    skip = shutil.ignore_patterns("node_modules", "dist", "build", "*.db", "*.csv", "*.xlsx")
    for top in ["core", "server", "mobile-bridge"]:
        shutil.copytree(ROOT / top, target / top, ignore=skip)
    for top in ["tests", "tools"]:
        (target / top).mkdir()


class TheTree(unittest.TestCase):
    def test_keeps_its_levels(self):
        code, said = run_check(ROOT)
        self.assertEqual(code, 0, said)


class ABreach(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        copy_of_the_tree(cls.root)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def expect(self, name, text, *words):
        """Writing `text` to `name` makes the check fail at its second line, in these words."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#pragma once\n" + text + "\n")
        try:
            code, said = run_check(self.root)
        finally:
            path.unlink()
        self.assertEqual(code, 1, said)
        self.assertIn(f"{name}:2: ", said)
        for word in words:
            self.assertIn(word, said)

    def expect_no_word_of(self, name, text):
        path = self.root / name
        path.write_text("#pragma once\n" + text + "\n")
        _, said = run_check(self.root)
        path.unlink()
        self.assertNotIn(name, said)

    def test_core_may_not_look_up(self):
        self.expect("core/base/x.hpp", '#include "core/model/work.hpp"', "core/base/ may not include")
        self.expect("core/geo/x.hpp", '#include "core/app/field_core.hpp"', "core/geo/ may not include")

    def test_folders_of_one_level_do_not_see_each_other(self):
        self.expect("core/geo/x.hpp", '#include "core/forms/form_session.hpp"', "core/geo/ may not include")
        self.expect("core/sync/x.hpp", '#include "core/visit/y.hpp"\n', "core/sync/")

    def test_core_knows_nothing_of_the_server(self):
        self.expect("core/app/x.hpp", '#include "server/domain/records.hpp"', "core/app/ may not include")

    def test_the_domain_sees_no_storage(self):
        self.expect("server/domain/x.hpp", '#include "server/storage/storage.hpp"', "server/domain/ may not include")

    def test_the_domain_sees_neither_the_phone_s_store_nor_its_journal(self):
        self.expect("server/domain/x.hpp", '#include "core/store/device_store.hpp"', "server/domain/ may not include")

    def test_of_storage_only_the_face_is_seen(self):
        (self.root / "server/storage/sqlite/inner.hpp").write_text("#pragma once\n")
        self.expect("server/api/x.hpp", '#include "server/storage/sqlite/inner.hpp"', "server/api/ may not include")

    def test_http_sees_only_the_api_s_types(self):
        self.expect("server/http/x.hpp", '#include "server/domain/records.hpp"', "server/http/ may not include")

    def test_a_bridge_sees_only_the_face(self):
        self.expect("mobile-bridge/abi/x.hpp", '#include "core/visit/visit_desk.hpp"', "mobile-bridge/abi/")

    def test_a_bridge_sees_what_the_face_s_header_names(self):
        self.expect_no_word_of("mobile-bridge/abi/x.hpp",
                               '#include "core/model/work.hpp"\n#include "core/app/field_core.hpp"')

    def test_each_library_has_its_only_user(self):
        for name, header, owner in [
                ("core/model/x.hpp", "sodium.h", "core/base/"),
                ("server/app/x.cpp", "GeographicLib/Geodesic.hpp", "core/geo/"),
                ("core/store/x.hpp", "cereal/cereal.hpp", "core/codec/"),
                ("core/journal/x.cpp", "SQLiteCpp/SQLiteCpp.h", "core/store/"),
                ("server/domain/x.cpp", "sqlite3.h", "server/storage/sqlite/"),
                ("server/api/x.cpp", "pugixml.hpp", "core/forms/"),
                ("server/api/x.cpp", "minizip/unzip.h", "core/forms/"),
                ("server/api/x.cpp", "boost/beast/http.hpp", "server/http/"),
                ("server/live/x.cpp", "boost/asio.hpp", "server/http/"),
                ("core/base/x.cpp", "boost/json.hpp", "server/"),
                ("server/api/x.cpp", "curl/curl.h", "server/notify/"),
                ("mobile-bridge/abi/x.cpp", "jni.h", "mobile-bridge/android/")]:
            with self.subTest(header=header, at=name):
                self.expect(name, f"#include <{header}>", f"<{header}>: only", owner)

    def test_core_starts_no_threads_and_opens_no_sockets(self):
        for header, what in [("thread", "threads"), ("future", "threads"), ("sys/socket.h", "sockets"),
                             ("netinet/in.h", "sockets"), ("poll.h", "sockets")]:
            with self.subTest(header=header):
                self.expect("core/sync/x.cpp", f"#include <{header}>", f"core has no {what} of its own")

    def test_coroutines_stay_in_http(self):
        self.expect("server/api/x.cpp", "void f() { co_return; }", "coroutines live in server/http alone")

    def test_words_in_comments_and_strings_are_no_coroutines(self):
        self.expect_no_word_of("server/api/x.cpp",
                               '// co_await\nconst char* kWord = "co_return";\n/* co_yield\n co_await */')

    def test_project_headers_are_named_from_the_root(self):
        self.expect("core/base/x.cpp", '#include "bytes.hpp"', "not a file of the project")

    def test_a_folder_without_a_level_is_told(self):
        path = self.root / "core/utils/x.hpp"
        path.parent.mkdir()
        path.write_text("#pragma once\n")
        code, said = run_check(self.root)
        shutil.rmtree(path.parent)
        self.assertEqual(code, 1)
        self.assertIn("core/utils/x.hpp:1: this folder has no level", said)

    def test_an_include_cycle_is_told_with_its_way(self):
        for this, other in [("x", "y"), ("y", "x")]:
            path = self.root / f"core/base/{this}.hpp"
            path.write_text(f'#pragma once\n#include "core/base/{other}.hpp"\n')
        code, said = run_check(self.root)
        for name in "xy":
            (self.root / f"core/base/{name}.hpp").unlink()
        self.assertEqual(code, 1)
        self.assertIn("core/base/y.hpp:2: includes go round: "
                      "core/base/x.hpp -> core/base/y.hpp -> core/base/x.hpp", said)


if __name__ == "__main__":
    unittest.main()
