#include "server/storage/sqlite/entries.hpp"

#include <sqlite3.h>

#include <algorithm>

#include "core/model/case_state.hpp"
#include "server/storage/sqlite/sample_runs.hpp"

namespace terreno::server::sqlite {
namespace {

std::int64_t insert_entry(BatchContext& context, const PreparedEntry& prepared) {
  const JournalEntry& entry = prepared.entry;
  context.connection
      .query(
          "INSERT INTO journal_entry (device_key, epoch, seq, kind, version, wall_ms, mono_ms, boot_id, "
          "received_at_ms, hash, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
      .bind(context.device_key, entry.epoch, entry.seq, static_cast<int>(entry.kind),
            static_cast<int>(entry.version), entry.wall_ms, entry.mono_ms, entry.boot_id,
            context.batch.received_at_ms, prepared.hash, Borrowed{entry.payload})
      .run();
  return context.connection.database().getLastInsertRowid();
}

void put_aside(BatchContext& context, std::int64_t entry_key, std::uint64_t seq, ErrorCode code) {
  context.connection.query("INSERT INTO quarantine (entry_key, tenant_key, code) VALUES (?1, ?2, ?3)")
      .bind(entry_key, context.tenant_key, static_cast<int>(code))
      .run();
  context.effects.quarantined.push_back({seq, code});
}

/// Writes what one entry says. One object an entry.
class EntryWriter {
 public:
  EntryWriter(BatchContext& context, const PreparedEntry& prepared, std::int64_t entry_key)
      : context_(context), prepared_(prepared), entry_key_(entry_key) {}

  void operator()(const ShiftStarted& shift) {
    query(
        "UPDATE gestor_state SET shift_id = ?2, shift_started_at_ms = ?3, shift_ended_at_ms = NULL "
        "WHERE user_key = ?1")
        .bind(context_.user_key, shift.shift_id, shift.at_ms)
        .run();
    context_.effects.shift_changed = true;
  }

  void operator()(const ShiftEnded& shift) {
    query("UPDATE gestor_state SET shift_ended_at_ms = ?3 WHERE user_key = ?1 AND shift_id = ?2")
        .bind(context_.user_key, shift.shift_id, shift.at_ms)
        .run();
    context_.effects.shift_changed = true;
  }

  void operator()(const TrackChunk& chunk) {
    // The range that the phone gives mixes two clocks; the samples themselves say where they lie.
    index_runs("track_chunk", chunk.shift_id, times_of(prepared_.fixes, &Fix::captured_at_ms));
    index_runs("battery_chunk", chunk.shift_id, times_of(prepared_.battery, &BatterySample::at_ms));
  }

  void operator()(const VisitFinished& visit) {
    if (!insert_visit(visit)) return;
    insert_marks();
    insert_differences();
    for (const EvidenceRef& evidence : visit.evidence) insert_evidence(evidence);
    follow_case(visit);
    context_.effects.new_visits.push_back(visit.visit_id);
  }

  void operator()(const VisitCancelled& visit) {
    query(
        "INSERT INTO cancelled_visit (entry_key, tenant_key, id, case_id, user_key, cancelled_at_ms, "
        "received_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING")
        .bind(entry_key_, context_.tenant_key, visit.visit_id, visit.case_id, context_.user_key,
              visit.cancelled_at_ms, context_.batch.received_at_ms)
        .run();
  }

 private:
  Query query(std::string_view sql) { return context_.connection.query(sql); }

  template <typename Sample>
  static std::vector<WallMs> times_of(const std::vector<Sample>& samples, WallMs Sample::*time) {
    std::vector<WallMs> times;
    times.reserve(samples.size());
    for (const Sample& sample : samples) times.push_back(sample.*time);
    return times;
  }

  void index_runs(const std::string& table, const Uuid& shift_id, std::vector<WallMs> times_ms) {
    for (const SampleRun& run : runs_of(std::move(times_ms))) {
      query("INSERT INTO " + table +
            " (user_key, from_ms, to_ms, shift_id, entry_key) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO "
            "NOTHING")
          .bind(context_.user_key, run.from_ms, run.to_ms, shift_id, entry_key_)
          .run();
    }
  }

  /// False when the visit is held already: a phone that opened a new epoch sends again what it was not sure
  /// of.
  bool insert_visit(const VisitFinished& visit) {
    const LocationVerdict& verdict = prepared_.server_verdict;
    const int added =
        query(
            "INSERT INTO visit (entry_key, tenant_key, id, case_id, user_key, outcome, finished_at_ms, "
            "received_at_ms, server_answer, server_reason, server_probability, server_distance_m, "
            "server_accuracy_m, server_bearing_deg, server_lat, server_lon) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) "
            "ON CONFLICT (tenant_key, id) DO NOTHING")
            .bind(entry_key_, context_.tenant_key, visit.visit_id, visit.case_id, context_.user_key,
                  visit.outcome.code, visit.finished_at_ms, context_.batch.received_at_ms,
                  static_cast<int>(verdict.answer), static_cast<int>(verdict.reason), verdict.probability,
                  verdict.distance_m, verdict.accuracy_m, verdict.bearing_deg, verdict.position.lat,
                  verdict.position.lon)
            .run();
    if (added > 0) {
      count_form(visit);
      return true;
    }
    const bool same = query(
                          "SELECT 1 FROM visit JOIN journal_entry USING (entry_key) "
                          "WHERE tenant_key = ?1 AND id = ?2 AND payload = ?3")
                          .bind(context_.tenant_key, visit.visit_id, Borrowed{prepared_.entry.payload})
                          .step();
    if (!same) put_aside(context_, entry_key_, prepared_.entry.seq, ErrorCode::Conflict);
    return false;
  }

  void count_form(const VisitFinished& visit) {
    const auto form = count_visit_form(context_.connection, context_.tenant_key, visit);
    if (!form) return;
    query("UPDATE visit SET visit_form_key = ?2 WHERE entry_key = ?1").bind(entry_key_, *form).run();
  }

  void insert_marks() {
    int position = 0;
    for (const Mark& mark : prepared_.marks) {
      query("INSERT INTO visit_mark (entry_key, position, code, detail) VALUES (?1, ?2, ?3, ?4)")
          .bind(entry_key_, position++, mark.code, mark.detail)
          .run();
    }
  }

  void insert_differences() {
    int position = 0;
    for (const AnswerDifference& one : prepared_.differences) {
      query(
          "INSERT INTO visit_difference (entry_key, position, code, path, submitted, expected) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
          .bind(entry_key_, position++, one.code, one.path, one.submitted, one.expected)
          .run();
    }
  }

  void insert_evidence(const EvidenceRef& evidence) {
    query(
        "INSERT INTO evidence (tenant_key, sha256, kind, question_path, media_type, size, captured_at_ms, "
        "state, received_bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0) ON CONFLICT DO NOTHING")
        .bind(context_.tenant_key, evidence.sha256, static_cast<int>(evidence.kind), evidence.question_path,
              evidence.media_type, evidence.size, evidence.captured_at_ms)
        .run();
  }

  void follow_case(const VisitFinished& visit) {
    Query held = query("SELECT case_key, state, user_key FROM field_case WHERE tenant_key = ?1 AND id = ?2");
    if (!held.bind(context_.tenant_key, visit.case_id).step()) return;
    const std::int64_t case_key = held.integer(0);
    const auto before = static_cast<CaseState>(held.integer(1));
    const CaseState after =
        prepared_.case_becomes ? case_state_after(before, *prepared_.case_becomes) : before;
    // Where the outcome's effect is known, the phone came to the same state by itself.
    if (after == before && prepared_.case_becomes) {
      query(
          "UPDATE field_case SET last_visit_at_ms = max(ifnull(last_visit_at_ms, ?2), ?2) WHERE case_key = "
          "?1")
          .bind(case_key, visit.finished_at_ms)
          .run();
      return;
    }
    const auto gestor = held.maybe_integer(2);
    // A case without a gestor is on nobody's phone; its change still takes a revision of its own.
    const std::int64_t revision =
        gestor ? announce(context_.connection, {context_.tenant_key, *gestor, FeedKind::Case, case_key})
               : next_revision(context_.connection, context_.tenant_key);
    query(
        "UPDATE field_case SET last_visit_at_ms = max(ifnull(last_visit_at_ms, ?2), ?2), state = ?3, "
        "revision = ?4, updated_at_ms = ?5 WHERE case_key = ?1")
        .bind(case_key, visit.finished_at_ms, static_cast<int>(after), revision,
              context_.batch.received_at_ms)
        .run();
    context_.effects.changed_cases.push_back(visit.case_id);
  }

  BatchContext& context_;
  const PreparedEntry& prepared_;
  const std::int64_t entry_key_;
};

/// The newest of what a batch brings. A phone whose clock runs ahead counts as of the time it was heard.
template <typename Sample>
struct Newest {
  std::optional<Sample> sample;
  WallMs rank_ms = 0;

  void offer(const Sample& candidate, WallMs at_ms, WallMs heard_ms) {
    const WallMs rank = std::min(at_ms, heard_ms);
    if (sample && rank < rank_ms) return;
    sample = candidate;
    rank_ms = rank;
  }

  void keep_if_after(const std::optional<std::int64_t>& held_rank_ms) {
    if (held_rank_ms && rank_ms <= *held_rank_ms) sample.reset();
  }
};

void offer_samples(const PreparedEntry& prepared, WallMs heard_ms, Newest<Fix>& fix,
                   Newest<BatterySample>& battery) {
  for (const Fix& candidate : prepared.fixes) fix.offer(candidate, candidate.captured_at_ms, heard_ms);
  for (const BatterySample& candidate : prepared.battery) battery.offer(candidate, candidate.at_ms, heard_ms);
  if (!prepared.body) return;
  if (const auto* visit = std::get_if<VisitFinished>(&*prepared.body)) {
    for (const Fix& candidate : visit->arrival_fixes)
      fix.offer(candidate, candidate.captured_at_ms, heard_ms);
  }
}

/// What of the gestor's row a batch moves; what it does not move stays.
struct StateMove {
  Newest<Fix> fix;
  Newest<BatterySample> battery;
};

/// One statement for all of it: nearly every batch moves position and battery.
void write_state(BatchContext& context, const StateMove& move) {
  const Fix fix = move.fix.sample.value_or(Fix{});
  const BatterySample battery = move.battery.sample.value_or(BatterySample{});
  context.connection
      .query(
          "UPDATE gestor_state SET last_sync_at_ms = max(ifnull(last_sync_at_ms, ?2), ?2), "
          "fix_rank_ms = iif(?3, ?4, fix_rank_ms), fix_at_ms = iif(?3, ?5, fix_at_ms), "
          "fix_mono_ms = iif(?3, ?6, fix_mono_ms), fix_lat = iif(?3, ?7, fix_lat), "
          "fix_lon = iif(?3, ?8, fix_lon), fix_accuracy_m = iif(?3, ?9, fix_accuracy_m), "
          "fix_speed_mps = iif(?3, ?10, fix_speed_mps), fix_bearing_deg = iif(?3, ?11, fix_bearing_deg), "
          "fix_altitude_m = iif(?3, ?12, fix_altitude_m), fix_mock = iif(?3, ?13, fix_mock), "
          "battery_rank_ms = iif(?14, ?15, battery_rank_ms), battery_at_ms = iif(?14, ?16, battery_at_ms), "
          "battery_percent = iif(?14, ?17, battery_percent), "
          "battery_charging = iif(?14, ?18, battery_charging) WHERE user_key = ?1")
      .bind(context.user_key, context.batch.received_at_ms, move.fix.sample.has_value(), move.fix.rank_ms,
            fix.captured_at_ms, fix.mono_ms, fix.point.lat, fix.point.lon, fix.accuracy_m, fix.speed_mps,
            fix.bearing_deg, fix.altitude_m, fix.mock, move.battery.sample.has_value(), move.battery.rank_ms,
            battery.at_ms, static_cast<int>(battery.percent), battery.charging)
      .run();
  context.effects.position = move.fix.sample;
  context.effects.battery = move.battery.sample;
}

}  // namespace

void write_entry(BatchContext& context, const PreparedEntry& prepared) {
  const std::int64_t entry_key = insert_entry(context, prepared);
  if (!prepared.body) {
    put_aside(context, entry_key, prepared.entry.seq, prepared.quarantine_code.value_or(ErrorCode::Internal));
    return;
  }
  try {
    std::visit(EntryWriter(context, prepared, entry_key), *prepared.body);
  } catch (const SQLite::Exception& thrown) {
    // What a table refuses would be refused for ever: it must not hold up what follows.
    if (thrown.getErrorCode() != SQLITE_CONSTRAINT) throw;
    put_aside(context, entry_key, prepared.entry.seq, ErrorCode::InvalidArgument);
  }
}

void write_gestor_state(BatchContext& context) {
  const WallMs heard_ms = context.batch.received_at_ms;
  StateMove move;
  for (const PreparedEntry& prepared : context.batch.entries) {
    offer_samples(prepared, heard_ms, move.fix, move.battery);
  }
  {
    Query held =
        context.connection.query("SELECT fix_rank_ms, battery_rank_ms FROM gestor_state WHERE user_key = ?1");
    if (!held.bind(context.user_key).step()) return;
    move.fix.keep_if_after(held.maybe_integer(0));
    move.battery.keep_if_after(held.maybe_integer(1));
  }
  write_state(context, move);
}

}  // namespace terreno::server::sqlite
