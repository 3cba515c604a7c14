#include "server/app/hidden_line.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace terreno::server {
namespace {

/// Turns the terminal's echo off while it lives; without a terminal it does nothing.
class Silence {
 public:
  Silence() : terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!terminal_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (!terminal_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << "\n";  // the one that was typed did not show either
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  const bool terminal_;
};

}  // namespace

std::string read_hidden_line() {
  const Silence silence;
  std::string line;
  std::getline(std::cin, line);
  return line;
}

}  // namespace terreno::server
