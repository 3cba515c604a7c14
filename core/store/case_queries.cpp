#include "core/codec/codec.hpp"
#include "core/store/device_store_parts.hpp"

// The gestor's list of cases. A cancelled case is in no list; its row stays until the server takes it away.

namespace terreno {
namespace {

// Folded words hold letters, digits and bytes over 0x7F: nothing that JSON would want escaped.
std::string as_json(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) out += (out.size() > 1 ? ",\"" : "\"") + word + '"';
  return out + ']';
}

CaseRecord read_record(const store::Query& query) {
  return CaseRecord{store::sound(codec::decode_case(query.blob(0)), "case"),
                    static_cast<std::uint32_t>(query.integer(1))};
}

}  // namespace

std::optional<Case> DeviceStore::find_case(const Uuid& case_id) const {
  auto query = parts_->db.query("SELECT bytes FROM field_case WHERE id = ?");
  query.bind(case_id);
  if (!query.step()) return std::nullopt;
  return store::sound(codec::decode_case(query.blob(0)), "case");
}

std::vector<CaseRecord> DeviceStore::cases_by_due(const CaseFilter& filter, std::uint32_t limit,
                                                  std::uint32_t offset) const {
  auto query = parts_->db.query(
      "SELECT bytes, (SELECT count(*) FROM finished_visit v WHERE v.case_id = c.id) FROM field_case c "
      "WHERE state <> 6 AND (?1 OR state < 3) "
      "AND NOT EXISTS (SELECT 1 FROM json_each(?2) word WHERE instr(c.folded, word.value) = 0) "
      "ORDER BY due_ms IS NULL, due_ms, key LIMIT ?3 OFFSET ?4");
  query.bind(std::int64_t{filter.include_closed})
      .bind(as_json(filter.words))
      .bind(std::int64_t{limit})
      .bind(std::int64_t{offset});
  std::vector<CaseRecord> records;
  while (query.step()) records.push_back(read_record(query));
  return records;
}

std::vector<CasePin> DeviceStore::case_pins(const CaseFilter& filter) const {
  auto query = parts_->db.query(
      "SELECT row, lat, lon FROM field_case c WHERE state <> 6 AND (?1 OR state < 3) "
      "AND NOT EXISTS (SELECT 1 FROM json_each(?2) word WHERE instr(c.folded, word.value) = 0) ORDER BY key");
  query.bind(std::int64_t{filter.include_closed}).bind(as_json(filter.words));
  std::vector<CasePin> pins;
  while (query.step()) pins.push_back(CasePin{query.integer(0), {query.real(1), query.real(2)}});
  return pins;
}

std::vector<CaseRecord> DeviceStore::cases_at(std::span<const std::int64_t> rows) const {
  std::vector<CaseRecord> records;
  records.reserve(rows.size());
  for (const std::int64_t row : rows) {
    auto query = parts_->db.query(
        "SELECT bytes, (SELECT count(*) FROM finished_visit v WHERE v.case_id = c.id) FROM field_case c "
        "WHERE row = ?");
    query.bind(row);
    if (query.step()) records.push_back(read_record(query));
  }
  return records;
}

}  // namespace terreno
