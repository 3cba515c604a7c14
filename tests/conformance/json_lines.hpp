#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace terreno::test {

/// Just enough JSON to read other people's recorded cases; throws std::runtime_error on anything broken.
struct Json {
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json>;
  std::variant<std::nullptr_t, bool, double, std::string, std::shared_ptr<Array>, std::shared_ptr<Object>>
      value;

  bool is_null() const { return value.index() == 0; }
  bool is_text() const { return value.index() == 3; }
  bool is_object() const { return value.index() == 5; }
  bool truthy() const;
  double number() const { return std::get<double>(value); }
  const std::string& text() const { return std::get<std::string>(value); }
  const Array& array() const { return *std::get<std::shared_ptr<Array>>(value); }
  const Object& object() const { return *std::get<std::shared_ptr<Object>>(value); }
  /// A member, null when absent.
  const Json& operator[](const std::string& key) const;
};

Json parse_json(std::string_view text);

}  // namespace terreno::test
