#pragma once

#include <optional>
#include <set>

#include "core/store/device_store.hpp"
#include "core/sync/exchange.hpp"

namespace terreno {

/// Sends evidence files by tus 1.0, one piece at a time, going on where the server says it stands. Holds no
/// state that a restart would miss: what arrived is asked of the server again.
class FileUpload {
 public:
  static constexpr std::size_t kSmallestPiece = 16 * 1024;
  static constexpr std::size_t kLargestPiece = 512 * 1024;

  explicit FileUpload(DeviceStore& store) : store_(store) {}

  /// The next request for the next file; nothing when none waits. The caller adds the credential.
  std::optional<HttpRequest> next_request();
  enum class Step { GoOn, TryLater };
  /// Takes any answer below 500 that is not about the credential.
  Step on_response(const HttpResponse& response);
  /// A smaller piece costs less when the line is cut again.
  void on_failure();

 private:
  HttpRequest create_request() const;
  HttpRequest probe_request() const;
  HttpRequest piece_request(const Bytes& piece) const;
  Step on_created(const HttpResponse& response);
  Step on_probed(const HttpResponse& response);
  Step on_piece(const HttpResponse& response);
  /// Records what the server holds; ends the file when that is all of it.
  Step advance(std::uint64_t offset);
  Step start_over();
  Step give_up(ErrorCode why);

  enum class Asked { Create, Probe, Piece };

  DeviceStore& store_;
  std::optional<FileToSend> current_;
  Asked asked_ = Asked::Create;
  std::set<Sha256> probed_;  ///< files whose offset the server has told this process
  std::size_t piece_bytes_ = 128 * 1024;
  int mismatches_ = 0;  ///< times the server found another hash in what arrived of `current_`
};

}  // namespace terreno
