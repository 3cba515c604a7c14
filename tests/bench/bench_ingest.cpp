// Sync ingestion from socket to durable commit, beside raw prepared inserts of the same bytes into SQLite
// with the same durability and as many requests a commit as the server reached. A request is what a phone
// sends after a visit, the visit and two track chunks (/1), or eight times as much after some hours without
// network
// (/8).
//
// The load runs in this process on the same cores as the server, so the server has what the load leaves.
// Where a request's time goes is told twice: the counters of sync_over_http give the CPU of the load and of
// each kind of the server's threads (network: sockets and HTTP; worker: signature, chain and the judging
// again; writer: SQLite and the commit; after_commit: receipt and changes for the phone), and the step_* rows
// measure the dearest steps alone on one thread.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>

#include "core/forms/form_session.hpp"
#include "core/forms/recheck.hpp"
#include "core/forms/visit_context.hpp"
#include "core/forms/xlsform.hpp"
#include "server/api/phone_routes.hpp"
#include "server/domain/prepare.hpp"
#include "server/storage/storage_world.hpp"
#include "tests/bench/http_load.hpp"
#include "tests/bench/ingest_sample.hpp"
#include "tests/bench/thread_cpu.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace terreno;
using namespace terreno::server;
using namespace terreno::bench;

constexpr std::uint32_t kConnections = 64;
constexpr std::size_t kRequestsAConnection = 60;
constexpr std::size_t kClientThreads = 2;

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// The phone's routes alone behind the real HTTP server.
class PhonesOnly final : public Application {
 public:
  explicit PhonesOnly(PhoneRoutes& routes) : routes_(routes) {}
  std::uint64_t body_limit(std::string_view method, std::string_view path) const override {
    return PhoneRoutes::body_limit(method, path);
  }
  void handle(Request request, Responder respond) override {
    routes_.handle(std::move(request), std::move(respond));
  }
  void refused(RefusedAt, int) override {}
  std::optional<Response> refuse_live(const Request&) override { return Response{404, {}, {}, {}}; }
  void open_live(const Request&, std::shared_ptr<LiveConnection>) override {}

 private:
  PhoneRoutes& routes_;
};

struct Measured {
  double seconds = 0;
  std::map<std::string, double> server_cpu_s;  ///< by the server's threads
  double load_cpu_s = 0;
  double requests_a_commit = 0;
};

std::size_t requests_a_connection(std::size_t visits) { return kRequestsAConnection / visits; }

/// One run of the whole way over loopback, with so many visits a request.
Measured ingest_once(std::size_t visits) {
  tests::TempDir folder;
  SampleServer server(folder.path());
  const SystemClock clock;
  EvidenceFiles files(folder.path() / "evidence");
  PhoneRoutes routes(*server.storage, files, clock, server.forms,
                     [](const CommittedBatch&, const BatchEffects&) {});
  PhonesOnly application(routes);
  HttpOptions options;
  options.port = 0;
  const auto http = start_http_server(options, application);
  std::vector<Script> scripts;
  for (std::uint32_t phone = 0; phone < kConnections; ++phone) {
    scripts.push_back(server.script(phone, requests_a_connection(visits), visits));
  }
  const StorageCounters before = server.storage->counters();
  const std::map<std::string, double> cpu_before = cpu_of_threads("worker");
  const auto began = std::chrono::steady_clock::now();
  std::atomic<double> clients_cpu_s{0};
  std::vector<std::thread> clients;
  for (std::size_t t = 0; t < kClientThreads; ++t) {
    clients.emplace_back([&, t] {
      std::vector<const Script*> own;
      for (std::size_t i = t; i < scripts.size(); i += kClientThreads) own.push_back(&scripts[i]);
      clients_cpu_s += drive(http->port(), own);
    });
  }
  for (std::thread& client : clients) client.join();
  Measured measured;
  measured.seconds = seconds_since(began);
  measured.load_cpu_s = clients_cpu_s;
  for (const auto& [name, cpu_s] : cpu_of_threads("worker")) {
    const double used_s = cpu_s - (cpu_before.contains(name) ? cpu_before.at(name) : 0);
    if (used_s > 0.01 * measured.seconds) measured.server_cpu_s[name] = used_s;
  }
  const StorageCounters after = server.storage->counters();
  measured.requests_a_commit =
      static_cast<double>(after.writes - before.writes) / static_cast<double>(after.commits - before.commits);
  http->stop(1);
  return measured;
}

