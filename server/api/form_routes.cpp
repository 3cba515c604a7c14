#include <array>

#include "core/forms/form_outline.hpp"
#include "server/api/form_intake.hpp"
#include "server/api/heavy_work.hpp"
#include "server/api/routes.hpp"

namespace terreno::server {
namespace {

constexpr std::size_t kMaxFileName = 200;

json::value optional_number(const std::optional<WallMs>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::array uses_of(const FormUses& uses, std::string_view form_id) {
  json::array out;
  for (const auto& [use, id] : uses) {
    if (id == form_id) out.push_back(json::string(name_of(use)));
  }
  return out;
}

json::object version_json(const FormRecord& record) {
  return json::object{{"version", record.version},
                      {"title", record.title},
                      {"held", record.held},
                      {"current", record.current},
                      {"added_at_ms", optional_number(record.added_at_ms)},
                      {"added_by", record.added_by},
                      {"file_name", record.file_name},
                      {"visits", record.visits},
                      {"last_visit_at_ms", optional_number(record.last_visit_at_ms)}};
}

json::array issues_json(const forms::XlsFormResult& form) {
  json::array out;
  for (const forms::FormIssue& issue : form.issues) {
    out.push_back({{"error", issue.error},
                   {"sheet", issue.sheet},
                   {"row", issue.row},
                   {"column", issue.column},
                   {"message", issue.message}});
  }
  return out;
}

/// Kept to be shown and to name a download: no path and nothing that a header could not carry.
std::string plain_file_name(std::string_view given) {
  given = given.substr(given.find_last_of("/\\") + 1);
  std::string name;
  for (const char c : given.substr(0, kMaxFileName)) {
    const bool good = static_cast<unsigned char>(c) >= ' ' && c != '"' && c != 0x7F;
    name.push_back(good ? c : '_');
  }
  return name.empty() ? "form" : name;
}

FormVersion asked_version(const Call& call) {
  auto found = call.services.storage.find_form(call.tenant.id, call.parameters.at(0), call.parameters.at(1));
  if (!found) throw Error(ErrorCode::NotFound, call.say("server.api.not_found"));
  return std::move(*found);
}

Response download(std::string content, std::string_view type, std::string_view name) {
  Response response;
  response.headers.emplace_back("Content-Type", type);
  std::string plain;
  for (const char c : plain_file_name(name)) plain.push_back(static_cast<unsigned char>(c) < 0x80 ? c : '_');
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + plain + "\"");
  response.body = std::move(content);
  return response;
}

const char* question_kind(forms::AnswerKind kind) {
  constexpr std::array<const char*, 9> kNames = {"text",     "number",  "date",  "time",      "datetime",
                                                 "geopoint", "choices", "media", "calculated"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace

Response list_forms(Call& call) {
  Storage& storage = call.services.storage;
  const FormUses uses = storage.form_uses(call.tenant.id);
  json::array forms;
  for (const FormRecord& record : storage.forms(call.tenant.id)) {
    if (forms.empty() || forms.back().at("id") != json::value(record.form_id)) {
      forms.push_back({{"id", record.form_id},
                       {"title", record.title},
                       {"uses", uses_of(uses, record.form_id)},
                       {"visits", 0},
                       {"versions", json::array{}}});
    }
    json::object& form = forms.back().as_object();
    if (record.current) form["title"] = record.title;
    form["visits"] = form["visits"].to_number<std::uint64_t>() + record.visits;
    form["versions"].as_array().push_back(version_json(record));
  }
  json::array used;
  for (const auto& [use, form_id] : uses) used.push_back({{"use", name_of(use)}, {"form_id", form_id}});
  return json_response({{"uses", std::move(used)}, {"forms", std::move(forms)}});
}

Response show_form(Call& call) {
  const FormVersion version = asked_version(call);
  const auto form = call.services.forms.find(call.tenant.id, version.form_id, version.version);
  if (!form) return error_response(ErrorCode::FormInvalid, call.say("server.api.not_found"));
  const std::string_view asked = call.query("lang");
  const auto shape = forms::outline(*form, asked.empty() ? tag_of(call.language) : asked);
  json::array questions;
  for (const forms::OutlineQuestion& question : shape.questions) {
    questions.push_back({{"path", question.path},
                         {"repeat", question.repeat},
                         {"label", question.label},
                         {"kind", question_kind(question.kind)}});
  }
  json::array languages;
  for (const std::string& language : form->languages()) languages.push_back(json::string(language));
  json::array repeats;
  for (const std::string& repeat : shape.repeats) repeats.push_back(json::string(repeat));
  return json_response({{"id", version.form_id},
                        {"version", version.version},
                        {"title", version.title},
                        {"languages", std::move(languages)},
                        {"repeats", std::move(repeats)},
                        {"questions", std::move(questions)}});
}

Response show_xform(Call& call) {
  FormVersion version = asked_version(call);
  return download(std::move(version.xform_xml), "application/xml", version.form_id + ".xml");
}

Response show_form_source(Call& call) {
  const auto source =
      call.services.storage.form_source(call.tenant.id, call.parameters.at(0), call.parameters.at(1));
  if (!source) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  return download(std::string(as_text(source->content)), "application/octet-stream", source->file_name);
}

Response upload_form(Call& call) {
  const HeavyWork::Place place(call);
  FormAddition addition;
  addition.at_ms = call.services.clock.wall_ms();
  addition.by = call.user.login;
  addition.file_name = plain_file_name(call.query("file_name"));
  addition.source = std::move(call.request.body);
  addition.apply = call.query("hold") != "1";
  const auto intake = take_form(call.services.storage, call.tenant.id, std::move(addition), call.language);
  if (!intake) return error_response(intake.error());
  json::array issues = issues_json(intake->form);
  if (!intake->stored) {
    const ErrorTraits& traits = traits_of(ErrorCode::FormInvalid);
    std::size_t errors = 0;
    for (const forms::FormIssue& issue : intake->form.issues) errors += issue.error ? 1 : 0;
    const json::object error{
        {"code", traits.name},
        {"message", call.say("server.forms.rejected", {{"count", std::to_string(errors)}})}};
    return json_response({{"error", error}, {"issues", std::move(issues)}}, traits.http_status);
  }
  return json_response({{"id", intake->form.form_id},
                        {"version", intake->form.version},
                        {"title", intake->form.title},
                        {"issues", std::move(issues)}},
                       201);
}

Response apply_form(Call& call) {
  const auto applied =
      call.services.storage.apply_form(call.tenant.id, call.parameters.at(0), call.parameters.at(1));
  if (!applied) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  return empty_response();
}

Response set_form_use(Call& call) {
  const auto use = form_use_named(call.parameters.at(0));
  if (!use) return error_response(ErrorCode::NotFound, call.say("server.api.not_found"));
  const std::string form_id = text_member(call.body_object(), "form_id");
  const auto changed =
      call.services.storage.set_form_use(call.tenant.id, *use, form_id, call.services.clock.wall_ms());
  if (!changed) {
    return error_response(ErrorCode::InvalidArgument,
                          call.say("server.api.bad_value", {{"field", "form_id"}}));
  }
  return json_response({{"use", name_of(*use)}, {"form_id", form_id}, {"cases", *changed}});
}

}  // namespace terreno::server
