#include "server/api/metrics_text.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace terreno::server {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all_pages = 0;
  std::uint64_t resident_pages = 0;
  file >> all_pages >> resident_pages;
  return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t open_descriptors() {
  std::error_code failed;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator entry("/proc/self/fd", failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) ++count;
  return count;
}

}  // namespace

std::string metric_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_line(std::string& out, std::string_view name, std::string_view labels, const std::string& value) {
  out.append(name).append("{").append(labels).append("} ").append(value).append("\n");
}

void append_single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   std::uint64_t value) {
  append_head(out, name, type, help);
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void append_process(std::string& out) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  append_head(out, "process_cpu_seconds_total", "counter", "Processor time, the kernel's for us included.");
  const double cpu_s = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  out.append("process_cpu_seconds_total ").append(metric_number(cpu_s)).append("\n");
  append_single(out, "process_resident_memory_bytes", "gauge", "Memory held.", resident_bytes());
  append_single(out, "process_open_fds", "gauge", "Open descriptors, connections among them.",
                open_descriptors());
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  append_single(out, "process_max_fds", "gauge", "Descriptors that may be open.", limit.rlim_cur);
}

}  // namespace terreno::server
