#include <iostream>
#include <limits>

#include "server/api/call.hpp"
#include "server/api/tenant_day.hpp"
#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"
#include "server/reports/answer_export.hpp"

namespace terreno::server {
namespace {

/// Half-open: from the first day's beginning to the last day's end.
Period period_in(const Arguments& arguments, std::int32_t utc_offset_minutes) {
  Period period{0, std::numeric_limits<WallMs>::max()};
  const auto day = [&](const char* option) -> std::optional<Period> {
    if (!arguments.has(option)) return std::nullopt;
    const auto found = period_of(arguments.get(option), utc_offset_minutes);
    if (!found) throw UsageError(cli_text("cli.bad_day", {{"option", std::string("--") + option}}));
    return found;
  };
  if (const auto from = day("from")) period.from_ms = from->from_ms;
  if (const auto to = day("to")) period.to_ms = to->to_ms;
  return period;
}

TableHead head_named(const std::string& name) {
  if (name == "both") return TableHead::PathAndLabel;
  if (name == "path") return TableHead::Path;
  if (name == "label") return TableHead::Label;
  throw UsageError(cli_text("cli.unknown_option", {{"option", "--header " + name}}));
}

}  // namespace

int form_list(const Words& words) {
  const Arguments arguments(words, {"data", "tenant"}, {});
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  for (const auto& [use, form_id] : storage->form_uses(tenant.id)) {
    std::cout << cli_text("cli.form_use", {{"use", std::string(name_of(use))}, {"form", form_id}}) << "\n";
  }
  for (const FormRecord& form : storage->forms(tenant.id)) {
    std::cout << cli_text("cli.form_line", {{"form", form.form_id},
                                            {"version", form.version},
                                            {"title", form.title},
                                            {"visits", std::to_string(form.visits)},
                                            {"note", form.current ? cli_text("cli.form_current") : ""}})
              << "\n";
  }
  return 0;
}

int form_use(const Words& words) {
  const Arguments arguments(words, {"data", "tenant", "version"}, {});
  if (arguments.rest().size() != 2) throw UsageError(cli_text("cli.word_needed", {{"what", "USE FORM_ID"}}));
  const std::string name = arguments.rest()[0];
  const std::string form_id = arguments.rest()[1];
  const auto use = form_use_named(name);
  if (!use) throw UsageError(cli_text("cli.form_unknown_use", {{"use", name}}));
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  if (arguments.has("version")) storage->apply_form(tenant.id, form_id, arguments.get("version")).value();
  const auto changed = storage->set_form_use(tenant.id, *use, form_id, SystemClock().wall_ms()).value();
  std::cout << cli_text("cli.form_use_set",
                        {{"use", name}, {"form", form_id}, {"count", std::to_string(changed)}})
            << "\n";
  return 0;
}

int form_answers(const Words& words) {
  const Arguments arguments(
      words, {"data", "tenant", "out", "from", "to", "lang", "version", "header", "repeat"}, {"split"});
  AnswerExport wanted;
  wanted.form_id = arguments.only_word("FORM_ID");
  const std::filesystem::path out = arguments.need("out");
  wanted.format = out.extension() == ".csv" ? AnswerExport::Format::Csv : AnswerExport::Format::Xlsx;
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  if (arguments.has("version")) wanted.version = arguments.get("version");
  wanted.period = period_in(arguments, tenant.policy.utc_offset_minutes);
  wanted.language = arguments.has("lang") ? language_from_tag(arguments.get("lang")) : cli_language();
  wanted.form_language = arguments.has("lang") ? arguments.get("lang") : std::string(tag_of(wanted.language));
  wanted.head = head_named(arguments.get("header", "both"));
  wanted.split_choices = arguments.has("split");
  wanted.repeat = arguments.get("repeat");
  FormCache forms([&](const Uuid& tenant_id, std::string_view form_id, std::string_view version) {
    return storage->find_form(tenant_id, form_id, version);
  });
  // Beside its place until it is whole.
  std::filesystem::path part = std::filesystem::absolute(out);
  part += ".part";
  const auto written = export_answers(*storage, forms, tenant.id, wanted, part);
  if (!written) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw Error(written.error());
  }
  std::filesystem::rename(part, out);
  std::cout << cli_text("cli.answers_written", {{"count", std::to_string(*written)}, {"path", out.string()}})
            << "\n";
  return 0;
}

}  // namespace terreno::server
