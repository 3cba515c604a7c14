#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <future>

#include "server/storage/sqlite/after_commit.hpp"
#include "server/storage/sqlite/kept_copies.hpp"
#include "server/storage/sqlite/migrations.hpp"
#include "server/storage/sqlite/reader_pool.hpp"
#include "server/storage/sqlite/tables.hpp"
#include "server/storage/sqlite/writer.hpp"

namespace terreno::server {
namespace {

using sqlite::Connection;

/// A hash of a secret is as good as random in every part.
struct FirstBytes {
  std::size_t operator()(const Sha256& hash) const noexcept {
    std::size_t first = 0;
    std::memcpy(&first, hash.data(), sizeof first);
    return first;
  }
};

/// What became of entries since the start. Counted once their commit is durable.
struct EntryTally {
  std::mutex mutex;
  EntryCounts entries;
  std::uint64_t forks = 0;

  void add(const Result<BatchEffects>& result) {
    const std::lock_guard lock(mutex);
    if (!result) {
      forks += result.error().code == ErrorCode::ChainFork ? 1 : 0;
      return;
    }
    for (std::size_t kind = 0; kind < entries.of.size(); ++kind) {
      for (std::size_t outcome = 0; outcome < kEntryOutcomes; ++outcome) {
        entries.of[kind][outcome] += result->entries.of[kind][outcome];
      }
    }
  }
};

constexpr std::size_t kMostViews = 4096;
constexpr std::size_t kMostDevices = 16'384;  // some 10 MB

class SqliteStorage final : public Storage {
  // First: the verbs' return types are deduced from it.
  template <typename Work>
  auto read(Work&& work) {
    return readers_.read(std::forward<Work>(work));
  }
  template <typename Work>
  auto ask(Work&& work) {
    return readers_.ask(std::forward<Work>(work));
  }

 public:
  explicit SqliteStorage(const SqliteOptions& options) : SqliteStorage(options, opened(options)) {}

