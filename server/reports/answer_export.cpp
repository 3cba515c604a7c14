#include "server/reports/answer_export.hpp"

namespace terreno::server {
namespace {

constexpr std::size_t kMaxVersions = 100;  ///< merged; the newest ones
constexpr std::size_t kMaxColumns = 16'384;

Error refused(const AnswerExport& wanted, ErrorCode code, std::string_view key, std::string value) {
  return Error(code, text(wanted.language, key, {{"value", std::move(value)}}));
}

/// The shapes of the versions that are held and asked for, newest first.
std::vector<forms::FormOutline> outlines_of(Storage& storage, FormCache& forms, const Uuid& tenant_id,
                                            const AnswerExport& wanted) {
  std::vector<forms::FormOutline> found;
  for (const FormRecord& record : storage.forms(tenant_id)) {
    const bool meant =
        record.form_id == wanted.form_id && (!wanted.version || record.version == *wanted.version);
    if (!meant || !record.held || found.size() >= kMaxVersions) continue;
    if (const auto form = forms.find(tenant_id, record.form_id, record.version)) {
      found.push_back(forms::outline(*form, wanted.form_language));
    }
  }
  return found;
}

/// Every visit that is meant; false when there are more than may be exported.
template <typename Use>
bool each_visit(Storage& storage, const Uuid& tenant_id, const AnswerExport& wanted, Use use) {
  const AnsweredFilter filter{wanted.form_id, wanted.version, wanted.period, 500};
  AnsweredPage page;
  std::uint64_t count = 0;
  do {
    page = storage.answered_visits(tenant_id, filter, page.cursor);
    count += page.visits.size();
    if (count > kMaxExportVisits) return false;
    for (const AnsweredVisit& visit : page.visits) use(visit);
  } while (page.more);
  return true;
}

}  // namespace

Result<std::uint64_t> export_answers(Storage& storage, FormCache& forms, const Uuid& tenant_id,
                                     const AnswerExport& wanted, const std::filesystem::path& to) {
  const auto outlines = outlines_of(storage, forms, tenant_id, wanted);
  if (outlines.empty()) return refused(wanted, ErrorCode::NotFound, "export.no_form", wanted.form_id);
  const Error too_many =
      refused(wanted, ErrorCode::TooLarge, "export.too_many", std::to_string(kMaxExportVisits));
  AnswerTables::Choices choices;
  if (wanted.split_choices) {
    choices = questions_of_choices(outlines);
    const auto note = [&](const AnsweredVisit& visit) { note_choices(visit, choices); };
    if (!each_visit(storage, tenant_id, wanted, note)) return too_many;
  }
  const AnswerTables tables(outlines, choices, wanted.language);
  const auto only = tables.table_of(wanted.repeat);
  if (!only) return refused(wanted, ErrorCode::NotFound, "export.no_repeat", wanted.repeat);
  if (tables.columns() > kMaxColumns) {
    return refused(wanted, ErrorCode::TooLarge, "export.too_wide", std::to_string(kMaxColumns));
  }
  const auto writer = wanted.format == AnswerExport::Format::Csv ? open_csv(to, *only) : open_xlsx(to);
  tables.begin(*writer, wanted.head);
  std::uint64_t visits = 0;
  const auto add = [&](const AnsweredVisit& visit) {
    tables.add(visit, *writer);
    ++visits;
  };
  if (!each_visit(storage, tenant_id, wanted, add)) return too_many;
  writer->finish();
  return visits;
}

}  // namespace terreno::server
