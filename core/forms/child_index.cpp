#include "core/forms/child_index.hpp"

#include <algorithm>
#include <utility>

#include "core/forms/form_model.hpp"

namespace terreno::forms {

std::size_t ChildIndex::place_of(DefId parent, NameId local) const {
  const std::size_t mask = places_.size() - 1;
  const std::uint64_t key = ((std::uint64_t{parent} << 32U) | local) * 0x9E3779B97F4A7C15U;
  std::size_t at = (key >> 32U) & mask;
  while (places_[at].first != kNoDef && (places_[at].parent != parent || places_[at].local != local))
    at = (at + 1) & mask;
  return at;
}

void ChildIndex::build(const FormModel& model) {
  std::size_t size = 16;
  while (size < model.defs.size() * 2) size *= 2;
  places_.assign(size, {});
  next_.assign(model.defs.size(), kNoDef);
  for (DefId id = 1; id < model.defs.size(); ++id) {
    const Def& def = model.defs[id];
    Entry& entry = places_[place_of(def.parent, def.local)];
    if (entry.first == kNoDef)
      entry = {def.parent, def.local, id, id};
    else
      next_[std::exchange(entry.last, id)] = id;
  }
}

DefId ChildIndex::first(DefId parent, NameId local) const {
  return places_.empty() ? kNoDef : places_[place_of(parent, local)].first;
}

DefId ChildIndex::exact(const FormModel& model, DefId parent, std::string_view qualified,
                        bool attribute) const {
  const NameId name = model.names.find(qualified);
  const NameId local = model.names.find(local_part(qualified));
  DefId id = name == kNoName ? kNoDef : first(parent, local);
  while (id != kNoDef &&
         (model.defs[id].qualified != name || (model.defs[id].kind == DefKind::Attribute) != attribute))
    id = next(id);
  return id;
}

DefId def_at_path(const FormModel& model, std::string_view path) {
  if (!path.starts_with('/')) return kNoDef;
  path.remove_prefix(1);
  DefId at = kNoDef;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    const bool attribute = part.starts_with('@');
    if (at == kNoDef)
      at = part == model.root_name ? 0 : kNoDef;
    else
      at = model.children.exact(model, at, attribute ? part.substr(1) : part, attribute);
    if (at == kNoDef) return kNoDef;
  }
  return at;
}

}  // namespace terreno::forms
