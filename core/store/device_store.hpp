#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/model/wire.hpp"
#include "core/store/device_records.hpp"

namespace terreno {

class Journal;

/// The phone's one database: everything that must survive the death of the process lives here, in words of
/// the field. SQLite in WAL with synchronous FULL, so that what a call has committed also survives the
/// death of the phone.
///
/// Every verb that writes is atomic by itself, or joins the Transaction that the caller holds. A failing disk
/// throws Error Io, a full one DiskFull; nothing of the call has then happened. One thread at a time.
class DeviceStore {
 public:
  /// Opens or creates the file and brings it to this version's schema. DatabaseMismatch, with the file
  /// untouched, when it belongs to a newer version or to another program; Io.
  explicit DeviceStore(const std::string& path);
  ~DeviceStore();
  DeviceStore(const DeviceStore&) = delete;
  DeviceStore& operator=(const DeviceStore&) = delete;

  /// Groups verbs into one commit. Undone when destroyed without commit(). One inside another joins it; when
  /// the inner one is undone, the outer can no longer commit (Internal).
  class Transaction {
   public:
    explicit Transaction(DeviceStore& store);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

   private:
    DeviceStore& store_;
    bool open_ = true;
  };

  // --- identity and what the tenant decides

  std::optional<Identity> identity() const;
  /// The key pair of an enrolment that is under way; empty before keep_enrolment_key().
  std::optional<KeyPair> enrolment_key() const;
  void keep_enrolment_key(const KeyPair& keys);
  /// Ends enrolment: identity, policy and the first epoch of the journal. AlreadyEnrolled (thrown).
  void enrol(const EnrolResponse& response);
  /// A further enrolment of the same phone: a new credential and policy; journal and cases stay. Throws
  /// AlreadyEnrolled when the answer is for another device, gestor or server.
  void renew_credential(const EnrolResponse& response);
  /// The defaults of TenantPolicy before enrolment.
  TenantPolicy policy() const;
  std::vector<OutcomeDefinition> outcomes() const;
  std::optional<OutcomeDefinition> find_outcome(Purpose purpose, std::string_view code) const;
  /// The version that new visits use.
  std::optional<FormVersion> current_form(std::string_view form_id) const;
  std::optional<FormVersion> find_form(std::string_view form_id, std::string_view version) const;

  // --- journal and sync. A new epoch is opened by Journal::start_epoch(), which hashes anew.

  /// The last entry appended in the current epoch; epoch 0 before enrolment.
  ChainHead chain_head() const;
  /// The last entry that the server has confirmed in the current epoch.
  ChainHead confirmed_head() const;
  /// Entries of the current epoch that follow `seq`, in order: at most `max_count`, and at most `max_bytes`
  /// of payload except that the first is always given.
  std::vector<JournalEntry> entries_after(std::uint64_t seq, std::size_t max_bytes,
                                          std::size_t max_count) const;
  /// Takes a receipt whose signature the caller has verified; files of quarantined visits are set aside.
  /// ChainFork when it names an epoch, seq or hash that is not ours; an older one than is held changes
  /// nothing.
  Result<void> confirm(const Receipt& receipt, std::span<const Quarantined> quarantined);
  /// Seqs of the current epoch that the server keeps but could not apply, ascending.
  std::vector<std::uint64_t> quarantined() const;

  /// The last change applied; 0 before the first.
  std::uint64_t cursor() const;
  /// Applies in order, all or none, and remembers `cursor`. A case takes the server's state and what
  /// visits that it has not confirmed make of it. A case taken away leaves its open visit alone. Form
  /// versions that open visits use are kept beside the newest.
  void apply_changes(std::span<const Change> changes, std::uint64_t cursor);
  std::optional<WallMs> last_success_at_ms() const;
  void note_success(WallMs at_ms);
  PendingCounts pending_counts() const;

  // --- evidence files

