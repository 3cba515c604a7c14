// What expressions ask of a filling.
#include "core/forms/session_state.hpp"

namespace terreno::forms {
namespace {

/// The mixing step of SplitMix64 (G. Steele, D. Lea, C. Flood, 2014): every bit of the input moves every bit
/// out.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

}  // namespace

const NodeTree& FormSession::State::tree(std::uint32_t index) const {
  if (index == 0) return tree_;
  return index == 1 ? *case_ : model_.instances[index - 2].tree;
}

NodeRef FormSession::State::instance(std::string_view id) {
  if (id == "case") {
    asked_context_ = true;
    if (!case_) build_case();
    return {1, 0};
  }
  for (std::size_t i = 0; i < model_.instances.size(); ++i) {
    if (model_.instances[i].id == id) return {static_cast<std::uint32_t>(i + 2), 0};
  }
  return {};
}

/// A function of the seed, the question's place and the expression, never of the order of evaluation: the
/// server that fills the form again draws the same.
std::uint64_t FormSession::State::random_bits() {
  const std::string_view text =
      random_expression_ == kNoExpression ? std::string_view("preload") : model_.text_of(random_expression_);
  asked_context_ = true;
  const std::uint64_t place = hash_of(path_of(random_node_)) ^ mixed(hash_of(text));
  return mixed(mixed(context_.random_seed ^ place) + ++random_draws_);
}

std::string FormSession::State::itext(std::string_view id) {
  const auto found = model_.text_ids.find(id);
  return found == model_.text_ids.end() ? std::string() : render(found->second, language_, random_node_);
}

std::string FormSession::State::choice_label(std::string_view path, std::string_view value, NodeRef current) {
  path = trimmed(path);
  DefId def = def_at_path(model_, path);
  if (def == kNoDef && current.tree == 0) {
    // Relative: walk the definitions from the question's own.
    def = filling_.defs_of[current.node];
    while (!path.empty() && def != kNoDef) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      const std::string_view part = path.substr(0, slash);
      path = path.substr(std::min(slash + 1, path.size()));
      if (part == "." || part.starts_with("current()")) continue;
      if (part == "..") {
        def = model_.defs[def].parent;
        continue;
      }
      def = model_.children.exact(model_, def, part, false);
    }
  }
  if (def == kNoDef) return {};
  NodeRef node = bound_node(def, current);
  if (!node.exists()) {
    // From outside a repeat, any instance knows its question's choices.
    each_node(def, 0, [&node](NodeId id) {
      if (!node.exists()) node = {0, id};
    });
  }
  if (!node.exists()) return {};
  for (const ChoiceView& choice : choices(node.node, language_)) {
    if (choice.value == value) return choice.label;
  }
  return {};
}

void FormSession::State::set_language(std::string_view language) {
  language_ = language_index(model_, language);
  if (language_ < model_.languages.size()) default_tag_ = forms::language_tag(model_.languages[language_]);
  for (const std::uint32_t cell : model_.worded_cells) mark(cell, 0);
  settle();
}

std::string FormSession::State::form_property(std::string_view name) {
  if (name == "version") return model_.version;
  if (name == "deviceid") return asked().device_id;
  if (name == "username") return asked().username;
  return {};
}

NodeRef FormSession::State::bound_node(DefId def, NodeRef current) const {
  if (current.tree != 0) return {};
  if (model_.defs[def].block == 0) return {0, node_in(0, def)};
  const BlockId block = enclosing(filling_.blocks_of[current.node], model_.defs[def].block);
  return block == kNoBlock ? NodeRef{} : NodeRef{0, node_in(block, def)};
}

std::uint32_t FormSession::State::position_of(NodeRef node) const {
  if (node.tree != 0 || node.node == 0) return 0;
  const Def& def = model_.defs[filling_.defs_of[node.node]];
  return def.kind == DefKind::Repeat ? filling_.blocks[filling_.blocks_of[node.node]].position + 1 : 0;
}

std::optional<double> FormSession::State::sum_of(std::uint32_t collection) {
  if (collection == kNoCollection) return std::nullopt;
  const DefId def = model_.collections[collection];
  std::vector<double>& sums = running_[collection].sums;
  const auto& instances = instances_of({model_.defs[def].block, 0});
  while (sums.size() < instances.size()) {
    const NodeId node = node_in(instances[sums.size()], def);
    double number = 0;
    if (tree_.is_relevant(node)) {
      const std::string& text = tree_.value(node);
      if (!plain_number(text, number)) number = text_to_number(text, utc_offset_minutes());
    }
    sums.push_back((sums.empty() ? 0 : sums.back()) + number);
  }
  return sums.empty() ? 0 : sums.back();
}

std::optional<double> FormSession::State::count_of(std::uint32_t collection) {
  if (collection == kNoCollection) return std::nullopt;
  const DefId def = model_.collections[collection];
  std::vector<double>& counts = running_[collection].counts;
  const auto& instances = instances_of({model_.defs[def].block, 0});
  while (counts.size() < instances.size()) {
    const bool relevant = tree_.is_relevant(node_in(instances[counts.size()], def));
    counts.push_back((counts.empty() ? 0 : counts.back()) + (relevant ? 1 : 0));
  }
  return counts.empty() ? 0 : counts.back();
}

}  // namespace terreno::forms
