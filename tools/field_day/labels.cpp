#include "tools/field_day/labels.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tools/town/geojson.hpp"

namespace terreno::field_day {
namespace {

std::string json_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out += (out.size() > 1 ? "," : "") + town::json_string(item);
  return out + "]";
}

}  // namespace

void Labels::visit(const Gestor& gestor, const Uuid& visit_id, bool refused) {
  if (gestor.cheat == Cheat::None) return;
  const std::scoped_lock lock(mutex_);
  Visits& visits = visits_[gestor.login];
  (refused ? visits.refused : visits.begun).push_back(visit_id.to_string());
}

void Labels::write(const std::string& path) const {
  std::string out;
  {
    const std::scoped_lock lock(mutex_);
    for (const Gestor& gestor : company_.gestores) {
      if (gestor.cheat == Cheat::None) continue;
      const auto found = visits_.find(gestor.login);
      const Visits visits = found == visits_.end() ? Visits{} : found->second;
      out += std::string(out.empty() ? "" : ",\n") + "{\"login\":" + town::json_string(gestor.login) +
             ",\"name\":" + town::json_string(gestor.name) +
             ",\"cheat\":" + town::json_string(name_of(gestor.cheat)) +
             ",\"visits\":" + json_list(visits.begun) + ",\"refused\":" + json_list(visits.refused) + "}";
    }
  }
  // Several programs may share a day's folder: each has a file of its own until it is whole.
  const std::string next = path + "." + std::to_string(::getpid()) + ".next";
  std::ofstream(next, std::ios::binary) << "{\"gestores\":[\n" << out << "\n]}\n";
  std::filesystem::rename(next, path);
}

}  // namespace terreno::field_day
