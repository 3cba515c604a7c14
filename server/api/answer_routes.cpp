#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

#include "server/api/heavy_work.hpp"
#include "server/api/routes.hpp"
#include "server/api/tenant_day.hpp"
#include "server/reports/answer_export.hpp"

namespace terreno::server {
namespace {

namespace fs = std::filesystem;

/// A folder for one export, gone with what it holds once the answer is sent.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "terreno-answers-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw Error(ErrorCode::Io, "no scratch folder could be made");
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  fs::path file(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

Error bad(const Call& call, const char* field) {
  return Error(ErrorCode::InvalidArgument, call.say("server.api.bad_value", {{"field", field}}));
}

/// Both days count whole; without them everything is meant.
Period asked_period(const Call& call) {
  const std::int32_t offset = call.tenant.policy.utc_offset_minutes;
  Period period{0, std::numeric_limits<WallMs>::max()};
  for (const char* edge : {"from", "to"}) {
    const std::string_view day = call.query(edge);
    if (day.empty()) continue;
    const auto found = period_of(day, offset);
    if (!found) throw bad(call, edge);
    (edge[0] == 'f' ? period.from_ms : period.to_ms) = edge[0] == 'f' ? found->from_ms : found->to_ms;
  }
  if (period.from_ms >= period.to_ms) throw bad(call, "to");
  return period;
}

TableHead asked_head(const Call& call) {
  const std::string_view head = call.query("header");
  if (head.empty() || head == "both") return TableHead::PathAndLabel;
  if (head == "path") return TableHead::Path;
  if (head == "label") return TableHead::Label;
  throw bad(call, "header");
}

AnswerExport asked_export(const Call& call, AnswerExport::Format format) {
  AnswerExport wanted;
  wanted.format = format;
  wanted.form_id = call.parameters.at(0);
  if (const std::string_view version = call.query("version"); !version.empty()) wanted.version = version;
  wanted.period = asked_period(call);
  const std::string_view asked = call.query("lang");
  wanted.language = asked.empty() ? call.language : language_from_tag(asked);
  wanted.form_language = asked.empty() ? tag_of(call.language) : asked;
  wanted.head = asked_head(call);
  wanted.split_choices = call.query("split") == "1";
  wanted.repeat = call.query("repeat");
  return wanted;
}

/// The form's id as a file may be called.
std::string plain(std::string_view id) {
  std::string out;
  for (const char c : id) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out.push_back(good ? c : '_');
  }
  return out;
}

Response export_as(Call& call, AnswerExport::Format format, const char* ending, const char* type) {
  const AnswerExport wanted = asked_export(call, format);
  const HeavyWork::Place place(call);
  const auto folder = std::make_shared<const ScratchFolder>();
  const fs::path file = folder->file("answers");
  const auto written =
      export_answers(call.services.storage, call.services.forms, call.tenant.id, wanted, file);
  if (!written) return error_response(written.error());
  Response response;
  response.file = file.string();
  response.kept = folder;
  response.headers.emplace_back("Content-Type", type);
  const std::string today = day_of(call.services.clock.wall_ms(), call.tenant.policy.utc_offset_minutes);
  response.headers.emplace_back(
      "Content-Disposition", "attachment; filename=\"" + plain(wanted.form_id) + "_" + today + ending + "\"");
  return response;
}

}  // namespace

Response export_answers_csv(Call& call) {
  return export_as(call, AnswerExport::Format::Csv, ".csv", "text/csv; charset=utf-8");
}

Response export_answers_xlsx(Call& call) {
  return export_as(call, AnswerExport::Format::Xlsx, ".xlsx",
                   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

}  // namespace terreno::server
