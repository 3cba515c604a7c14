// Entities: which answers they take, and in which group or repeat each of them stands.
#include <algorithm>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"

namespace terreno::forms {
namespace {

/// The form (0) and the groups and repeats down to a container.
using Way = std::vector<std::size_t>;

Way way_to(const XlsForm& form, std::size_t container) {
  Way way{container};
  while (way.back() != 0) way.push_back(form.items[way.back()].parent);
  std::reverse(way.begin(), way.end());
  return way;
}

bool is_scope(const XlsForm& form, std::size_t container) {
  return container == 0 || form.items[container].kind == ItemKind::Repeat;
}

/// The way down to the innermost repeat, or to the form.
Way scope_of(const XlsForm& form, const Way& way) {
  for (std::size_t i = way.size(); i-- > 0;) {
    if (is_scope(form, way[i])) return {way.begin(), way.begin() + static_cast<std::ptrdiff_t>(i) + 1};
  }
  return {0};
}

std::size_t repeats_in(const XlsForm& form, const Way& way) {
  return static_cast<std::size_t>(
      std::count_if(way.begin() + 1, way.end(), [&form](std::size_t i) { return is_scope(form, i); }));
}

/// Groups between a container and its innermost repeat.
std::size_t groups_below_scope(const XlsForm& form, const Way& way) {
  return way.size() - scope_of(form, way).size();
}

std::string told(const XlsForm& form, const Way& way) {
  std::string made = "/survey";
  for (std::size_t i = 1; i < way.size(); ++i) made += "/" + form.items[way[i]].name;
  return made;
}

struct Request {
  const EntityRow* entity = nullptr;
  Way scope, wanted;
  std::vector<Way> savers;  ///< where its properties are asked, each once
};

Way common_way(const std::vector<Way>& ways) {
  Way common = ways.front();
  for (const Way& way : ways) {
    const std::size_t most = std::min(common.size(), way.size());
    const auto [here, there] =
        std::mismatch(common.begin(), common.begin() + static_cast<std::ptrdiff_t>(most), way.begin());
    common.erase(here, common.end());
  }
  return common;
}

/// Where an entity wants to stand, from the answers that it takes and names.
class RequestMaker {
 public:
  RequestMaker(XlsForm& form, const EntityRow& entity) : form_(form), entity_(entity) {}

  std::optional<Request> make(const std::vector<EntityUse>& uses) {
    for (const EntityUse& use : uses) look_at(use);
    Request request{&entity_, deepest_scope_, deepest_saver_.value_or(deepest_).way, {}};
    for (const EntityUse& use : uses) {
      const Way way = way_to(form_, use.container);
      if (!use.property.empty() &&
          std::find(request.savers.begin(), request.savers.end(), way) == request.savers.end())
        request.savers.push_back(way);
    }
    if (!request.savers.empty()) {
      const Way common = common_way(request.savers);
      request.wanted = common;
      const Way scope = scope_of(form_, deepest_saver_->way);
      if (request.savers.size() > 1 && rank(scope) >= rank(common)) request.wanted = scope;
    }
    return check(uses, request) ? std::optional(request) : std::nullopt;
  }

 private:
  struct Deepest {
    Way way;
    std::size_t groups = 0;
  };

  std::pair<std::size_t, std::size_t> rank(const Way& way) const {
    return {repeats_in(form_, way), groups_below_scope(form_, way)};
  }

  void look_at(const EntityUse& use) {
    const Way way = way_to(form_, use.container);
    const Way scope = scope_of(form_, way);
    const std::size_t groups = groups_below_scope(form_, way);
    const bool saves = !use.property.empty();
    if (deepest_scope_.empty() || repeats_in(form_, scope) > repeats_in(form_, deepest_scope_)) {
      if (scope != deepest_scope_) {
        deepest_ = {way, groups};
        if (saves) deepest_saver_ = Deepest{way, groups};
      }
      deepest_scope_ = scope;
      deepest_scope_way_ = way;
    }
    if (scope == deepest_scope_ && groups > deepest_.groups) deepest_ = {way, groups};
    if (saves && (!deepest_saver_ || (scope == deepest_scope_ && groups > deepest_saver_->groups)))
      deepest_saver_ = Deepest{way, groups};
  }

