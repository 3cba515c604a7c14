#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tools/field_day/labels.hpp"
#include "tools/field_day/life.hpp"
#include "tools/field_day/options.hpp"
#include "tools/field_day/traces.hpp"

namespace terreno::field_day {

/// The ground on which a company works: the invented town, or the days of real people.
struct Ground {
  std::unique_ptr<town::Town> town;
  std::vector<TraceDay> traces;
  Company company;
};

/// The same spec gives the same ground. Throws NotFound when the real movements are absent.
Ground build_ground(const CompanySpec& spec, int start_minute, int end_minute);

/// All phones of this process, each with a thread of its own.
class Team {
 public:
  Team(const Options& options, const Ground& ground, Pace& pace);

  /// Lives until the pace is stopped, or until `until_visits` are finished; prints one line on how it goes.
  /// Returns the program's exit code.
  int run();

 private:
  void start_all();
  void live(const Gestor& gestor, const std::string& code);
  void drain(Life& life);
  std::unique_ptr<Life> life_of(const Gestor& gestor);
  void watch();
  std::string status() const;
  int report() const;

  const Options& options_;
  const Ground& ground_;
  Pace& pace_;
  DaySettings settings_;
  Tally tally_;
  Labels labels_;
  std::map<std::string, std::string> codes_;
  std::vector<std::thread> threads_;
  std::atomic<int> living_ = 0;
};

}  // namespace terreno::field_day
