#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace terreno::forms {

/// All that a filling knows from outside. Plain data: it is recorded with the visit, and given again to
/// recheck() it yields the same now(), today(), random(), uuid() and case data.
struct FormContext {
  std::int64_t now_ms = 0;  ///< when the filling began, milliseconds since 1970 UTC; now() stays at it
  std::int32_t utc_offset_minutes = 0;  ///< of the place of the visit, -840 to 840; Mexico City is -360
  std::string device_id;
  std::string username;
  std::string
      location;  ///< for <odk:setgeopoint>: "lat lon altitude accuracy" (degrees, metres); empty when unknown
  std::uint64_t random_seed = 0;  ///< random() and uuid() are functions of it and of the question's path
  /// Case data by name. An expression reads it as instance('case')/root/<name>; a name that is absent is
  /// empty.
  std::map<std::string, std::string> prefill;
};

}  // namespace terreno::forms
