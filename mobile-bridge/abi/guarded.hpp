#pragma once

#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include "core/base/error.hpp"
#include "mobile-bridge/abi/handles.hpp"
#include "mobile-bridge/abi/terreno.h"

namespace terreno::bridge {

std::int32_t succeeded(terreno_error* error) noexcept;
std::int32_t failed(terreno_error* error, ErrorCode code, std::string_view message) noexcept;

[[noreturn]] inline void refuse(const char* why) { throw Error{ErrorCode::InvalidArgument, why}; }

/// Runs the call and turns whatever it throws into a code: nothing thrown may leave the interface.
template <typename Call>
std::int32_t guarded(terreno_error* error, Call&& call) noexcept {
  try {
    call();
    return succeeded(error);
  } catch (const Error& thrown) {
    return failed(error, thrown.code, thrown.message);
  } catch (const std::bad_alloc&) {
    return failed(error, ErrorCode::Unavailable, "Out of memory");
  } catch (const std::exception& thrown) {
    return failed(error, ErrorCode::Internal, thrown.what());
  } catch (...) {
    return failed(error, ErrorCode::Internal, "An exception of an unknown kind");
  }
}

/// The same with the core behind the handle, one call at a time.
template <typename Call>
std::int32_t with_core(terreno_core handle, terreno_error* error, Call&& call) noexcept {
  return guarded(error, [&] {
    const auto open = find(handle);
    if (!open) refuse("This core is closed or was never opened");
    const std::lock_guard turn(open->turn);
    // Closed by another thread while this one waited for its turn.
    if (!open->core) refuse("This core is closed");
    try {
      call(*open->core);
    } catch (const Error& thrown) {
      throw Error(thrown.code, open->core->words_for(thrown));
    }
  });
}

inline std::string_view needed(const char* text, const char* why) {
  if (text == nullptr) refuse(why);
  return text;
}

inline std::string_view or_empty(const char* text) { return text == nullptr ? std::string_view() : text; }

/// A copy that terreno_string_free takes back.
char* handed_out(std::string_view text);

/// The most common shape: a call on the core that gives a document.
template <typename Call>
std::int32_t give_document(terreno_core handle, char** out_json, terreno_error* error, Call&& call) noexcept {
  if (out_json != nullptr) *out_json = nullptr;
  return with_core(handle, error, [&](FieldCore& core) {
    if (out_json == nullptr) refuse("Where to put the document is missing");
    *out_json = handed_out(call(core));
  });
}

}  // namespace terreno::bridge
