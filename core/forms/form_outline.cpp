#include "core/forms/form_outline.hpp"

#include "core/forms/form_model.hpp"

namespace terreno::forms {
namespace {

std::string label_in(const FormModel& model, TextId id, std::size_t language) {
  std::string made;
  if (id == kNoText) return made;
  const auto& all = model.texts[id].by_language;
  const bool there = language < all.size() && !all[language].empty();
  for (const TextPiece& piece : there ? all[language] : all.front()) made += piece.literal;
  return made;
}

AnswerKind kind_of(const Def& def, std::string_view type) {
  if (type == "select_multiple" || type == "rank") return AnswerKind::Choices;
  if (type == "image" || type == "audio" || type == "video" || type == "file") return AnswerKind::Media;
  switch (def.data_type) {
    case DataType::Integer:
    case DataType::Decimal:
      return AnswerKind::Number;
    case DataType::Date:
      return AnswerKind::Date;
    case DataType::Time:
      return AnswerKind::Time;
    case DataType::DateTime:
      return AnswerKind::DateTime;
    case DataType::Geopoint:
      return AnswerKind::Geopoint;
    default:
      return def.calculate != kNoExpression ? AnswerKind::Worked : AnswerKind::Text;
  }
}

}  // namespace

FormOutline outline(const CompiledForm& form, std::string_view language) {
  const FormModel& model = form.model();
  const std::size_t chosen = language_index(model, language);
  FormOutline found;
  for (DefId id = 0; id < model.defs.size(); ++id) {
    const Def& def = model.defs[id];
    if (def.kind == DefKind::Repeat) found.repeats.push_back(def.path);
    if (def.kind != DefKind::Question) continue;
    const std::string type = view_type(model, id);
    if (type == "note") continue;
    OutlineQuestion question{def.path, model.defs[def.block].path, {}, kind_of(def, type)};
    if (def.control != kNoControl)
      question.label = label_in(model, model.controls[def.control].label, chosen);
    found.questions.push_back(std::move(question));
  }
  return found;
}

std::string without_places(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') inside = true;
    if (!inside) out.push_back(c);
    if (c == ']') inside = false;
  }
  return out;
}

std::string_view instance_of(std::string_view path) {
  const std::size_t close = path.rfind(']');
  return close == std::string_view::npos ? std::string_view() : path.substr(0, close + 1);
}

}  // namespace terreno::forms
