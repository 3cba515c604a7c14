#include "core/base/clock.hpp"

#include <chrono>
#include <ctime>
#include <fstream>

namespace terreno {
namespace {

std::uint64_t kernel_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  // Where the kernel tells none (iOS), the process start serves: a new process then counts as a new boot,
  // which only makes fewer pairs of monotonic times comparable.
  if (!std::getline(file, text)) {
    text = std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::int64_t steady_ms() {
#ifdef __linux__
  // Linux and Android stop the steady clock while the machine sleeps, as a phone in a pocket does between two
  // fixes; this one goes on. Apple's steady clock does so by itself.
  timespec now{};
  if (clock_gettime(CLOCK_BOOTTIME, &now) == 0) {
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  }
#endif
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

SystemClock::SystemClock() : boot_id_(kernel_boot_id()) {}
WallMs SystemClock::wall_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

MonoMs SystemClock::mono_ms() const { return steady_ms(); }

}  // namespace terreno
