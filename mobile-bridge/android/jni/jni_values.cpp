#include "mobile-bridge/android/jni/jni_values.hpp"

#include <algorithm>
#include <cstring>

namespace terreno::android {
namespace {

jclass exception_class = nullptr;  // a global reference for as long as the library is loaded
jmethodID exception_constructor = nullptr;

jobjectArray header_lines(JNIEnv* env, const terreno_http_request& request) {
  const jclass bytes_class = env->FindClass("[B");
  if (bytes_class == nullptr) return nullptr;
  const auto count = static_cast<jsize>(2 * request.header_count);
  const jobjectArray lines = env->NewObjectArray(count, bytes_class, nullptr);
  for (jsize i = 0; lines != nullptr && i < count; ++i) {
    const terreno_header& header = request.headers[i / 2];
    const char* text = i % 2 == 0 ? header.name : header.value;
    const jbyteArray line = to_java(env, text, std::strlen(text));
    if (line == nullptr) return nullptr;
    env->SetObjectArrayElement(lines, i, line);
    env->DeleteLocalRef(line);
  }
  return lines;
}

jobjectArray request_parts(JNIEnv* env, const terreno_http_request& request) {
  const jclass object_class = env->FindClass("java/lang/Object");
  if (object_class == nullptr) return nullptr;
  const jobjectArray parts = env->NewObjectArray(4, object_class, nullptr);
  if (parts == nullptr) return nullptr;
  const jobject values[] = {to_java(env, request.method, std::strlen(request.method)),
                            to_java(env, request.path, std::strlen(request.path)), header_lines(env, request),
                            to_java(env, request.body, request.body_size)};
  for (jsize i = 0; i < 4; ++i) {
    if (values[i] == nullptr) return nullptr;
    env->SetObjectArrayElement(parts, i, values[i]);
  }
  return parts;
}

}  // namespace

bool find_exception_class(JNIEnv* env) {
  const jclass local = env->FindClass("mx/terreno/TerrenoException");
  if (local == nullptr) return false;
  exception_class = static_cast<jclass>(env->NewGlobalRef(local));
  exception_constructor = env->GetMethodID(local, "<init>", "(I[B)V");
  return exception_class != nullptr && exception_constructor != nullptr;
}

void throw_error(JNIEnv* env, const terreno_error& error) {
  const jbyteArray message = to_java(env, error.message, std::strlen(error.message));
  if (message == nullptr) return;
  const jobject thrown =
      env->NewObject(exception_class, exception_constructor, static_cast<jint>(error.code), message);
  if (thrown != nullptr) env->Throw(static_cast<jthrowable>(thrown));
}

void throw_invalid(JNIEnv* env, const char* why) {
  terreno_error error{};
  error.code = TERRENO_ERROR_INVALID_ARGUMENT;
  std::strncpy(error.message, why, sizeof error.message - 1);
  throw_error(env, error);
}

Utf8::Utf8(JNIEnv* env, jbyteArray bytes) : is_null_(bytes == nullptr) {
  if (is_null_) return;
  text_.resize(static_cast<std::size_t>(env->GetArrayLength(bytes)));
  env->GetByteArrayRegion(bytes, 0, static_cast<jsize>(text_.size()), reinterpret_cast<jbyte*>(text_.data()));
  ok_ = text_.find('\0') == std::string::npos;
  if (!ok_) throw_invalid(env, "A text with a zero character");
}

std::vector<std::uint8_t> bytes_of(JNIEnv* env, jbyteArray array) {
  if (array == nullptr) return {};
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(env->GetArrayLength(array)));
  env->GetByteArrayRegion(array, 0, static_cast<jsize>(bytes.size()), reinterpret_cast<jbyte*>(bytes.data()));
  return bytes;
}

jbyteArray to_java(JNIEnv* env, const void* bytes, std::size_t size) {
  const jbyteArray array = env->NewByteArray(static_cast<jsize>(size));
  if (array != nullptr && size > 0) {
    env->SetByteArrayRegion(array, 0, static_cast<jsize>(size), static_cast<const jbyte*>(bytes));
  }
  return array;
}

jbyteArray document_to_java(JNIEnv* env, char* json) {
  const jbyteArray document = to_java(env, json, std::strlen(json));
  terreno_string_free(json);
  return document;
}

jobjectArray request_to_java(JNIEnv* env, terreno_http_request& request) {
  const jobjectArray parts = request.method == nullptr ? nullptr : request_parts(env, request);
  terreno_http_request_free(&request);
  return parts;
}

Response::Response(JNIEnv* env, jint status, jobjectArray lines, jbyteArray body)
    : body_(bytes_of(env, body)) {
  const jsize count = lines == nullptr ? 0 : env->GetArrayLength(lines);
  lines_.reserve(static_cast<std::size_t>(count));
  for (jsize i = 0; ok_ && i < count; ++i) {
    const auto line = static_cast<jbyteArray>(env->GetObjectArrayElement(lines, i));
    lines_.emplace_back(env, line);
    ok_ = lines_.back().ok();
    env->DeleteLocalRef(line);
  }
  for (std::size_t i = 0; ok_ && i + 1 < lines_.size(); i += 2) {
    headers_.push_back({lines_[i].get(), lines_[i + 1].get()});
  }
  flat_.status = status;
  flat_.headers = headers_.data();
  flat_.header_count = headers_.size();
  flat_.body = body_.data();
  flat_.body_size = body_.size();
}

}  // namespace terreno::android