  void add_tenant(const Tenant& tenant) override {
    write([&](Connection& c) { sqlite::add_tenant(c, tenant); });
  }
  std::optional<Tenant> find_tenant(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::find_tenant(c, tenant_id); });
  }
  std::vector<Tenant> tenants() override {
    return read([](Connection& c) { return sqlite::tenants(c); });
  }
  std::shared_ptr<const TenantView> tenant_view(const Uuid& tenant_id) override {
    return views_.find(
        tenant_id, [&] { return read([&](Connection& c) { return sqlite::load_view(c, tenant_id); }); },
        [](const TenantView&) { return true; });
  }
  void set_policy(const Uuid& tenant_id, const TenantPolicy& policy) override {
    write([&](Connection& c) { sqlite::set_policy(c, tenant_id, policy); });
    views_.forget_all();
  }
  void set_outcomes(const Uuid& tenant_id, const OutcomeCatalogue& catalogue) override {
    write([&](Connection& c) { sqlite::set_outcomes(c, tenant_id, catalogue); });
    views_.forget_all();
  }
  OutcomeCatalogue outcomes(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::outcomes(c, tenant_id); });
  }

  Result<void> add_user(const User& user) override {
    return write([&](Connection& c) { return sqlite::add_user(c, user); });
  }
  std::optional<User> find_user_by_login(std::string_view login) override {
    return read([&](Connection& c) { return sqlite::find_user_by_login(c, login); });
  }
  std::optional<User> find_user(const Uuid& tenant_id, const Uuid& user_id) override {
    return read([&](Connection& c) { return sqlite::find_user(c, tenant_id, user_id); });
  }
  std::vector<User> users(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::users(c, tenant_id); });
  }
  void set_user_active(const Uuid& tenant_id, const Uuid& user_id, bool active) override {
    write([&](Connection& c) { sqlite::set_user_active(c, tenant_id, user_id, active); });
    devices_.forget_all();
  }
  void set_password(const Uuid& tenant_id, const Uuid& user_id, const std::string& password_hash) override {
    write([&](Connection& c) { sqlite::set_password(c, tenant_id, user_id, password_hash); });
  }

  void add_session(const Session& session) override {
    write([&](Connection& c) { sqlite::add_session(c, session); });
  }
  std::optional<Session> find_session(const Sha256& token_hash) override {
    return ask([&](Connection& c) { return sqlite::find_session(c, token_hash); });
  }
  void touch_session(const Sha256& token_hash, WallMs used_at_ms) override {
    write([&](Connection& c) { sqlite::touch_session(c, token_hash, used_at_ms); });
  }
  void remove_session(const Sha256& token_hash) override {
    write([&](Connection& c) { sqlite::remove_session(c, token_hash); });
  }
  void add_enrolment_code(const EnrolmentCode& code) override {
    write([&](Connection& c) { sqlite::add_enrolment_code(c, code); });
  }
  Result<Device> enrol_device(const Sha256& code_hash, const Sha256& token_hash, const Device& device,
                              WallMs now_ms) override {
    return write(
        [&](Connection& c) { return sqlite::enrol_device(c, code_hash, token_hash, device, now_ms); });
  }
  std::optional<Device> find_device(const Sha256& token_hash) override {
    return ask([&](Connection& c) { return sqlite::find_device(c, token_hash); });
  }
  std::shared_ptr<const Device> syncing_device(const Sha256& token_hash) override {
    return devices_.find(
        token_hash,
        [&]() -> std::shared_ptr<const Device> {
          auto device = find_device(token_hash);
          return device ? std::make_shared<const Device>(std::move(*device)) : nullptr;
        },
        [](const Device& device) { return !device.revoked; });
  }

  Result<void> add_form(const Uuid& tenant_id, const FormVersion& form,
                        const FormAddition& addition) override {
    return write([&](Connection& c) { return sqlite::add_form(c, tenant_id, form, addition); });
  }
  Result<void> apply_form(const Uuid& tenant_id, std::string_view form_id,
                          std::string_view version) override {
    return write([&](Connection& c) { return sqlite::apply_form(c, tenant_id, form_id, version); });
  }
  std::vector<FormRecord> forms(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::forms(c, tenant_id); });
  }
  std::optional<FormSource> form_source(const Uuid& tenant_id, std::string_view form_id,
                                        std::string_view version) override {
    return read([&](Connection& c) { return sqlite::form_source(c, tenant_id, form_id, version); });
  }
  FormUses form_uses(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::form_uses(c, tenant_id); });
  }
  Result<std::uint32_t> set_form_use(const Uuid& tenant_id, FormUse use, std::string_view form_id,
                                     WallMs now_ms) override {
    return write([&](Connection& c) { return sqlite::set_form_use(c, tenant_id, use, form_id, now_ms); });
  }
  std::set<std::string, std::less<>> form_ids(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::form_ids(c, tenant_id); });
  }
  std::optional<FormVersion> find_form(const Uuid& tenant_id, std::string_view form_id,
                                       std::string_view version) override {
    return ask([&](Connection& c) { return sqlite::find_form(c, tenant_id, form_id, version); });
  }
  ImportCounts import_cases(const Uuid& tenant_id, const std::vector<CaseImport>& cases,
                            WallMs now_ms) override {
    return write([&](Connection& c) { return sqlite::import_cases(c, tenant_id, cases, now_ms); });
  }
  std::optional<CaseRecord> find_case(const Uuid& tenant_id, const Uuid& case_id) override {
    return ask([&](Connection& c) { return sqlite::find_case(c, tenant_id, case_id); });
  }
  CasePage cases(const Uuid& tenant_id, const CaseFilter& filter) override {
    return read([&](Connection& c) { return sqlite::cases(c, tenant_id, filter); });
  }
  Result<void> assign_case(const Uuid& tenant_id, const Uuid& case_id, const Uuid& gestor_id,
                           WallMs now_ms) override {
    return write(
        [&](Connection& c) { return sqlite::assign_case(c, tenant_id, case_id, gestor_id, now_ms); });
  }
  bool had_case(const Uuid& tenant_id, const Uuid& gestor_id, const Uuid& case_id) override {
    return ask([&](Connection& c) { return sqlite::had_case(c, tenant_id, gestor_id, case_id); });
  }

  void apply_batch(PreparedBatch batch, std::function<void(Result<BatchEffects>)> done) override;
  std::uint32_t open_epoch(const Uuid& tenant_id, const Uuid& device_id, std::uint32_t phone_epoch) override {
    return write([&](Connection& c) { return sqlite::open_epoch(c, tenant_id, device_id, phone_epoch); });
  }
  ChangePage changes_after(const Uuid& tenant_id, const Uuid& gestor_id, std::uint64_t cursor,
                           std::size_t max_bytes) override {
    return read(
        [&](Connection& c) { return sqlite::changes_after(c, tenant_id, gestor_id, cursor, max_bytes); });
  }

  std::optional<EvidenceRecord> find_evidence(const Uuid& tenant_id, const Sha256& sha256) override {
    return read([&](Connection& c) { return sqlite::find_evidence(c, tenant_id, sha256); });
  }
  void set_evidence_progress(const Uuid& tenant_id, const Sha256& sha256, EvidenceState state,
                             std::uint64_t received_bytes) override {
    write([&](Connection& c) { sqlite::set_evidence_progress(c, tenant_id, sha256, state, received_bytes); });
  }
  std::vector<EvidenceRecord> evidence_of_visit(const Uuid& tenant_id, const Uuid& visit_id) override {
    return read([&](Connection& c) { return sqlite::evidence_of_visit(c, tenant_id, visit_id); });
  }

  std::vector<GestorStatus> gestores(const Uuid& tenant_id, const Period& today) override {
    return read([&](Connection& c) { return sqlite::gestores(c, tenant_id, today); });
  }
  std::vector<Fix> track(const Uuid& tenant_id, const Uuid& gestor_id, const Period& period) override {
    return read([&](Connection& c) { return sqlite::track(c, tenant_id, gestor_id, period); });
  }
  std::map<Uuid, TrackStamp> track_stamps(const Uuid& tenant_id, const Period& period) override {
    return read([&](Connection& c) { return sqlite::track_stamps(c, tenant_id, period); });
  }
  std::vector<BatterySample> battery(const Uuid& tenant_id, const Uuid& gestor_id,
                                     const Period& period) override {
    return read([&](Connection& c) { return sqlite::battery(c, tenant_id, gestor_id, period); });
  }
  std::vector<VisitRecord> visits(const Uuid& tenant_id, const VisitFilter& filter) override {
    return read([&](Connection& c) { return sqlite::visits(c, tenant_id, filter); });
  }
  std::optional<VisitRecord> find_visit(const Uuid& tenant_id, const Uuid& visit_id) override {
    return read([&](Connection& c) { return sqlite::find_visit(c, tenant_id, visit_id); });
  }
  AnsweredPage answered_visits(const Uuid& tenant_id, const AnsweredFilter& filter,
                               const AnsweredCursor& after) override {
    return read([&](Connection& c) { return sqlite::answered_visits(c, tenant_id, filter, after); });
  }
  std::vector<CancelledVisitRecord> cancelled_visits(const Uuid& tenant_id,
                                                     const VisitFilter& filter) override {
    return read([&](Connection& c) { return sqlite::cancelled_visits(c, tenant_id, filter); });
  }
  std::uint64_t quarantined_count(const Uuid& tenant_id) override {
    return read([&](Connection& c) { return sqlite::quarantined_count(c, tenant_id); });
  }
  std::vector<QuarantinedEntry> quarantined(const Uuid& tenant_id, std::uint32_t limit,
                                            std::uint32_t offset) override {
    return read([&](Connection& c) { return sqlite::quarantined(c, tenant_id, limit, offset); });
  }

  KeyPair server_key() override { return server_key_; }
  StorageCounters counters() const override {
    StorageCounters counters = writer_.counters();
    const std::lock_guard lock(tally_->mutex);
    counters.entries = tally_->entries;
    counters.forks = tally_->forks;
    return counters;
  }
  FleetCounts fleet(WallMs now_ms) override {
    return read([&](Connection& c) { return sqlite::fleet(c, now_ms); });
  }
  void probe() override;

 private:
  // The readers' connections open after the writer's has brought the schema up to date.
  SqliteStorage(const SqliteOptions& options, std::unique_ptr<Connection> connection)
      : readers_(options.path, options.readers),
        after_commit_(options.answer_threads),
        writer_(std::move(connection), options.max_queued, [this] { after_commit_.wake(); }),
        server_key_(write([](Connection& c) { return sqlite::load_or_make_server_key(c); })) {}

  /// Opens the writer's connection and brings the schema up to date.
  static std::unique_ptr<Connection> opened(const SqliteOptions& options);

  /// Runs `work(Connection&)` on the writer's thread and returns what it returned, once that is durable.
  template <typename Work>
  auto write(Work work) -> decltype(work(std::declval<Connection&>()));

  const std::shared_ptr<EntryTally> tally_ = std::make_shared<EntryTally>();
  sqlite::KeptCopies<Uuid, TenantView> views_{std::chrono::seconds(5), kMostViews};
  // A phone's key and owner never change, and apply_batch() looks whether it was revoked.
  sqlite::KeptCopies<Sha256, Device, FirstBytes> devices_{std::chrono::hours(1), kMostDevices};
  sqlite::ReaderPool readers_;
  sqlite::AfterCommit after_commit_;  ///< after the readers: what it tells at its end may still read
  sqlite::Writer writer_;
  const KeyPair server_key_;
};

