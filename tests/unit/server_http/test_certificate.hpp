#pragma once

#include <filesystem>
#include <string>

namespace terreno::server {

/// What a certificate of a test says of its time.
struct Validity {
  long from_s = -3600;  ///< against now
  long to_s = 3600;
};

/// A key and a certificate for "localhost" that signed itself, as PEM files in a folder.
class TestCertificate {
 public:
  /// Writes NAME.crt and NAME.key.
  TestCertificate(const std::filesystem::path& folder, const std::string& name, Validity validity = {});

  const std::string& certificate_file() const { return certificate_file_; }
  const std::string& key_file() const { return key_file_; }

 private:
  std::string certificate_file_;
  std::string key_file_;
};

/// The key of `from` under a pass phrase, as PEM in `file`.
void write_locked_key(const TestCertificate& from, const std::string& file);

}  // namespace terreno::server
