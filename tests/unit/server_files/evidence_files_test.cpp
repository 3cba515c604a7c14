#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/base/crypto.hpp"
#include "server/files/evidence_files.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

Bytes picture(std::size_t size) {
  Bytes bytes = {0xFF, 0xD8, 0xFF, 0xE0};
  for (std::size_t i = bytes.size(); i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 31));
  return bytes;
}

EvidenceRef named(const Bytes& bytes, const std::string& media_type = "image/jpeg") {
  EvidenceRef file;
  file.sha256 = sha256(bytes);
  file.media_type = media_type;
  file.size = bytes.size();
  return file;
}

ByteView part(const Bytes& bytes, std::size_t from, std::size_t size) {
  return ByteView(bytes).subspan(from, size);
}

}  // namespace

TEST_CASE("a file that comes in pieces stands whole under its hash, and a restart goes on where it stood") {
  const TempDir folder;
  const Bytes bytes = picture(10'000);
  const EvidenceRef file = named(bytes);
  const Uuid tenant;
  {
    EvidenceFiles files(folder.path());
    CHECK(files.received(tenant, file) == 0);
    CHECK(files.append(tenant, file, 0, part(bytes, 0, 4000)).value() == 4000);
  }
  EvidenceFiles files(folder.path());
  CHECK(files.received(tenant, file) == 4000);
  CHECK_FALSE(files.whole(tenant, file));
  CHECK(files.append(tenant, file, 4000, part(bytes, 4000, 6000)).value() == 10'000);
  CHECK(files.whole(tenant, file));
  CHECK(files.received(tenant, file) == 10'000);
  CHECK(std::filesystem::file_size(files.path_of(tenant, file)) == 10'000);
  struct stat about {};
  REQUIRE(::stat(files.path_of(tenant, file).c_str(), &about) == 0);
  CHECK((about.st_mode & 0077) == 0);
  Uuid other;
  other.bytes[0] = 1;
  CHECK_MESSAGE(files.received(other, file) == 0, "another company has its own files");
}

TEST_CASE("pieces at the wrong place and beyond the end are refused and change nothing") {
  const TempDir folder;
  EvidenceFiles files(folder.path());
  const Bytes bytes = picture(1000);
  const EvidenceRef file = named(bytes);
  files.append({}, file, 0, part(bytes, 0, 500)).value();
  CHECK(files.append({}, file, 0, part(bytes, 0, 500)).error().code == ErrorCode::Conflict);
  CHECK(files.append({}, file, 600, part(bytes, 600, 100)).error().code == ErrorCode::Conflict);
  CHECK(files.append({}, file, 500, bytes).error().code == ErrorCode::TooLarge);
  CHECK(files.received({}, file) == 500);
}

TEST_CASE("a file that is not what was signed is dropped") {
  const TempDir folder;
  EvidenceFiles files(folder.path());
  const Bytes bytes = picture(1000);
  Bytes other = bytes;
  other[700] ^= 1;
  CHECK(files.append({}, named(bytes), 0, other).error().code == ErrorCode::EvidenceInvalid);
  CHECK(files.received({}, named(bytes)) == 0);
  CHECK(files.append({}, named(bytes), 0, bytes));

  const Bytes page = to_bytes(as_bytes("<html><script>alert(1)</script></html>"));
  CHECK(files.append({}, named(page), 0, page).error().code == ErrorCode::EvidenceInvalid);
  CHECK_FALSE(files.whole({}, named(page)));
}

TEST_CASE("a file that a crash left complete but unverified is settled when it is asked for") {
  const TempDir folder;
  EvidenceFiles files(folder.path());
  const Bytes good = picture(1000);
  const EvidenceRef file = named(good);
  const auto leave = [&](const EvidenceRef& ref, const Bytes& bytes) {
    auto path = files.path_of({}, ref);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path += ".part", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  leave(file, good);
  CHECK(files.received({}, file) == 1000);
  CHECK(files.whole({}, file));
  const EvidenceRef wrong = named(picture(2000));
  leave(wrong, Bytes(2000, 1));
  CHECK(files.received({}, wrong) == 0);
  CHECK_FALSE(files.whole({}, wrong));
}

TEST_CASE("whatever format a phone may keep is taken, and nothing else") {
  const TempDir folder;
  EvidenceFiles files(folder.path());
  const Bytes sound =
      to_bytes(as_bytes(std::string_view("\0\0\0\x18"
                                         "ftypM4A sound",
                                         17)));
  CHECK(files.append({}, named(sound, "audio/x-m4a"), 0, sound));
  const Bytes still =
      to_bytes(as_bytes(std::string_view("\0\0\0\x18"
                                         "ftypmsf1 heic",
                                         17)));
  CHECK(files.append({}, named(still, "image/heic"), 0, still));
  const Bytes page = to_bytes(as_bytes("<html></html>"));
  CHECK(files.append({}, named(page, "text/html"), 0, page).error().code == ErrorCode::EvidenceInvalid);
}
