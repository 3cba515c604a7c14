#pragma once

#include <jni.h>

#include <cstdint>
#include <string>
#include <vector>

#include "mobile-bridge/abi/terreno.h"

namespace terreno::android {

// What crosses between Java and the C interface. A function that gives nothing back has left a Java exception
// pending; its caller returns at once.

/// Finds what throw_error needs. Once, when the library is loaded; false leaves an exception pending.
bool find_exception_class(JNIEnv* env);
void throw_error(JNIEnv* env, const terreno_error& error);
void throw_invalid(JNIEnv* env, const char* why);

/// A text that came as UTF-8 bytes. Java's null stays NULL. A zero inside, which C would cut at, is refused.
class Utf8 {
 public:
  Utf8(JNIEnv* env, jbyteArray bytes);
  bool ok() const noexcept { return ok_; }
  const char* get() const noexcept { return is_null_ ? nullptr : text_.c_str(); }

 private:
  std::string text_;
  bool is_null_ = false;
  bool ok_ = true;
};

/// Empty for null.
std::vector<std::uint8_t> bytes_of(JNIEnv* env, jbyteArray array);
jbyteArray to_java(JNIEnv* env, const void* bytes, std::size_t size);
/// Takes the document and frees it.
jbyteArray document_to_java(JNIEnv* env, char* json);

/// {method, path, {name, value, name, value...}, body}, or null when the request is empty. Frees it.
jobjectArray request_to_java(JNIEnv* env, terreno_http_request& request);

/// A response with all that it points at. `lines`: names and values of the headers in turn.
class Response {
 public:
  Response(JNIEnv* env, jint status, jobjectArray lines, jbyteArray body);
  bool ok() const noexcept { return ok_; }
  const terreno_http_response* get() const noexcept { return &flat_; }

 private:
  std::vector<Utf8> lines_;
  std::vector<terreno_header> headers_;
  std::vector<std::uint8_t> body_;
  terreno_http_response flat_{};
  bool ok_ = true;
};

}  // namespace terreno::android