  /// The next file to send: only of visits whose entry the server has confirmed; signatures first, then the
  /// smallest.
  std::optional<FileToSend> next_file() const;
  /// Bytes [offset, offset + size) cut at the file's end. NotFound when the phone has no such bytes (any
  /// more).
  Result<Bytes> file_bytes(const Sha256& file, std::uint64_t offset, std::size_t size) const;
  /// The server holds the first `offset` bytes; an upload that was begun goes on at `upload_url`.
  void file_progress(const Sha256& file, std::uint64_t offset, std::string_view upload_url = {});
  /// The server holds the file: its bytes are dropped here.
  void file_done(const Sha256& file);
  /// The server will never take the file: it stays on the phone, is counted, and no longer offered.
  void file_set_aside(const Sha256& file, ErrorCode why);

  // --- cases

  std::optional<Case> find_case(const Uuid& case_id) const;
  /// By due date (those without last), then by key.
  std::vector<CaseRecord> cases_by_due(const CaseFilter& filter, std::uint32_t limit,
                                       std::uint32_t offset) const;
  std::vector<CasePin> case_pins(const CaseFilter& filter) const;
  /// In the order of `rows`.
  std::vector<CaseRecord> cases_at(std::span<const std::int64_t> rows) const;

  // --- shift and track

  std::optional<ShiftRecord> open_shift() const;
  void begin_shift(const Uuid& shift_id, WallMs at_ms);
  /// Also forgets the tail and the recent fixes.
  void close_shift(const Uuid& shift_id, WallMs at_ms);
  void add_fixes(const Uuid& shift_id, std::span<const Fix> fixes, std::uint64_t boot_id);
  void add_battery(const BatterySample& sample);
  std::optional<std::uint8_t> last_battery_percent() const;
  /// Samples that are not sealed yet.
  TailSize tail_size() const;
  TrackTail read_tail() const;
  /// Marks the tail as sealed. The newest `keep_recent` fixes stay readable by recent_fixes().
  void clear_tail(std::size_t keep_recent);
  /// The last `max_count` fixes of this boot, oldest first, sealed or not.
  std::vector<Fix> recent_fixes(std::uint64_t boot_id, std::size_t max_count) const;

  // --- visits

  void save_draft(const VisitDraft& draft);
  std::optional<VisitDraft> find_draft(const Uuid& visit_id) const;
  std::optional<Uuid> draft_of_case(const Uuid& case_id) const;
  /// Oldest arrival first.
  std::vector<VisitDraft> drafts() const;
  /// In the order in which they were first given.
  std::vector<FormAnswer> draft_answers(const Uuid& visit_id) const;
  void save_answer(const Uuid& visit_id, const FormAnswer& answer);
  void replace_answers(const Uuid& visit_id, std::span<const FormAnswer> answers);
  /// Keeps the bytes of a file that the draft names; the same bytes twice are kept once.
  void keep_evidence(const Uuid& visit_id, const Sha256& file, ByteView bytes);
  /// Forgets the bytes of files that the draft no longer names.
  void retain_evidence(const Uuid& visit_id, std::span<const EvidenceRef> named);
  /// Turns the draft into a finished visit: projection, file outbox, the case's state by case_state_after();
  /// `seq` is its journal entry.
  void finish_draft(const VisitFinished& visit, CaseState becomes, std::uint64_t seq);
  /// Deletes the draft with its answers and the files that nothing else names.
  void drop_draft(const Uuid& visit_id);
  /// Newest first.
  std::vector<FinishedVisitRecord> finished_visits(std::uint32_t limit) const;
  std::optional<FinishedVisitRecord> find_finished_visit(const Uuid& visit_id) const;

 private:
  friend class Journal;  // the only writer of the journal's table
  void append_entry(const JournalEntry& entry, const Sha256& hash);
  /// Forgets the unconfirmed entries of the current epoch, whose successors the caller appends, and makes
  /// `epoch` the current one.
  void open_epoch(std::uint32_t epoch);
  /// The finished visit whose entry stood at `from` has it at `to`; the hashes do not matter.
  void move_visit(const ChainHead& from, const ChainHead& to);

  void queue_evidence(const VisitFinished& visit);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace terreno
