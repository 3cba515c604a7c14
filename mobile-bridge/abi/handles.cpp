#include "mobile-bridge/abi/handles.hpp"

#include <unordered_map>
#include <utility>

namespace terreno::bridge {
namespace {

struct Table {
  std::mutex mutex;
  std::uint64_t last = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<OpenCore>> open;
};

/// Never destroyed: a thread of the host may still call while the process ends.
Table& table() {
  static Table& only = *new Table;
  return only;
}

}  // namespace

std::uint64_t keep(std::shared_ptr<OpenCore> open) {
  const std::lock_guard lock(table().mutex);
  const std::uint64_t handle = ++table().last;
  table().open.emplace(handle, std::move(open));
  return handle;
}

std::shared_ptr<OpenCore> find(std::uint64_t handle) {
  const std::lock_guard lock(table().mutex);
  const auto found = table().open.find(handle);
  return found == table().open.end() ? nullptr : found->second;
}

std::shared_ptr<OpenCore> take(std::uint64_t handle) {
  const std::lock_guard lock(table().mutex);
  const auto found = table().open.find(handle);
  if (found == table().open.end()) return nullptr;
  auto open = std::move(found->second);
  table().open.erase(found);
  return open;
}

}  // namespace terreno::bridge
