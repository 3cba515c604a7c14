#include "tests/e2e/autosave/typed_state.hpp"

namespace terreno::tests {
namespace {

constexpr int kCases = 3;
constexpr std::size_t kMaxNeighbours = 6;
constexpr std::size_t kLongestText = 14;

bool chance(std::mt19937& random, unsigned one_in) { return random() % one_in == 0; }

std::string one_more_letter(const std::string& text, std::mt19937& random) {
  static const std::array<std::string, 8> kLetters = {"a", "e", "n", "ñ", "é", "r", "-", "o"};
  return text.size() >= kLongestText ? "" : text + kLetters[random() % kLetters.size()];
}

std::string one_more_digit(const std::string& text, std::mt19937& random) {
  return text.size() >= 7 ? "" : text + static_cast<char>('1' + random() % 9);
}

std::string next_value(Field field, const std::string& present, std::mt19937& random) {
  static const std::array<const char*, 4> kOutcomes = {"promise", "refuses", "paid_part", "nobody_in"};
  switch (field) {
    case Field::Outcome:
      return kOutcomes[random() % kOutcomes.size()];
    case Field::Amount:
    case Field::Paid:
      return one_more_digit(present, random);
    case Field::Date:
      return "2026-03-" + std::to_string(10 + random() % 20);
    default:
      return one_more_letter(present, random);
  }
}

Deed typing(const TypedVisit& visit, Deed deed, std::mt19937& random) {
  deed.kind = Deed::Kind::Type;
  do {
    deed.field = static_cast<std::uint8_t>(random() % kFieldPaths.size());
  } while (!visit.shows(static_cast<Field>(deed.field)));
  deed.set_value(next_value(static_cast<Field>(deed.field), visit.fields[deed.field], random));
  return deed;
}

Deed about_neighbours(const TypedVisit& visit, Deed deed, std::mt19937& random) {
  const bool none = visit.neighbours.empty();
  if (none || (visit.neighbours.size() < kMaxNeighbours && chance(random, 4))) {
    deed.kind = Deed::Kind::AddNeighbour;
    return deed;
  }
  const std::size_t index = random() % visit.neighbours.size();
  deed.instance = static_cast<std::uint8_t>(index + 1);
  if (chance(random, 6)) {
    deed.kind = Deed::Kind::RemoveNeighbour;
    return deed;
  }
  deed.kind = Deed::Kind::TypeNeighbour;
  deed.set_value(one_more_letter(visit.neighbours[index], random));
  return deed;
}

}  // namespace

bool TypedVisit::shows(Field field) const {
  const std::string& outcome = fields[static_cast<std::size_t>(Field::Outcome)];
  if (field == Field::Outcome) return true;
  return field <= Field::Means ? outcome == "promise" : outcome == "paid_part";
}

std::map<std::string, std::string> TypedVisit::shown() const {
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (shows(static_cast<Field>(i))) out[kFieldPaths[i]] = fields[i];
  }
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    const std::string path = "neighbours[" + std::to_string(i + 1) + "]";
    out[path] = "";
    out[path + "/name"] = neighbours[i];
  }
  return out;
}

void TypedState::apply(const Deed& deed) {
  TypedVisit& visit = visits[deed.case_number];
  const std::size_t at = deed.instance == 0 ? 0 : deed.instance - 1U;
  switch (deed.kind) {
    case Deed::Kind::Arrive:
      break;
    case Deed::Kind::Begin:
      visit.answering = true;
      break;
    case Deed::Kind::Type:
      visit.fields.at(deed.field) = deed.value.data();
      break;
    case Deed::Kind::AddNeighbour:
      visit.neighbours.emplace_back();
      break;
    case Deed::Kind::TypeNeighbour:
      visit.neighbours.at(at) = deed.value.data();
      break;
    case Deed::Kind::RemoveNeighbour:
      visit.neighbours.erase(visit.neighbours.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case Deed::Kind::Finish:
      last_finished = visit;
      ++finished;
      visits.erase(deed.case_number);
      break;
    case Deed::Kind::Cancel:
      visits.erase(deed.case_number);
      break;
  }
}

Deed next_deed(const TypedState& state, std::mt19937& random) {
  Deed deed;
  deed.case_number = static_cast<std::uint8_t>(1 + random() % kCases);
  const auto found = state.visits.find(deed.case_number);
  if (found == state.visits.end()) return deed;
  const TypedVisit& visit = found->second;
  if (!visit.answering) {
    deed.kind = Deed::Kind::Begin;
    return deed;
  }
  if (visit.fields[0] == "refuses" && chance(random, 12)) {
    deed.kind = Deed::Kind::Finish;
    return deed;
  }
  if (chance(random, 150)) {
    deed.kind = Deed::Kind::Cancel;
    return deed;
  }
  return chance(random, 3) ? about_neighbours(visit, deed, random) : typing(visit, deed, random);
}

}  // namespace terreno::tests
