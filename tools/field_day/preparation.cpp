#include "tools/field_day/preparation.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

extern char** environ;

namespace terreno::field_day {
namespace {

using Words = std::vector<std::string>;

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) throw Error(ErrorCode::Io, "cannot write " + path);
}

std::string read_all(int descriptor) {
  std::string out;
  std::array<char, 4096> piece{};
  for (ssize_t size; (size = ::read(descriptor, piece.data(), piece.size())) > 0;)
    out.append(piece.data(), static_cast<std::size_t>(size));
  return out;
}

/// Runs a program to its end and gives what it printed. Throws Error when it did not end well.
std::string run_program(const Words& words) {
  int ends[2];
  if (::pipe(ends) != 0) throw Error(ErrorCode::Io, "no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  const std::string output = failed == 0 ? read_all(ends[0]) : std::string();
  ::close(ends[0]);
  if (failed != 0) throw Error(ErrorCode::Io, "cannot run " + words.front());
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error(ErrorCode::Conflict, words.front() + " " + words[1] + " failed:\n" + output);
  return output;
}

std::string last_line(const std::string& output) {
  const std::size_t end = output.find_last_not_of(" \r\n");
  if (end == std::string::npos) return {};
  const std::size_t begin = output.find_last_of('\n', end);
  return output.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

void put_into_server(const Options& options, const Company& company) {
  const auto terreno = [&](Words words, const Words& more) {
    words.insert(words.begin(), options.terreno);
    words.insert(words.end(), {"--data", options.data});
    words.insert(words.end(), more.begin(), more.end());
    return run_program(words);
  };
  const std::string interval = std::to_string(options.sync_interval_s);
  terreno({"tenant", "policy"}, {"--sync-interval-s", interval, "--chunk-interval-s", interval});
  std::string codes;
  for (const Gestor& gestor : company.gestores) {
    terreno({"user", "add"}, {"--login", gestor.login, "--name", gestor.name, "--role", "gestor"});
    codes += gestor.login + ',' + last_line(terreno({"enrolment-code"}, {"--login", gestor.login})) + '\n';
  }
  write_file(options.folder + "/codes.csv", codes);
  if (std::filesystem::exists(options.folder + "/town.geojson"))
    terreno({"tenant", "basemap"}, {options.folder + "/town.geojson"});
  std::cout << terreno({"import"}, {options.folder + "/cases.csv"});
}

}  // namespace

void prepare_company(const Options& options, const Company& company, const std::string& base_map) {
  for (const char* part : {"/phones", "/ledgers"}) std::filesystem::create_directories(options.folder + part);
  write_spec(options.folder, options.company);
  if (!base_map.empty()) write_file(options.folder + "/town.geojson", base_map);
  const WallMs midnight = first_midnight(options, SystemClock().wall_ms());
  write_file(options.folder + "/cases.csv",
             cases_csv(company, (midnight + options.utc_offset_minutes * 60'000) / 86'400'000));
  std::string roster = "login,name\n";
  for (const Gestor& gestor : company.gestores) roster += gestor.login + ',' + gestor.name + '\n';
  write_file(options.folder + "/gestores.csv", roster);
  if (!options.terreno.empty()) put_into_server(options, company);
}

std::map<std::string, std::string> read_codes(const std::string& folder) {
  std::map<std::string, std::string> codes;
  std::ifstream file(folder + "/codes.csv");
  for (std::string line; std::getline(file, line);) {
    const std::size_t comma = line.find(',');
    if (comma != std::string::npos) codes[line.substr(0, comma)] = line.substr(comma + 1);
  }
  if (codes.empty()) throw Error(ErrorCode::NotFound, "no enrolment codes in " + folder + "/codes.csv");
  return codes;
}

}  // namespace terreno::field_day