/// How many requests share a commit, measured once before the baseline needs it.
double requests_a_commit(std::size_t visits) {
  static std::map<std::size_t, double> measured;
  if (!measured.contains(visits)) measured[visits] = ingest_once(visits).requests_a_commit;
  return measured[visits];
}

void check(int code, sqlite3* database) {
  if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database));
}

void raw_prepared_inserts(benchmark::State& state) {
  const auto visits = static_cast<std::size_t>(state.range(0));
  tests::TempDir folder;
  SampleServer server(folder.path());
  const std::vector<SyncRequest> requests = server.requests(0, 960 / visits, visits);
  const auto group = static_cast<std::size_t>(std::max(1.0, requests_a_commit(visits)));
  sqlite3* database = nullptr;
  check(sqlite3_open(folder.file("raw.db").c_str(), &database), database);
  check(sqlite3_exec(
            database,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;"
            "CREATE TABLE entry (device INTEGER, epoch INTEGER, seq INTEGER, kind INTEGER, wall_ms INTEGER,"
            "hash BLOB, payload BLOB)",
            nullptr, nullptr, nullptr),
        database);
  sqlite3_stmt* insert = nullptr;
  check(sqlite3_prepare_v2(database, "INSERT INTO entry VALUES (1, 1, ?1, ?2, ?3, ?4, ?5)", -1, &insert,
                           nullptr),
        database);
  const auto exec = [&](const char* sql) {
    check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), database);
  };
  for (auto _ : state) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (i % group == 0) exec("BEGIN IMMEDIATE");
      for (const JournalEntry& entry : requests[i].entries) {
        sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(entry.seq));
        sqlite3_bind_int(insert, 2, static_cast<int>(entry.kind));
        sqlite3_bind_int64(insert, 3, entry.wall_ms);
        sqlite3_bind_blob(insert, 4, requests[i].base.hash.data(), 32, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 5, entry.payload.data(), static_cast<int>(entry.payload.size()),
                          SQLITE_STATIC);
        check(sqlite3_step(insert), database);
        sqlite3_reset(insert);
      }
      if (i % group == group - 1 || i + 1 == requests.size()) exec("COMMIT");
    }
  }
  sqlite3_finalize(insert);
  sqlite3_close(database);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(requests.size()));
  state.counters["requests_a_commit"] = static_cast<double>(group);
}
BENCHMARK(raw_prepared_inserts)->Arg(1)->Arg(8)->UseRealTime();

void sync_over_http(benchmark::State& state) {
  const auto visits = static_cast<std::size_t>(state.range(0));
  const std::size_t requests = kConnections * requests_a_connection(visits);
  std::map<std::string, double> server_cpu_s;
  double load_cpu_s = 0;
  double a_commit = 0;
  for (auto _ : state) {
    const Measured measured = ingest_once(visits);
    state.SetIterationTime(measured.seconds);
    for (const auto& [name, cpu_s] : measured.server_cpu_s) server_cpu_s[name] += cpu_s;
    load_cpu_s += measured.load_cpu_s;
    a_commit += measured.requests_a_commit;
  }
  const auto runs = static_cast<double>(state.iterations());
  const double all_requests = runs * static_cast<double>(requests);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(requests));
  double server_s = 0;
  for (const auto& [name, cpu_s] : server_cpu_s) {
    state.counters["time_cpu_" + name] = cpu_s / all_requests;
    server_s += cpu_s;
  }
  state.counters["time_server_cpu_a_request"] = server_s / all_requests;
  state.counters["time_load_cpu_a_request"] = load_cpu_s / all_requests;
  state.counters["requests_a_commit"] = a_commit / runs;
}
BENCHMARK(sync_over_http)->Arg(1)->Arg(8)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// --- where it goes: one request's share of each step, on one thread

