#include "core/visit/form_desk.hpp"

#include <algorithm>
#include <utility>

#include "core/forms/visit_context.hpp"

namespace terreno {
namespace {

std::vector<forms::Answer> as_inputs(const std::vector<FormAnswer>& answers) {
  std::vector<forms::Answer> inputs;
  inputs.reserve(answers.size());
  for (const FormAnswer& answer : answers) inputs.push_back(forms::Answer{answer.path, answer.value});
  return inputs;
}

using ValueByPath = std::unordered_map<std::string_view, std::string_view>;

ValueByPath by_path(const std::vector<forms::Answer>& answers) {
  ValueByPath map;
  for (const forms::Answer& answer : answers) map.emplace(answer.path, answer.value);
  return map;
}

}  // namespace

std::string_view form_language(Language language) {
  switch (language) {
    case Language::English:
      return "en";
    case Language::Portuguese:
      return "pt";
    case Language::Spanish:
      break;
  }
  return "es";
}

std::vector<FormAnswer> as_form_answers(const std::vector<forms::Answer>& answers) {
  std::vector<FormAnswer> out;
  out.reserve(answers.size());
  for (const forms::Answer& answer : answers) out.push_back(FormAnswer{answer.path, answer.value});
  return out;
}

Result<forms::FormSession*> FormDesk::session(const VisitDraft& draft) {
  auto found = open_.find(draft.visit.visit_id);
  if (found == open_.end()) {
    auto restored = restore(draft);
    if (!restored) return restored.error();
    found = open_.emplace(draft.visit.visit_id, std::move(restored).value()).first;
  }
  return &found->second.session;
}

void FormDesk::save(const Uuid& visit_id) {
  OpenForm& form = open_.at(visit_id);
  std::vector<forms::Answer> inputs = form.session.inputs();
  const ValueByPath before = by_path(form.saved);
  const ValueByPath after = by_path(inputs);
  const bool lost_some = std::any_of(form.saved.begin(), form.saved.end(), [&](const forms::Answer& answer) {
    return !after.contains(answer.path);
  });
  if (lost_some) {
    // A repeat was removed: what followed it has other paths now.
    store_.replace_answers(visit_id, as_form_answers(inputs));
  } else {
    for (const forms::Answer& answer : inputs) {
      const auto old = before.find(answer.path);
      if (old != before.end() && old->second == answer.value) continue;
      store_.save_answer(visit_id, {answer.path, answer.value});
    }
  }
  form.saved = std::move(inputs);
}

Result<std::shared_ptr<const forms::CompiledForm>> FormDesk::compiled(const FormVersion& form) {
  const Sha256 key = sha256(as_bytes(form.xform_xml));
  if (const auto found = compiled_.find(key); found != compiled_.end()) return found->second;
  auto made = forms::compile_xform(form.xform_xml);
  if (made) compiled_.emplace(key, *made);
  return made;
}

Result<FormDesk::OpenForm> FormDesk::restore(const VisitDraft& draft) {
  const VisitFinished& visit = draft.visit;
  const auto version = store_.find_form(visit.form_id, visit.form_version);
  if (!version) {
    return Error(ErrorCode::NotFound, "form " + visit.form_id + " version " + visit.form_version +
                                          " is not on this phone; sync first");
  }
  auto form = compiled(*version);
  if (!form) return form.error();
  const auto identity = store_.identity();
  if (!identity) return Error(ErrorCode::NotEnrolled, "a visit is open on a phone without a company");
  OpenForm open{forms::FormSession(*form, forms::visit_context(visit.form_context, identity->device_id,
                                                               identity->gestor_name)),
                as_inputs(store_.draft_answers(visit.visit_id))};
  // A form just opened has no rows yet, and its defaults stay.
  if (open.saved.empty()) return open;
  if (auto restored = open.session.restore(open.saved); !restored) return restored.error();
  return open;
}

}  // namespace terreno
