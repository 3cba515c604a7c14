#include "server/api/phone_routes.hpp"

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "server/api/call.hpp"
#include "server/domain/enrolment.hpp"
#include "server/domain/prepare.hpp"
#include "server/storage/storage_world.hpp"

namespace terreno::server {
namespace {

constexpr std::string_view kEnrolPath = "/v1/enrol";
constexpr std::string_view kSyncPath = "/v1/sync";
constexpr std::uint64_t kMaxEnrolBytes = 4 * 1024;
constexpr std::uint64_t kMaxSyncBytes = 1024 * 1024;
constexpr std::int64_t kEnrolmentWindowMs = 15 * 60'000;
constexpr std::size_t kTokenBytes = 32;
constexpr int kRetryAfterS = 5;

bool is_files_path(std::string_view path) {
  return path == kFilesPath || (path.starts_with(kFilesPath) && path[kFilesPath.size()] == '/');
}

Response binary_response(const Bytes& message) {
  Response response;
  response.headers.emplace_back("Content-Type", "application/octet-stream");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body.assign(as_text(message));
  return response;
}

Response phone_error(const Error& error) {
  Response response = error_response(error);
  if (response.status == 503 || response.status == 507) {
    response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterS));
  }
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response too_many(std::int64_t wait_ms) {
  Response response = error_response(ErrorCode::TooManyRequests, "too many wrong codes: try again later");
  response.headers.emplace_back("Retry-After", std::to_string(wait_ms / 1000 + 1));
  return response;
}

}  // namespace

/// A sync between its commit and its answer.
struct PhoneRoutes::Sync {
  std::shared_ptr<const Device> device;
  std::uint64_t cursor = 0;
  std::uint32_t phone_epoch = 0;
  WallMs received_at_ms = 0;
  Responder respond;
};

PhoneRoutes::PhoneRoutes(Storage& storage, EvidenceFiles& files, const Clock& clock, FormCache& forms,
                         Committed committed, const PhoneOptions& options)
    : storage_(storage),
      clock_(clock),
      real_clock_(options.real_clock != nullptr ? *options.real_clock : clock),
      forms_(forms),
      committed_(std::move(committed)),
      options_(options),
      server_key_(storage.server_key()),
      files_(storage, files),
      failed_by_remote_(options.failed_enrolments_per_remote, kEnrolmentWindowMs),
      failed_by_code_(options.failed_enrolments_per_code, kEnrolmentWindowMs) {}

PhoneRoutes::~PhoneRoutes() {
  std::unique_lock lock(waiting_mutex_);
  none_waits_.wait(lock, [this] { return waiting_ == 0; });
}

bool PhoneRoutes::handles(std::string_view path) {
  return path == kEnrolPath || path == kSyncPath || is_files_path(path);
}

std::uint64_t PhoneRoutes::body_limit(std::string_view method, std::string_view path) {
  if (method == "POST" && path == kSyncPath) return kMaxSyncBytes;
  if (method == "POST" && path == kEnrolPath) return kMaxEnrolBytes;
  if (method == "PATCH" && is_files_path(path)) return kMaxPieceBytes;
  return 0;
}

void PhoneRoutes::handle(Request request, Responder respond) {
  try {
    if (is_files_path(request.path)) return respond(files_.handle(request, tenant_of_files(request)));
    if (request.method != "POST") {
      Response refused = error_response(ErrorCode::MethodNotAllowed, "this address takes POST");
      refused.headers.emplace_back("Allow", "POST");
      return respond(std::move(refused));
    }
    if (request.path == kSyncPath) return sync(request, respond);
    respond(enrol(request));
  } catch (const Error& error) {
    respond(phone_error(error));
  }
}

namespace {

/// Throws Unauthenticated.
Sha256 credential_of(const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view credential = request.header("authorization");
  if (!credential.starts_with(kScheme)) throw Error(ErrorCode::Unauthenticated, "no credential was given");
  return token_hash(credential.substr(kScheme.size()));
}

/// Throws Unauthenticated, also when the phone was taken out of service. `Found` points to a Device or holds
/// nothing.
template <typename Found>
Found in_service(Found device) {
  if (!device) throw Error(ErrorCode::Unauthenticated, "the credential is unknown");
  if (device->revoked) throw Error(ErrorCode::Unauthenticated, "the phone was taken out of service");
  return device;
}

}  // namespace

Uuid PhoneRoutes::tenant_of_files(const Request& request) {
  return in_service(storage_.find_device(credential_of(request)))->tenant_id;
}

// --- enrolment