struct OneRequest {
  tests::TempDir folder;
  SampleServer server{folder.path()};
  SyncRequest request = server.requests(0, 1).front();
  Bytes message = codec::encode(request);
  const Device& device = server.phones.front().device;
  StorageWorld world{*server.storage, server.forms, server.storage->tenant_view(device.tenant_id)};
  const VisitFinished visit = std::get<VisitFinished>(
      codec::decode_body(EntryKind::VisitFinished, 1, request.entries.front().payload).value());
};

OneRequest& one() {
  static OneRequest kOne;
  return kOne;
}

void step_decode_message(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(codec::decode_sync_request(one().message));
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(one().message.size());
}
BENCHMARK(step_decode_message);

void step_hash_and_verify(benchmark::State& state) {
  const SyncRequest& request = one().request;
  for (auto _ : state) {
    const ChainHead head = extend_chain(request.base, request.entries).value();
    if (!verify_head(head, one().device.id, request.head_signature, one().device.public_key)) {
      throw std::runtime_error("the sample's signature does not verify");
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(step_hash_and_verify);

void step_decode_entries(benchmark::State& state) {
  for (auto _ : state) {
    for (const JournalEntry& entry : one().request.entries) {
      const auto body = codec::decode_body(entry.kind, entry.version, entry.payload);
      if (const auto* chunk = std::get_if<TrackChunk>(&*body)) {
        benchmark::DoNotOptimize(geo::unpack_track(chunk->packed));
      }
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(step_decode_entries);

void step_recheck_form(benchmark::State& state) {
  const VisitFinished& visit = one().visit;
  const auto form = one().world.form(visit.form_id, visit.form_version);
  const auto context = forms::visit_context(visit.form_context, one().device.id, one().device.gestor_name);
  std::vector<forms::Answer> answers;
  for (const FormAnswer& answer : visit.answers) answers.push_back({answer.path, answer.value});
  for (auto _ : state) benchmark::DoNotOptimize(forms::recheck(*form, answers, context));
  state.SetItemsProcessed(state.iterations());
  state.counters["answers"] = static_cast<double>(answers.size());
}
BENCHMARK(step_recheck_form);

void step_whole_domain(benchmark::State& state) {
  for (auto _ : state) {
    const auto batch = prepare_batch(one().device, SyncRequest(one().request), one().world, kSampleNow);
    if (!batch->entries.front().marks.empty()) throw std::runtime_error("the sample visit is marked");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(step_whole_domain);

/// Storage alone: prepared batches through the writer, as many at once as the server has connections.
void step_storage(benchmark::State& state) {
  for (auto _ : state) {
    tests::TempDir folder;
    SampleServer server(folder.path());
    std::vector<PreparedBatch> batches;
    for (std::size_t round = 0; round < 20; ++round) {
      for (std::uint32_t phone = 0; phone < kConnections; ++phone) {
        SampleServer::Phone& of = server.phones[phone];
        const StorageWorld world(*server.storage, server.forms,
                                 server.storage->tenant_view(of.device.tenant_id));
        batches.push_back(
            prepare_batch(of.device, std::move(server.requests(phone, 1).front()), world, kSampleNow)
                .value());
      }
    }
    std::atomic<std::size_t> committed{0};
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < batches.size(); ++i) {
      server.storage->apply_batch(std::move(batches[i]), [&](const Result<BatchEffects>& applied) {
        if (!applied) throw applied.error();
        ++committed;
        committed.notify_one();
      });
      while (i + 1 - committed > kConnections) committed.wait(committed);
    }
    while (committed < batches.size()) committed.wait(committed);
    state.SetIterationTime(seconds_since(began));
    state.SetItemsProcessed(static_cast<std::int64_t>(batches.size()));
  }
}
BENCHMARK(step_storage)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