std::unique_ptr<Connection> SqliteStorage::opened(const SqliteOptions& options) {
  // The file holds people's data and the server's key: only its owner may read it.
  const int file = ::open(options.path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) throw Error(ErrorCode::Io, "cannot open the database file " + options.path);
  ::close(file);
  try {
    auto connection = std::make_unique<Connection>(options.path, Connection::Use::Write, options.max_bytes);
    sqlite::migrate(*connection);
    return connection;
  } catch (const SQLite::Exception& thrown) {
    throw sqlite::to_error(thrown);
  }
}

template <typename Work>
auto SqliteStorage::write(Work work) -> decltype(work(std::declval<Connection&>())) {
  using Returned = decltype(work(std::declval<Connection&>()));
  // The caller waits below, so all of this outlives the writer's use of it.
  std::conditional_t<std::is_void_v<Returned>, std::monostate, std::optional<Returned>> returned;
  // But this: the writer may still be leaving set_value() when the caller is gone.
  const auto promise = std::make_shared<std::promise<void>>();
  sqlite::Writer::Job job;
  job.run = [&](Connection& connection) -> sqlite::Writer::Committed {
    if constexpr (std::is_void_v<Returned>) {
      work(connection);
    } else {
      returned.emplace(work(connection));
    }
    return [promise] { promise->set_value(); };
  };
  job.failed = [promise](const Error& error) { promise->set_exception(std::make_exception_ptr(error)); };
  writer_.submit(std::move(job)).value();
  promise->get_future().get();
  if constexpr (!std::is_void_v<Returned>) return std::move(*returned);
}