  /// All that an entity takes must stand on one way down through the repeats.
  bool check(const std::vector<EntityUse>& uses, const Request& request) {
    const Way wanted_scope = scope_of(form_, request.wanted);
    for (const EntityUse& use : uses) {
      const Way way = way_to(form_, use.container);
      const Way scope = scope_of(form_, way);
      const bool inside = scope.size() <= deepest_scope_.size() &&
                          std::equal(scope.begin(), scope.end(), deepest_scope_.begin());
      const bool saves = !use.property.empty();
      if (inside && (!saves || wanted_scope == scope)) continue;
      const std::string other = told(form_, inside ? request.wanted : deepest_scope_way_);
      if (saves)
        form_.fault({"survey", use.row, "save_to"}, "xlsform.entity_save_elsewhere",
                    {{"list", entity_.list}, {"here", told(form_, way)}, {"there", other}});
      else
        form_.fault(
            {"entities", entity_.row, ""}, "xlsform.entity_reads_elsewhere",
            {{"list", entity_.list}, {"name", use.question}, {"here", told(form_, way)}, {"there", other}});
      return false;
    }
    return true;
  }

  XlsForm& form_;
  const EntityRow& entity_;
  Way deepest_scope_, deepest_scope_way_;
  Deepest deepest_;
  std::optional<Deepest> deepest_saver_;
};

/// Gives each request a container of its own.
class Allocation {
 public:
  explicit Allocation(XlsForm& form) : form_(form) {}

  /// Entity rows by the container they got; nothing after a fault.
  std::map<std::size_t, const EntityRow*> allot(std::vector<Request>& requests) {
    if (requests.size() == 1 && requests[0].scope == Way{0}) return {{0, requests[0].entity}};
    // Scopes in the order in which they were first asked for, their requests by row.
    std::vector<Way> scopes;
    for (const Request& request : requests) {
      if (std::find(scopes.begin(), scopes.end(), request.scope) == scopes.end())
        scopes.push_back(request.scope);
    }
    std::stable_sort(requests.begin(), requests.end(),
                     [](const Request& a, const Request& b) { return a.entity->row < b.entity->row; });
    for (const Way& scope : scopes) {
      for (const Request& request : requests) {
        if (request.scope == scope) place(request);
      }
    }
    return taken_;
  }

 private:
  void place(const Request& request) {
    const EntityRow* conflict = nullptr;
    for (std::size_t depth = request.wanted.size(); depth >= request.scope.size() && depth > 0; --depth) {
      const std::size_t here = request.wanted[depth - 1];
      const auto reserved = reserved_.find(here);
      if (reserved == reserved_.end()) return reserve(request, depth, here);
      conflict = reserved->second;
      const EntityRow* const saver = reserved_by_saver(request);
      if (saver != nullptr) {
        conflict = saver;
        break;
      }
    }
    if (conflict == nullptr) return;
    form_.fault({"entities", request.entity->row, ""}, "xlsform.entity_no_place",
                {{"list", request.entity->list},
                 {"scope", told(form_, request.scope)},
                 {"row", std::to_string(conflict->row)}});
  }

  void reserve(const Request& request, std::size_t depth, std::size_t here) {
    taken_[here] = request.entity;
    reserved_[here] = request.entity;
    for (const Way& saver : request.savers) {
      for (std::size_t i = saver.size(); i >= depth && i > 0; --i) reserved_[saver[i - 1]] = request.entity;
    }
  }

  const EntityRow* reserved_by_saver(const Request& request) const {
    for (const Way& saver : request.savers) {
      if (const auto found = reserved_.find(saver.back()); found != reserved_.end()) return found->second;
    }
    return nullptr;
  }

