#include "tests/conformance/isolated.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <exception>
#include <stdexcept>

namespace terreno::test {
namespace {

[[noreturn]] void answer_and_leave(int to_parent, const std::function<std::string()>& work,
                                   unsigned seconds) {
  const rlimit limit{seconds, seconds + 1};
  setrlimit(RLIMIT_CPU, &limit);
  std::string answer;
  try {
    answer = work();
  } catch (const std::exception& error) {
    answer = std::string("threw: ") + error.what();
  }
  for (std::size_t sent = 0; sent < answer.size();) {
    const ssize_t now = write(to_parent, answer.data() + sent, answer.size() - sent);
    if (now <= 0) _exit(2);
    sent += static_cast<std::size_t>(now);
  }
  _exit(0);
}

std::string told(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU || signal == SIGKILL) return "took too long";
    return "crashed with signal " + std::to_string(signal);
  }
  return WEXITSTATUS(status) == 0 ? "" : "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::string isolated(const std::function<std::string()>& work, unsigned seconds) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    close(ends[0]);
    answer_and_leave(ends[1], work, seconds);
  }
  close(ends[1]);
  std::string answer;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = read(ends[0], piece.data(), piece.size())) > 0;)
    answer.append(piece.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const std::string ending = told(status);
  return ending.empty() ? answer : ending;
}

}  // namespace terreno::test
