// The library behind mx.terreno.Native: each native method is one call of the C interface.
#include <jni.h>

#include <array>
#include <exception>
#include <vector>

#include "mobile-bridge/android/jni/jni_values.hpp"

namespace terreno::android {
namespace {

/// What the calls need of memory may fail, and no C++ exception may reach the virtual machine.
template <typename T, typename Call>
T guarded(JNIEnv* env, T otherwise, Call&& call) noexcept {
  try {
    return call();
  } catch (const std::exception& thrown) {
    terreno_error error{};
    error.code = TERRENO_ERROR_INTERNAL;
    if (!env->ExceptionCheck()) throw_error(env, error);
    return otherwise;
  }
}

/// Throws when the call failed.
bool done(JNIEnv* env, std::int32_t code, const terreno_error& error) {
  if (code != TERRENO_OK) throw_error(env, error);
  return code == TERRENO_OK;
}

constexpr terreno_core handle_of(jlong core) { return static_cast<terreno_core>(core); }

/// A call that takes texts and gives a document.
template <auto Call, typename... Texts>
jbyteArray document(JNIEnv* env, jclass, jlong core, Texts... texts) {
  return guarded(env, jbyteArray{}, [&]() -> jbyteArray {
    const std::array<Utf8, sizeof...(Texts)> held{Utf8(env, texts)...};
    for (const Utf8& text : held) {
      if (!text.ok()) return nullptr;
    }
    char* json = nullptr;
    terreno_error error;
    const auto call = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Call(handle_of(core), held[I].get()..., &json, &error);
    };
    return done(env, call(std::index_sequence_for<Texts...>()), error) ? document_to_java(env, json)
                                                                       : nullptr;
  });
}

/// A call that takes texts and gives nothing.
template <auto Call, typename... Texts>
void command(JNIEnv* env, jclass, jlong core, Texts... texts) {
  guarded(env, false, [&] {
    const std::array<Utf8, sizeof...(Texts)> held{Utf8(env, texts)...};
    for (const Utf8& text : held) {
      if (!text.ok()) return false;
    }
    terreno_error error;
    const auto call = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Call(handle_of(core), held[I].get()..., &error);
    };
    return done(env, call(std::index_sequence_for<Texts...>()), error);
  });
}

/// A call that is told what came back from the server.
template <auto Call>
void answered(JNIEnv* env, jclass, jlong core, jint status, jobjectArray lines, jbyteArray body) {
  guarded(env, false, [&] {
    const Response response(env, status, lines, body);
    if (!response.ok()) return false;
    terreno_error error;
    return done(env, Call(handle_of(core), response.get(), &error), error);
  });
}

jlong open(JNIEnv* env, jclass, jbyteArray path, jint platform, jbyteArray language, jbyteArray device_name,
           jbyteArray app_version) {
  return guarded(env, jlong{0}, [&]() -> jlong {
    const Utf8 path_text(env, path), language_text(env, language), device_text(env, device_name);
    const Utf8 version_text(env, app_version);
    if (!path_text.ok() || !language_text.ok() || !device_text.ok() || !version_text.ok()) return 0;
    const terreno_options options{path_text.get(), platform, language_text.get(), device_text.get(),
                                  version_text.get()};
    terreno_core core = 0;
    terreno_error error;
    return done(env, terreno_open(&options, &core, &error), error) ? static_cast<jlong>(core) : 0;
  });
}

jobjectArray enrol_request(JNIEnv* env, jclass, jlong core, jbyteArray code) {
  return guarded(env, jobjectArray{}, [&]() -> jobjectArray {
    const Utf8 text(env, code);
    if (!text.ok()) return nullptr;
    terreno_http_request request;
    terreno_error error;
    if (!done(env, terreno_enrol_request(handle_of(core), text.get(), &request, &error), error))
      return nullptr;
    return request_to_java(env, request);
  });
}

jobjectArray next_request(JNIEnv* env, jclass, jlong core, jboolean eager) {
  terreno_http_request request;
  terreno_error error;
  if (!done(env, terreno_next_request(handle_of(core), eager, &request, &error), error)) return nullptr;
  return request_to_java(env, request);
}

std::vector<terreno_fix> fixes_of(JNIEnv* env, jlongArray times, jdoubleArray numbers, jbooleanArray mock) {
  const auto count = static_cast<std::size_t>(env->GetArrayLength(times));
  std::vector<jlong> at(count);
  std::vector<jdouble> number(6 * count);
  std::vector<jboolean> made_up(count);
  env->GetLongArrayRegion(times, 0, static_cast<jsize>(count), at.data());
  env->GetDoubleArrayRegion(numbers, 0, static_cast<jsize>(6 * count), number.data());
  env->GetBooleanArrayRegion(mock, 0, static_cast<jsize>(count), made_up.data());
  std::vector<terreno_fix> fixes;
  fixes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const jdouble* n = &number[6 * i];
    fixes.push_back({at[i], n[0], n[1], n[2], n[3], n[4], n[5], made_up[i]});
  }
  return fixes;
}

jlong add_fixes(JNIEnv* env, jclass, jlong core, jlongArray times, jdoubleArray numbers, jbooleanArray mock) {
  return guarded(env, jlong{0}, [&]() -> jlong {
    const auto fixes = fixes_of(env, times, numbers, mock);
    if (env->ExceptionCheck()) return 0;
    std::size_t kept = 0;
    terreno_error error;
    done(env, terreno_add_fixes(handle_of(core), fixes.data(), fixes.size(), &kept, &error), error);
    return static_cast<jlong>(kept);
  });
}

void add_battery(JNIEnv* env, jclass, jlong core, jlong at_ms, jint percent, jboolean charging) {
  const terreno_battery sample{at_ms, percent, charging};
  terreno_error error;
  done(env, terreno_add_battery(handle_of(core), &sample, &error), error);
}