std::optional<Response> PhoneRoutes::refuse_enrolment(const Request& request, std::string_view code_key) {
  const MonoMs now_ms = real_clock_.mono_ms();
  if (const auto wait_ms = failed_by_remote_.wait_ms(request.remote, now_ms)) return too_many(*wait_ms);
  if (const auto wait_ms = failed_by_code_.wait_ms(code_key, now_ms)) return too_many(*wait_ms);
  return std::nullopt;
}

Response PhoneRoutes::enrol(const Request& request) {
  const auto message = codec::decode_enrol_request(request.body);
  if (!message) return phone_error(message.error());
  const Sha256 code_hash = enrolment_code_hash(message->code);
  const std::string_view code_key = as_text(code_hash);
  if (auto refused = refuse_enrolment(request, code_key)) return std::move(*refused);

  Device device;
  device.id = make_uuid_v7(clock_);
  device.public_key = message->public_key;
  device.platform = message->platform;
  device.name = message->device_name;
  device.app_version = message->app_version;
  device.head.epoch = 1;
  const std::string token = random_token(kTokenBytes);
  const auto enrolled = storage_.enrol_device(code_hash, token_hash(token), device, real_clock_.wall_ms());
  if (!enrolled) {
    failed_by_remote_.count(request.remote, real_clock_.mono_ms());
    failed_by_code_.count(code_key, real_clock_.mono_ms());
    return phone_error(enrolled.error());
  }
  EnrolResponse answer;
  answer.device_id = enrolled->id;
  answer.token = token;
  answer.server_key = server_key_.public_key;
  answer.epoch = enrolled->head.epoch;
  answer.gestor_id = enrolled->gestor_id;
  answer.gestor_name = enrolled->gestor_name;
  answer.policy = storage_.tenant_view(enrolled->tenant_id)->policy;
  answer.server_time_ms = clock_.wall_ms();
  return binary_response(codec::encode(answer));
}

// --- sync

void PhoneRoutes::sync(const Request& request, const Responder& respond) {
  const auto pending = std::make_shared<Sync>();
  pending->device = in_service(storage_.syncing_device(credential_of(request)));
  auto message = codec::decode_sync_request(request.body);
  if (!message) throw message.error();
  pending->cursor = message->cursor;
  pending->phone_epoch = message->base.epoch;
  pending->received_at_ms = clock_.wall_ms();
  const StorageWorld world(storage_, forms_, storage_.tenant_view(pending->device->tenant_id));
  auto batch = prepare_batch(*pending->device, std::move(*message), world, pending->received_at_ms);
  if (!batch) throw batch.error();
  pending->respond = respond;
  {
    const std::lock_guard lock(waiting_mutex_);
    ++waiting_;
  }
  storage_.apply_batch(std::move(*batch), [this, pending](const Result<BatchEffects>& applied) {
    finish_sync(*pending, applied);
    const std::lock_guard lock(waiting_mutex_);
    if (--waiting_ == 0) none_waits_.notify_all();
  });
}

void PhoneRoutes::finish_sync(const Sync& sync, const Result<BatchEffects>& applied) {
  const Device& device = *sync.device;
  Response response;
  try {
    if (applied) {
      committed_({device.tenant_id, device.gestor_id, device.id, sync.received_at_ms}, *applied);
      response = sync_answer(sync, *applied, std::nullopt);
    } else if (applied.error().code == ErrorCode::ChainFork) {
      BatchEffects none;
      none.head.epoch = storage_.open_epoch(device.tenant_id, device.id, sync.phone_epoch);
      response = sync_answer(sync, none, none.head.epoch);
    } else {
      response = phone_error(applied.error());
    }
  } catch (const Error& error) {
    response = phone_error(error);
  } catch (const std::exception& unforeseen) {
    response = phone_error(Error(ErrorCode::Internal, unforeseen.what()));
  }
  sync.respond(std::move(response));
}

Response PhoneRoutes::sync_answer(const Sync& sync, const BatchEffects& effects,
                                  std::optional<std::uint32_t> new_epoch) {
  const Device& device = *sync.device;
  ChangePage page =
      storage_.changes_after(device.tenant_id, device.gestor_id, sync.cursor, options_.max_changes_bytes);
  SyncResponse answer;
  answer.receipt.head = effects.head;
  answer.receipt.server_time_ms = clock_.wall_ms();
  answer.receipt.signature = sign_receipt(answer.receipt, device.id, server_key_.secret_key);
  answer.quarantined = effects.quarantined;
  answer.changes = std::move(page.changes);
  answer.cursor = page.cursor;
  answer.more = page.more;
  answer.new_epoch = new_epoch;
  return binary_response(codec::encode(answer));
}

}  // namespace terreno::server
