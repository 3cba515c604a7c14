#include "tests/unit/server_http/test_certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace terreno::server {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

void must(bool went_well) {
  if (!went_well) throw std::runtime_error("OpenSSL cannot make a test's certificate");
}

File open_file(const std::string& path, const char* mode) {
  File file(std::fopen(path.c_str(), mode), std::fclose);
  must(file != nullptr);
  return file;
}

void add_name(X509* certificate) {
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
  const auto* text = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME* name = X509_get_subject_name(certificate);
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
  must(X509_set_issuer_name(certificate, name) == 1);
}

}  // namespace

TestCertificate::TestCertificate(const std::filesystem::path& folder, const std::string& name,
                                 Validity validity)
    : certificate_file_((folder / (name + ".crt")).string()), key_file_((folder / (name + ".key")).string()) {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate certificate(X509_new(), X509_free);
  must(key && certificate);
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.to_s);
  must(X509_set_pubkey(certificate.get(), key.get()) == 1);
  add_name(certificate.get());
  must(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  must(PEM_write_X509(open_file(certificate_file_, "w").get(), certificate.get()) == 1);
  must(PEM_write_PrivateKey(open_file(key_file_, "w").get(), key.get(), nullptr, nullptr, 0, nullptr,
                            nullptr) == 1);
}

void write_locked_key(const TestCertificate& from, const std::string& file) {
  const Key key(PEM_read_PrivateKey(open_file(from.key_file(), "r").get(), nullptr, nullptr, nullptr),
                EVP_PKEY_free);
  must(key != nullptr);
  const std::string phrase = "a phrase";
  must(PEM_write_PrivateKey(open_file(file, "w").get(), key.get(), EVP_aes_128_cbc(),
                            reinterpret_cast<const unsigned char*>(phrase.data()),
                            static_cast<int>(phrase.size()), nullptr, nullptr) == 1);
}

}  // namespace terreno::server