jbyteArray attach_evidence(JNIEnv* env, jclass, jlong core, jbyteArray visit_id, jbyteArray kind,
                           jbyteArray question_path, jbyteArray media_type, jbyteArray bytes) {
  return guarded(env, jbyteArray{}, [&]() -> jbyteArray {
    const Utf8 visit(env, visit_id), kind_text(env, kind), question(env, question_path),
        media(env, media_type);
    if (!visit.ok() || !kind_text.ok() || !question.ok() || !media.ok()) return nullptr;
    const auto held = bytes_of(env, bytes);
    const terreno_evidence evidence{kind_text.get(), question.get(), media.get(), held.data(), held.size()};
    char* json = nullptr;
    terreno_error error;
    const auto code = terreno_attach_evidence(handle_of(core), visit.get(), &evidence, &json, &error);
    return done(env, code, error) ? document_to_java(env, json) : nullptr;
  });
}

jbyteArray finished_visits(JNIEnv* env, jclass, jlong core, jint limit) {
  char* json = nullptr;
  terreno_error error;
  const auto code = terreno_finished_visits(
      handle_of(core), limit < 0 ? 0U : static_cast<std::uint32_t>(limit), &json, &error);
  return done(env, code, error) ? document_to_java(env, json) : nullptr;
}

void on_failure(JNIEnv* env, jclass, jlong core, jint failure) {
  terreno_error error;
  done(env, terreno_on_failure(handle_of(core), failure, &error), error);
}

template <typename Function>
JNINativeMethod method(const char* name, const char* signature, Function* function) {
  // jni.h of older kits takes char*, though it never writes.
  return {const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function)};
}

// What a document method takes: the core and none to three texts.
using Text = jbyteArray;
constexpr const char* kNoText = "(J)[B";
constexpr const char* kOneText = "(J[B)[B";
constexpr const char* kTwoTexts = "(J[B[B)[B";
constexpr const char* kThreeTexts = "(J[B[B[B)[B";

bool register_methods(JNIEnv* env, jclass native_class) {
  const JNINativeMethod methods[] = {
      method("open", "([BI[B[B[B)J", open),
      method("close", "(J)V", command<terreno_close>),
      method("setLanguage", "(J[B)V", command<terreno_set_language, Text>),
      method("enrolment", kNoText, document<terreno_enrolment>),
      method("enrolRequest", "(J[B)[Ljava/lang/Object;", enrol_request),
      method("onEnrolResponse", "(JI[[B[B)V", answered<terreno_on_enrol_response>),
      method("cases", kOneText, document<terreno_cases, Text>),
      method("findCase", kOneText, document<terreno_case, Text>),
      method("outcomes", kOneText, document<terreno_outcomes, Text>),
      method("startShift", kNoText, document<terreno_start_shift>),
      method("endShift", "(J)V", command<terreno_end_shift>),
      method("shift", kNoText, document<terreno_shift>),
      method("addFixes", "(J[J[D[Z)J", add_fixes),
      method("addBattery", "(JJIZ)V", add_battery),
      method("arrive", kOneText, document<terreno_arrive, Text>),
      method("checkLocation", kOneText, document<terreno_check_location, Text>),
      method("beginForm", kOneText, document<terreno_begin_form, Text>),
      method("form", kOneText, document<terreno_form, Text>),
      method("answer", kThreeTexts, document<terreno_answer, Text, Text, Text>),
      method("addRepeat", kTwoTexts, document<terreno_add_repeat, Text, Text>),
      method("removeRepeat", kTwoTexts, document<terreno_remove_repeat, Text, Text>),
      method("attachEvidence", "(J[B[B[B[B[B)[B", attach_evidence),
      method("suggestedOutcome", kOneText, document<terreno_suggested_outcome, Text>),
      method("finishVisit", kTwoTexts, document<terreno_finish_visit, Text, Text>),
      method("cancelVisit", "(J[B[B)V", command<terreno_cancel_visit, Text, Text>),
      method("openVisits", kNoText, document<terreno_open_visits>),
      method("finishedVisits", "(JI)[B", finished_visits),
      method("nextRequest", "(JZ)[Ljava/lang/Object;", next_request),
      method("onResponse", "(JI[[B[B)V", answered<terreno_on_response>),
      method("onFailure", "(JI)V", on_failure),
      method("syncStatus", kNoText, document<terreno_sync_status>),
  };
  return env->RegisterNatives(native_class, methods, std::size(methods)) == JNI_OK;
}

/// The Java classes and this library may come from two builds; then loading fails instead of some later call.
bool same_version(JNIEnv* env, jclass native_class) {
  const jfieldID field = env->GetStaticFieldID(native_class, "ABI_VERSION", "I");
  if (field == nullptr) return false;
  const auto expected = static_cast<std::uint32_t>(env->GetStaticIntField(native_class, field));
  return expected == TERRENO_ABI_VERSION && terreno_abi_version() == TERRENO_ABI_VERSION;
}

}  // namespace
}  // namespace terreno::android

extern "C" JNIEXPORT jint JNI_OnLoad(JavaVM* machine, void*) {
  void* slot = nullptr;
  if (machine->GetEnv(&slot, JNI_VERSION_1_6) != JNI_OK) return JNI_ERR;
  auto* env = static_cast<JNIEnv*>(slot);
  const jclass native_class = env->FindClass("mx/terreno/Native");
  if (native_class == nullptr || !terreno::android::same_version(env, native_class)) return JNI_ERR;
  if (!terreno::android::find_exception_class(env)) return JNI_ERR;
  return terreno::android::register_methods(env, native_class) ? JNI_VERSION_1_6 : JNI_ERR;
}
