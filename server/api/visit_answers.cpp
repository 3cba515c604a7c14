#include "server/api/visit_answers.hpp"

#include <map>

#include "core/forms/form_outline.hpp"
#include "core/forms/form_session.hpp"
#include "core/forms/visit_context.hpp"
#include "core/model/media_format.hpp"
#include "server/api/call.hpp"

namespace terreno::server {
namespace {

namespace json = boost::json;
using Views = std::map<std::string, forms::QuestionView, std::less<>>;
using Questions = std::map<std::string, forms::QuestionInfo, std::less<>>;

Views fill_again(const AnswerSources& sources) {
  Views views;
  if (!sources.form) return views;
  const VisitFinished& visit = sources.record.visit;
  forms::FormSession session(
      sources.form, forms::visit_context(visit.form_context, sources.record.device_id, sources.gestor_name));
  std::vector<forms::Answer> answers;
  for (const FormAnswer& answer : visit.answers) answers.push_back({answer.path, answer.value});
  // What does not fit the form is a mark of the review; here it is shown bare.
  if (!session.restore(answers)) return views;
  for (forms::QuestionView& view : session.questions(tag_of(sources.language))) {
    std::string path = view.path;
    views.insert_or_assign(std::move(path), std::move(view));
  }
  return views;
}

std::string choice_label(const forms::QuestionView& view, std::string_view value) {
  for (const forms::ChoiceView& choice : view.choices) {
    if (choice.value == value) return choice.label;
  }
  return std::string(value);
}

std::string display_of(const forms::QuestionView* view, const std::string& value) {
  if (view == nullptr || view->choices.empty()) return value;
  if (view->type == "select_one") return choice_label(*view, value);
  std::string out;
  std::string_view rest = value;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size() + (word.size() < rest.size() ? 1 : 0));
    if (!word.empty()) out.append(out.empty() ? "" : ", ").append(choice_label(*view, word));
  }
  return out;
}

json::value file_of(const AnswerSources& sources, const FormAnswer& answer) {
  for (const EvidenceRecord& file : sources.files) {
    if (answer.value == evidence_file_name(file.ref)) return json::string(to_hex(file.ref.sha256));
  }
  return nullptr;
}

bool is_media(std::string_view type) {
  return type == "image" || type == "audio" || type == "video" || type == "file" || type == "signature" ||
         type == "binary";
}

}  // namespace

json::array answers_json(const AnswerSources& sources) {
  const Views views = fill_again(sources);
  Questions questions;
  if (sources.form) {
    for (forms::QuestionInfo& info : sources.form->questions()) {
      std::string path = info.path;
      questions.insert_or_assign(std::move(path), std::move(info));
    }
  }
  json::array out;
  for (const FormAnswer& answer : sources.record.visit.answers) {
    const auto viewed = views.find(answer.path);
    const auto known = questions.find(forms::without_places(answer.path));
    const forms::QuestionView* view = viewed == views.end() ? nullptr : &viewed->second;
    const forms::QuestionInfo* info = known == questions.end() ? nullptr : &known->second;
    // What no person was asked and has no words is the form's own working.
    if (view == nullptr && info != nullptr && info->calculated && info->label.empty()) continue;
    const std::string type = view ? view->type : info ? info->type : "text";
    const std::string label = view ? view->label : info && !info->label.empty() ? info->label : answer.path;
    const auto group = view ? views.find(view->group_path) : views.end();
    const bool grouped = group != views.end() && !group->second.label.empty();
    out.push_back({{"path", answer.path},
                   {"label", label},
                   {"group_label", grouped ? json::value(group->second.label) : json::value(nullptr)},
                   {"type", type},
                   {"value", answer.value},
                   {"display", display_of(view, answer.value)},
                   {"media_sha256", is_media(type) ? file_of(sources, answer) : json::value(nullptr)}});
  }
  return out;
}

}  // namespace terreno::server
