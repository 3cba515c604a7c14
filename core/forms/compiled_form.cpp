#include "core/forms/compiled_form.hpp"

#include <algorithm>

#include "core/forms/filling.hpp"
#include "core/forms/form_model.hpp"

namespace terreno::forms {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string_view data_type_name(DataType type) {
  switch (type) {
    case DataType::Integer:
      return "integer";
    case DataType::Decimal:
      return "decimal";
    case DataType::Boolean:
      return "boolean";
    case DataType::Date:
      return "date";
    case DataType::Time:
      return "time";
    case DataType::DateTime:
      return "dateTime";
    case DataType::Geopoint:
      return "geopoint";
    case DataType::Geotrace:
      return "geotrace";
    case DataType::Geoshape:
      return "geoshape";
    case DataType::Barcode:
      return "barcode";
    case DataType::Binary:
      return "file";
    default:
      return "text";
  }
}

std::string upload_type(std::string_view media_type) {
  const std::string_view family = media_type.substr(0, media_type.find('/'));
  if (family == "image" || family == "audio" || family == "video") return std::string(family);
  return "file";
}

std::string plain_label(const FormModel& model, TextId id) {
  std::string made;
  if (id == kNoText) return made;
  for (const TextPiece& piece : model.texts[id].by_language.front()) made += piece.literal;
  return made;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string view_type(const FormModel& model, DefId id) {
  const Def& def = model.defs[id];
  if (def.control == kNoControl)
    return def.calculate != kNoExpression ? "calculate" : std::string(data_type_name(def.data_type));
  const Control& control = model.controls[def.control];
  switch (control.kind) {
    case ControlKind::Select1:
      return "select_one";
    case ControlKind::Select:
      return "select_multiple";
    case ControlKind::Rank:
      return "rank";
    case ControlKind::Upload:
      return upload_type(control.media_type);
    case ControlKind::Trigger:
      return "acknowledge";
    case ControlKind::Range:
      return "range";
    default:
      break;
  }
  // XLSForm writes a note as an input that cannot be answered and has nothing to show.
  if (def.always_read_only && def.calculate == kNoExpression && is_blank(def.default_value)) return "note";
  return std::string(data_type_name(def.data_type));
}

std::string language_tag(std::string_view language) {
  const std::size_t open = language.rfind('(');
  const std::size_t close = language.rfind(')');
  if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
    language = language.substr(open + 1, close - open - 1);
  }
  std::string tag(language);
  std::transform(tag.begin(), tag.end(), tag.begin(), lower);
  return tag;
}

std::size_t language_index(const FormModel& model, std::string_view language) {
  const auto& all = model.languages;
  if (const auto exact = std::find(all.begin(), all.end(), language); exact != all.end()) {
    return static_cast<std::size_t>(exact - all.begin());
  }
  const std::string wanted = language_tag(language);
  const std::string family = wanted.substr(0, wanted.find_first_of("-_"));
  std::size_t best = 0;
  bool found = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string tag = language_tag(all[i]);
    if (tag == wanted) return i;
    if (!found && !family.empty() && tag.substr(0, tag.find_first_of("-_")) == family) {
      best = i;
      found = true;
    }
  }
  return best;
}

CompiledForm::CompiledForm(std::unique_ptr<const FormModel> model)
    : model_(std::move(model)), start_(std::make_unique<const FillingStart>(make_start(*model_))) {}
CompiledForm::~CompiledForm() = default;
const std::string& CompiledForm::form_id() const noexcept { return model_->form_id; }
const std::string& CompiledForm::version() const noexcept { return model_->version; }
const std::string& CompiledForm::title() const noexcept { return model_->title; }
const std::vector<std::string>& CompiledForm::languages() const noexcept { return model_->languages; }
const std::vector<std::string>& CompiledForm::missing_files() const noexcept { return model_->missing_files; }

std::vector<QuestionInfo> CompiledForm::questions() const {
  std::vector<QuestionInfo> found;
  for (DefId id = 0; id < model_->defs.size(); ++id) {
    const Def& def = model_->defs[id];
    if (def.kind != DefKind::Question) continue;
    QuestionInfo info;
    info.path = def.path;
    info.type = view_type(*model_, id);
    info.calculated = def.calculate != kNoExpression;
    info.in_repeat = def.block != 0;
    info.asked = def.control != kNoControl;
    if (info.asked) {
      const Control& control = model_->controls[def.control];
      info.label = plain_label(*model_, control.label);
      info.appearance = control.appearance;
    }
    found.push_back(std::move(info));
  }
  return found;
}

Result<std::shared_ptr<const CompiledForm>> compile_xform(std::string_view xml,
                                                          std::span<const FormFile> files) {
  auto model = std::make_unique<FormModel>();
  std::vector<std::string> faults;
  read_xform(xml, files, *model, faults);
  if (faults.empty()) bind_expressions(*model, faults);
  if (faults.empty()) order_cells(*model, faults);
  if (faults.empty())
    return std::shared_ptr<const CompiledForm>(std::make_shared<CompiledForm>(std::move(model)));
  std::string message;
  constexpr std::size_t kMostFaults = 100;
  for (std::size_t i = 0; i < faults.size() && i < kMostFaults; ++i)
    message += (i > 0 ? "\n" : "") + faults[i];
  return Error(ErrorCode::FormInvalid, std::move(message));
}

}  // namespace terreno::forms
