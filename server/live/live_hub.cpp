#include "server/live/live_hub.hpp"

#include <boost/json/serialize.hpp>
#include <chrono>

#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

std::shared_ptr<const std::string> message_of(const json::object& event) {
  return std::make_shared<const std::string>(json::serialize(event));
}

/// Of a gestor who is on shift and was heard now. A phone that was long without network tells old positions
/// first: having moved is not being fresh.
LiveState state_on_shift(const BatchEffects& effects, const TenantPolicy& policy, WallMs now_ms) {
  GestorStatus status;
  status.shift_started_at_ms = 0;
  status.last_sync_at_ms = now_ms;
  status.position = effects.position;
  return live_state_of(status, policy, now_ms);
}

}  // namespace

LiveHub::LiveHub(Storage& storage, const Clock& clock, int tick_seconds)
    : storage_(storage), clock_(clock), tick_seconds_(tick_seconds), thread_([this] { run(); }) {}

LiveHub::~LiveHub() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LiveHub::subscribe(const Uuid& tenant_id, LiveSubscriber subscriber) {
  const auto hello = message_of({{"type", "hello"}, {"now_ms", clock_.wall_ms()}});
  auto shared = std::make_shared<const LiveSubscriber>(std::move(subscriber));
  // Under the lock, so that no event overtakes the greeting.
  const std::lock_guard lock(mutex_);
  if (shared->send(hello)) subscribers_[tenant_id].push_back(std::move(shared));
}

void LiveHub::publish(const Uuid& tenant_id, const Uuid& gestor_id, BatchEffects effects) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || !subscribers_.contains(tenant_id)) return;
  if (queue_.size() >= kMaxQueuedBatches) queue_.pop_front();
  queue_.push_back({tenant_id, gestor_id, std::move(effects)});
  changed_.notify_one();
}

void LiveHub::publish_case(const Uuid& tenant_id, const Uuid& case_id) {
  BatchEffects effects;
  effects.changed_cases.push_back(case_id);
  publish(tenant_id, Uuid{}, std::move(effects));
}

std::size_t LiveHub::subscriber_count() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [tenant, list] : subscribers_) count += list.size();
  return count;
}

void LiveHub::run() {
  const auto period = std::chrono::seconds(tick_seconds_);
  auto next_tick = std::chrono::steady_clock::now() + period;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_until(lock, next_tick, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const bool tick_due = std::chrono::steady_clock::now() >= next_tick;
    std::deque<Batch> work = std::move(queue_);
    queue_.clear();
    lock.unlock();
    for (const Batch& batch : work) {
      try {
        tell(batch);
      } catch (const std::exception&) {
        // The events are a convenience: a console asks for the whole picture every now and then.
      }
    }
    if (tick_due) {
      tick();
      next_tick = std::chrono::steady_clock::now() + period;
    }
    lock.lock();
  }
}

void LiveHub::tell(const Batch& batch) {
  const std::string gestor = batch.gestor_id.to_string();
  const BatchEffects& effects = batch.effects;
  if (effects.shift_changed)
    send_all(batch.tenant_id, message_of({{"type", "shift"}, {"gestor_id", gestor}}));
  if (effects.position) {
    const WallMs now_ms = clock_.wall_ms();
    json::object event{{"type", "position"},
                       {"gestor_id", gestor},
                       {"position", position_json(effects.position)},
                       {"battery", battery_json(effects.battery)},
                       {"now_ms", now_ms}};
    if (const auto view = storage_.tenant_view(batch.tenant_id)) {
      add_live_state(event, state_on_shift(effects, view->policy, now_ms));
    }
    send_all(batch.tenant_id, message_of(event));
  }
  if (!effects.new_visits.empty()) {
    const TenantNames names = load_names(storage_, batch.tenant_id);
    for (const Uuid& id : effects.new_visits) {
      const auto record = storage_.find_visit(batch.tenant_id, id);
      if (!record) continue;
      send_all(batch.tenant_id,
               message_of({{"type", "visit"}, {"visit", visit_summary_json(storage_, names, *record)}}));
    }
  }
  for (const Uuid& id : effects.changed_cases) {
    const auto record = storage_.find_case(batch.tenant_id, id);
    if (!record) continue;
    send_all(batch.tenant_id,
             message_of({{"type", "case"}, {"id", id.to_string()}, {"state", name_of(record->item.state)}}));
  }
}

void LiveHub::send_all(const Uuid& tenant_id, const Message& message) {
  const std::lock_guard lock(mutex_);
  const auto found = subscribers_.find(tenant_id);
  if (found == subscribers_.end()) return;
  std::erase_if(found->second, [&message](const auto& subscriber) { return !subscriber->send(message); });
  if (found->second.empty()) subscribers_.erase(found);
}

void LiveHub::tick() {
  std::map<Uuid, std::vector<std::shared_ptr<const LiveSubscriber>>> all;
  {
    const std::lock_guard lock(mutex_);
    all = subscribers_;
  }
  for (const auto& [tenant_id, list] : all) {
    for (const auto& subscriber : list) {
      bool allowed = false;
      try {
        allowed = subscriber->still_allowed();
      } catch (const std::exception&) {
        // Fails closed: the console connects again.
      }
      if (!allowed) subscriber->close();
    }
    send_all(tenant_id, message_of({{"type", "tick"}, {"now_ms", clock_.wall_ms()}}));
  }
}

}  // namespace terreno::server
