#include <sqlite3.h>

#include <algorithm>

#include "core/store/device_store_parts.hpp"

// Evidence files: bytes, what names them, and their way to the server.

namespace terreno {
namespace {

enum class OutboxState : std::int64_t { Waiting = 0, Done = 1, SetAside = 2 };

void drop_unnamed_bytes(store::Connection& db) {
  db.query(
        "DELETE FROM evidence_file WHERE sha256 NOT IN (SELECT sha256 FROM draft_evidence) "
        "AND sha256 NOT IN (SELECT sha256 FROM evidence_outbox WHERE state <> 1)")
      .run();
}

struct BlobCloser {
  void operator()(sqlite3_blob* blob) const { sqlite3_blob_close(blob); }
};
using OpenBlob = std::unique_ptr<sqlite3_blob, BlobCloser>;

[[noreturn]] void fail(sqlite3* db, const char* doing) {
  throw Error(ErrorCode::Io,
              std::string("the phone's database failed while ") + doing + ": " + sqlite3_errmsg(db));
}

// A query for a part of a blob would load all of it; this reads only the pages that the part lies on.
OpenBlob open_bytes(sqlite3* db, std::int64_t row) {
  sqlite3_blob* blob = nullptr;
  const int code = sqlite3_blob_open(db, "main", "evidence_file", "bytes", row, 0, &blob);
  OpenBlob open(blob);
  if (code != SQLITE_OK) fail(db, "opening a file's bytes");
  return open;
}

}  // namespace

std::optional<FileToSend> DeviceStore::next_file() const {
  auto query = parts_->db.query(
      "SELECT o.sha256, o.kind, o.question_path, o.media_type, o.size, o.captured_at_ms, o.visit_id, "
      "o.sent_bytes, o.upload_url "
      "FROM evidence_outbox o JOIN finished_visit v ON v.visit_id = o.visit_id JOIN sync_state s "
      "WHERE o.state = 0 AND (v.epoch < s.epoch OR v.seq <= s.confirmed_seq) "
      "ORDER BY o.kind <> ?, o.size, o.sha256 LIMIT 1");
  query.bind(static_cast<std::int64_t>(EvidenceKind::Signature));
  if (!query.step()) return std::nullopt;
  FileToSend next;
  next.file.sha256 = query.array<32>(0);
  next.file.kind = static_cast<EvidenceKind>(query.integer(1));
  next.file.question_path = query.text(2);
  next.file.media_type = query.text(3);
  next.file.size = store::count_at(query, 4);
  next.file.captured_at_ms = query.integer(5);
  next.visit_id = query.uuid(6);
  next.offset = store::count_at(query, 7);
  next.upload_url = query.text(8);
  return next;
}

Result<Bytes> DeviceStore::file_bytes(const Sha256& file, std::uint64_t offset, std::size_t size) const {
  auto query = parts_->db.query("SELECT row FROM evidence_file WHERE sha256 = ?");
  query.bind(ByteView(file));
  if (!query.step()) return Error(ErrorCode::NotFound, "the phone no longer has the bytes of this file");
  const OpenBlob blob = open_bytes(parts_->db.handle(), query.integer(0));
  const auto whole = static_cast<std::uint64_t>(sqlite3_blob_bytes(blob.get()));
  const std::uint64_t from = std::min(offset, whole);
  Bytes part(static_cast<std::size_t>(std::min<std::uint64_t>(size, whole - from)));
  if (!part.empty() && sqlite3_blob_read(blob.get(), part.data(), static_cast<int>(part.size()),
                                         static_cast<int>(from)) != SQLITE_OK) {
    fail(parts_->db.handle(), "reading a file's bytes");
  }
  return part;
}

void DeviceStore::file_progress(const Sha256& file, std::uint64_t offset, std::string_view upload_url) {
  parts_->db.query("UPDATE evidence_outbox SET sent_bytes = ?, upload_url = ? WHERE sha256 = ? AND state = 0")
      .bind_bits(offset)
      .bind(upload_url)
      .bind(ByteView(file))
      .run();
}

void DeviceStore::file_done(const Sha256& file) {
  Transaction transaction(*this);
  parts_->db
      .query("UPDATE evidence_outbox SET state = ?, sent_bytes = size, upload_url = '' WHERE sha256 = ?")
      .bind(static_cast<std::int64_t>(OutboxState::Done))
      .bind(ByteView(file))
      .run();
  drop_unnamed_bytes(parts_->db);
  transaction.commit();
}

void DeviceStore::file_set_aside(const Sha256& file, ErrorCode why) {
  parts_->db.query("UPDATE evidence_outbox SET state = ?, refused_code = ? WHERE sha256 = ? AND state = 0")
      .bind(static_cast<std::int64_t>(OutboxState::SetAside))
      .bind(static_cast<std::int64_t>(why))
      .bind(ByteView(file))
      .run();
}

void DeviceStore::keep_evidence(const Uuid& visit_id, const Sha256& file, ByteView bytes) {
  Transaction transaction(*this);
  parts_->db.query("INSERT INTO evidence_file (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .bind(ByteView(file))
      .bind(bytes)
      .run();
  parts_->db.query("INSERT INTO draft_evidence (visit_id, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .bind(visit_id)
      .bind(ByteView(file))
      .run();
  transaction.commit();
}

void DeviceStore::retain_evidence(const Uuid& visit_id, std::span<const EvidenceRef> named) {
  Transaction transaction(*this);
  parts_->db.query("DELETE FROM draft_evidence WHERE visit_id = ?").bind(visit_id).run();
  for (const EvidenceRef& file : named) {
    parts_->db.query("INSERT INTO draft_evidence (visit_id, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(visit_id)
        .bind(ByteView(file.sha256))
        .run();
  }
  drop_unnamed_bytes(parts_->db);
  transaction.commit();
}

void DeviceStore::queue_evidence(const VisitFinished& visit) {
  for (const EvidenceRef& file : visit.evidence) {
    // The same bytes named by two visits travel once; the server ties them to both entries by their hash.
    // What was set aside for the first may be taken for the second.
    parts_->db
        .query(
            "INSERT INTO evidence_outbox (sha256, visit_id, kind, question_path, media_type, size, "
            "captured_at_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (sha256) DO UPDATE SET "
            "visit_id = excluded.visit_id, kind = excluded.kind, question_path = excluded.question_path, "
            "media_type = excluded.media_type, captured_at_ms = excluded.captured_at_ms, state = 0, "
            "sent_bytes = 0, upload_url = '', refused_code = NULL WHERE state = 2")
        .bind(ByteView(file.sha256))
        .bind(visit.visit_id)
        .bind(static_cast<std::int64_t>(file.kind))
        .bind(file.question_path)
        .bind(file.media_type)
        .bind_bits(file.size)
        .bind(file.captured_at_ms)
        .run();
  }
}

PendingCounts DeviceStore::pending_counts() const {
  PendingCounts counts;
  auto entries = parts_->db.query(
      "SELECT count(*), coalesce(sum(kind <> ?), 0), coalesce(sum(kind = ?), 0) FROM journal j "
      "JOIN sync_state s ON j.epoch = s.epoch AND j.seq > s.confirmed_seq");
  entries.bind(static_cast<std::int64_t>(EntryKind::TrackChunk))
      .bind(static_cast<std::int64_t>(EntryKind::VisitFinished));
  entries.step();
  counts.entries = store::count_at(entries, 0);
  counts.urgent_entries = store::count_at(entries, 1);
  counts.visits = store::count_at(entries, 2);
  auto files = parts_->db.query(
      "SELECT coalesce(sum(state = 0), 0), coalesce(sum(CASE WHEN state = 0 THEN size - sent_bytes END), 0), "
      "coalesce(sum(state = 2), 0) FROM evidence_outbox");
  files.step();
  counts.files = store::count_at(files, 0);
  counts.file_bytes = store::count_at(files, 1);
  counts.files_set_aside = store::count_at(files, 2);
  return counts;
}

}  // namespace terreno
