#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/forms/compiled_form.hpp"
#include "core/model/work.hpp"

namespace terreno::server {

/// Questionnaires compiled once and shared: a version never changes, so an entry never ages. Any thread.
/// Holds at most `max_forms`; the one used longest ago goes.
class FormCache {
 public:
  using Load = std::function<std::optional<FormVersion>(const Uuid& tenant_id, std::string_view form_id,
                                                        std::string_view version)>;
  using Form = std::shared_ptr<const forms::CompiledForm>;

  explicit FormCache(Load load, std::size_t max_forms = 256);

  /// Null when the tenant has no such version or it does not compile. What is absent is asked for again next
  /// time, since it may be added.
  Form find(const Uuid& tenant_id, std::string_view form_id, std::string_view version);

 private:
  struct Entry {
    std::string key;
    Form form;
  };
  using Order = std::list<Entry>;  ///< used last first

  Form held(const std::string& key);
  void hold(std::string key, Form form);

  const Load load_;
  const std::size_t max_forms_;
  std::mutex mutex_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> by_key_;
};

}  // namespace terreno::server