void SqliteStorage::apply_batch(PreparedBatch batch, std::function<void(Result<BatchEffects>)> done) {
  struct Pending {
    PreparedBatch batch;
    std::function<void(Result<BatchEffects>)> done;
    Result<BatchEffects> result;
  };
  const auto pending =
      std::make_shared<Pending>(Pending{std::move(batch), std::move(done), Error(ErrorCode::Internal, {})});
  sqlite::Writer::Job job;
  job.run = [this, pending](Connection& connection) -> sqlite::Writer::Committed {
    pending->result = sqlite::apply_batch(connection, pending->batch);
    return [this, pending] {
      tally_->add(pending->result);
      after_commit_.add([pending] { pending->done(std::move(pending->result)); });
    };
  };
  job.failed = [this, pending](const Error& error) {
    after_commit_.add([pending, error] { pending->done(error); });
  };
  if (const auto taken = writer_.submit(std::move(job)); !taken) pending->done(taken.error());
}

void SqliteStorage::probe() {
  read([](Connection& c) { return sqlite::tenants(c).size(); });
  write([](Connection& c) {
    c.query("INSERT INTO probe (id, count) VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1").run();
  });
}

}  // namespace

std::unique_ptr<Storage> open_sqlite_storage(const SqliteOptions& options) {
  return std::make_unique<SqliteStorage>(options);
}

}  // namespace terreno::server
