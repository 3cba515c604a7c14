#include "server/domain/form_cache.hpp"

namespace terreno::server {
namespace {

std::string key_of(const Uuid& tenant_id, std::string_view form_id, std::string_view version) {
  std::string key(as_text(tenant_id.view()));
  key.append(form_id).push_back('\0');
  return key.append(version);
}

}  // namespace

FormCache::FormCache(Load load, std::size_t max_forms) : load_(std::move(load)), max_forms_(max_forms) {}

FormCache::Form FormCache::find(const Uuid& tenant_id, std::string_view form_id, std::string_view version) {
  std::string key = key_of(tenant_id, form_id, version);
  if (Form form = held(key)) return form;
  // Compiled outside the lock: two threads may do it at once, which costs time but never a wait.
  const std::optional<FormVersion> source = load_(tenant_id, form_id, version);
  if (!source) return nullptr;
  auto compiled = forms::compile_xform(source->xform_xml);
  if (!compiled) return nullptr;
  hold(std::move(key), *compiled);
  return *compiled;
}

FormCache::Form FormCache::held(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->form;
}

void FormCache::hold(std::string key, Form form) {
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  if (order_.size() >= max_forms_) {
    by_key_.erase(order_.back().key);
    order_.pop_back();
  }
  order_.push_front({std::move(key), std::move(form)});
  by_key_.emplace(order_.front().key, order_.begin());
}

}  // namespace terreno::server