  XlsForm& form_;
  std::map<std::size_t, const EntityRow*> taken_, reserved_;
};

FormItem attribute(const EntityRow& entity, const char* name, std::string value) {
  FormItem item;
  item.kind = ItemKind::Attribute;
  item.sheet = "entities";
  item.row = entity.row;
  item.name = name;
  item.value = std::move(value);
  return item;
}

FormItem calculated(const EntityRow& entity, const char* name, std::string value,
                    const std::string& expression, const char* column) {
  FormItem item = attribute(entity, name, std::move(value));
  if (!expression.empty()) item.bind.push_back({"calculate", expression, column});
  item.bind.push_back({"type", "string", {}});
  item.bind.push_back({"readonly", "true()", {}});
  return item;
}

/// <meta><entity dataset= id= create=.../></meta> inside a container.
void add_entity(XlsForm& form, std::size_t container, const EntityRow& entity) {
  std::size_t meta = 0;
  for (const std::size_t child : form.items[container].children) {
    if (container == 0 && form.items[child].hidden && form.items[child].name == "meta") meta = child;
  }
  if (meta == 0) {
    FormItem group;
    group.kind = ItemKind::Group;
    group.hidden = true;
    group.name = "meta";
    meta = form.add_item(std::move(group), container);
  }
  FormItem element;
  element.kind = ItemKind::Entity;
  element.name = "entity";
  const std::size_t number = form.add_item(std::move(element), meta);
  // Before the form's own metadata, as the field's tools write it.
  std::vector<std::size_t>& siblings = form.items[meta].children;
  std::rotate(siblings.begin(), siblings.end() - 1, siblings.end());

  form.add_item(attribute(entity, "dataset", entity.list), number);
  const bool creates = entity.entity_id.empty() || !entity.create_if.empty();
  if (creates) {
    if (entity.create_if.empty())
      form.add_item(attribute(entity, "create", "1"), number);
    else
      form.add_item(calculated(entity, "create", "1", entity.create_if, "create_if"), number);
  }
  FormItem id = calculated(entity, "id", "", entity.entity_id, "entity_id");
  if (entity.entity_id.empty()) {
    id.actions.push_back({"setvalue", "odk-instance-first-load", "uuid()", {}});
    bool repeats = false;
    for (std::size_t up = container; up != 0; up = form.items[up].parent)
      repeats = repeats || form.items[up].kind == ItemKind::Repeat;
    if (repeats) id.actions.push_back({"setvalue", "odk-new-repeat", "uuid()", {}});
  } else {
    if (entity.update_if.empty())
      form.add_item(attribute(entity, "update", "1"), number);
    else
      form.add_item(calculated(entity, "update", "1", entity.update_if, "update_if"), number);
    const std::string known = "instance('" + entity.list + "')/root/item[name=" + entity.entity_id + "]/__";
    for (const char* const name : {"baseVersion", "trunkVersion", "branchId"}) {
      const std::string column = std::string(name) == "baseVersion" ? "version" : name;
      form.add_item(calculated(entity, name, "", known + column, "entity_id"), number);
    }
  }
  form.add_item(std::move(id), number);
  if (!entity.label.empty()) {
    FormItem label = calculated(entity, "label", "", entity.label, "label");
    label.kind = ItemKind::EntityLabel;
    form.add_item(std::move(label), number);
  }
}

void check_name(XlsForm& form, const Place& place, const std::string& name) {
  if (name.starts_with("__"))
    form.fault(place, "xlsform.entity_name_underscores", {{"name", name}});
  else if (name.find('.') != std::string::npos)
    form.fault(place, "xlsform.entity_name_period", {{"name", name}});
  else if (!is_xlsform_name(name))
    form.fault(place, "xlsform.name_broken", {{"name", name}});
}

}  // namespace

void read_entities(const HeadedSheet& sheet, XlsForm& form) {
  std::string unknown;
  for (const HeadedColumn& column : sheet.columns) {
    static const std::set<std::string, std::less<>> kKnown{"list_name", "entity_id", "create_if",
                                                           "update_if", "label",     "repeat"};
    if (!kKnown.contains(column.tokens.front()))
      unknown += (unknown.empty() ? "'" : ", '") + column.heading + "'";
  }
  if (!unknown.empty())
    form.fault({"entities", 1, ""}, "xlsform.entity_columns_unknown", {{"columns", unknown}});
  std::set<std::string> lists;
  for (const HeadedRow& row : sheet.rows) {
    EntityRow entity{row.row,
                     row.at({"list_name"}),
                     row.at({"label"}),
                     row.at({"entity_id"}),
                     row.at({"create_if"}),
                     row.at({"update_if"})};
    const Place name_cell{"entities", row.row, row.heading({"list_name"})};
    const Place whole_row{"entities", row.row, ""};
    if (entity.list.empty()) {
      form.fault(name_cell, "xlsform.entity_without_list");
      continue;
    }
    check_name(form, name_cell, entity.list);
    if (!lists.insert(entity.list).second) {
      form.fault(name_cell, "xlsform.entity_twice", {{"list", entity.list}});
      continue;
    }
    if (entity.entity_id.empty() && !entity.update_if.empty())
      form.fault(whole_row, "xlsform.entity_needs_id", {{"list", entity.list}});
    else if (!entity.entity_id.empty() && !entity.create_if.empty() && entity.update_if.empty())
      form.fault(whole_row, "xlsform.entity_needs_update_if", {{"list", entity.list}});
    else if (entity.entity_id.empty() && entity.label.empty())
      form.fault(whole_row, "xlsform.entity_needs_label", {{"list", entity.list}});
    form.entities.push_back(std::move(entity));
  }
}

std::string note_entity_use(const HeadedRow& row, std::size_t container, const std::string& question,
                            bool is_section, XlsForm& form) {
  for (const EntityRow& entity : form.entities) {
    for (const std::string* const cell :
         {&entity.label, &entity.entity_id, &entity.create_if, &entity.update_if}) {
      const auto found = references_in(*cell);
      const bool named = !question.empty() &&
                         std::any_of(found.begin(), found.end(),
                                     [&](const Reference& reference) { return reference.name == question; });
      if (!named) continue;
      form.entity_uses[entity.list].push_back({container, row.row, {}, question});
      break;
    }
  }
  const std::string cell = row.at({"save_to"});
  if (cell.empty()) return {};
  const Place place{"survey", row.row, row.heading({"save_to"})};
  auto refuse = [&](std::string_view code, Words words) {
    form.fault(place, code, words);
    return std::string();
  };
  if (form.entities.empty()) return refuse("xlsform.save_without_entities", {});
  const auto marks = std::count(cell.begin(), cell.end(), '#');
  if (marks > 1) return refuse("xlsform.save_marks", {{"text", cell}});
  if (marks == 0 && form.entities.size() > 1) return refuse("xlsform.save_without_list", {{"text", cell}});
  const std::size_t mark = cell.find('#');
  const std::string list = marks == 0 ? form.entities.front().list : cell.substr(0, mark);
  const std::string property = marks == 0 ? cell : cell.substr(mark + 1);
  const bool known = std::any_of(form.entities.begin(), form.entities.end(),
                                 [&list](const EntityRow& entity) { return entity.list == list; });
  if (!known) return refuse("xlsform.save_list_unknown", {{"list", list}});
  if (is_section) return refuse("xlsform.save_group", {{"text", cell}});
  const std::string lower = lower_case(property);
  if (lower == "name" || lower == "label") return refuse("xlsform.save_reserved", {{"name", property}});
  if (property.starts_with("__")) return refuse("xlsform.entity_name_underscores", {{"name", property}});
  if (!is_xlsform_name(property)) return refuse("xlsform.name_broken", {{"name", property}});
  for (const EntityUse& use : form.entity_uses[list]) {
    if (use.property == property)
      return refuse("xlsform.save_twice", {{"name", property}, {"row", std::to_string(use.row)}});
  }
  form.entity_uses[list].push_back({container, row.row, property, {}});
  return property;
}

void place_entities(XlsForm& form) {
  if (form.entities.empty()) return;
  std::vector<Request> requests;
  bool good = true;
  for (const EntityRow& entity : form.entities) {
    const auto uses = form.entity_uses.find(entity.list);
    if (uses == form.entity_uses.end()) {
      requests.push_back({&entity, {0}, {0}, {}});
      continue;
    }
    auto request = RequestMaker(form, entity).make(uses->second);
    if (request)
      requests.push_back(std::move(*request));
    else
      good = false;
  }
  if (!good) return;
  const auto placed = Allocation(form).allot(requests);
  bool repeats = false;
  for (const auto& [container, entity] : placed) {
    repeats = repeats || repeats_in(form, way_to(form, container)) > 0;
    add_entity(form, container, *entity);
  }
  form.entities_version = form.entities.size() > 1 || repeats ? "2025.1.0" : "2024.1.0";
}

}  // namespace terreno::forms
