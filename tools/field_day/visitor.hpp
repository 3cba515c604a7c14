#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tools/field_day/company.hpp"
#include "tools/field_day/form_filler.hpp"
#include "tools/field_day/labels.hpp"
#include "tools/field_day/ledger.hpp"
#include "tools/field_day/sim_phone.hpp"
#include "tools/field_day/visit_script.hpp"

namespace terreno::field_day {

/// How a gestor does one visit with the phone in hand, from the door to the confirmation.
class Visitor {
 public:
  struct World {
    const Company& company;
    Tally& tally;
    Labels& labels;
    std::int32_t utc_offset_minutes;
  };

  Visitor(const Gestor& gestor, const World& world, SimPhone& phone, const std::string& ledger_path);

  /// How long somebody waits at the door for the gate to open.
  struct Patience {
    double first_s = 30;
    double between_s = 30;
    int attempts = 5;
  };
  void set_patience(const Patience& patience) { patience_ = patience; }
  /// Visits end within this time, whatever the script says; for those who must go on.
  void set_longest_visit(double seconds) { longest_visit_s_ = seconds; }

  /// Called while the phone says that the gate does not open yet; may move the gestor.
  using Nearer = std::function<void(const LocationVerdict&)>;
  /// Arrives, waits for the gate, fills the form, finishes. False when the visit could not be made.
  bool visit(const Errand& errand, const Nearer& nearer);
  /// Ends what an earlier process or boot left open.
  void finish_open_visits();
  void on_photo(std::function<void()> what) { on_photo_ = std::move(what); }
  /// The phone dies now and then in the middle of a visit: the share of visits in which it does.
  void set_fragility(double share) { fragility_ = share; }

 private:
  bool wait_for_gate(const Uuid& visit_id, const Nearer& nearer);
  void give_up(const Uuid& visit_id, const std::string& reason, bool by_gate);
  bool fill_and_finish(const Uuid& visit_id, const Errand& errand);
  Outcome outcome_of(const Uuid& visit_id, const Errand& errand, const VisitScript& script);
  bool finish(const Uuid& visit_id, const Errand& errand, Outcome outcome, std::vector<Sha256> files);
  Picture photograph(const forms::QuestionView& question, const Errand& errand);
  std::string local_day_text(int days_from_today) const;
  double local_hour() const;
  bool is_saturday() const;

  const Gestor& gestor_;
  World world_;
  SimPhone& phone_;
  Ledger ledger_;
  town::Dice dice_;
  std::function<void()> on_photo_ = [] {};
  double fragility_ = 0;
  Patience patience_;
  double longest_visit_s_ = 3'600;
};

}  // namespace terreno::field_day
