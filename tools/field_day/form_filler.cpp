#include "tools/field_day/form_filler.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string_view>

#include "tools/field_day/people.hpp"

namespace terreno::field_day {
namespace {

using forms::QuestionView;

constexpr int kMostSteps = 400;  ///< of one form: a loop in it must not hang the phone

bool asks_something(const QuestionView& question) {
  return !question.is_group && !question.is_repeat && !question.read_only && question.type != "note" &&
         question.type != "group" && question.type != "repeat";
}

bool mentions(const std::string& path, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return path.find(word) != std::string::npos; });
}

/// Numbers that somebody would put there, the likeliest first; a constraint picks the one that it allows.
std::vector<int> plausible_numbers(const std::string& path, town::Dice& dice) {
  std::vector<int> numbers;
  if (mentions(path, {"amount", "income", "sales", "balance", "expense", "purchase", "cost", "rent", "stock",
                      "debt", "monto", "ingreso", "venta", "gasto", "inventario", "renta", "instal"}))
    numbers.push_back(dice.integer(4, 60) * 250);
  if (mentions(path, {"margin", "margen", "percent"})) numbers.push_back(dice.integer(18, 40));
  if (mentions(path, {"year", "since", "anio", "antig"})) numbers.push_back(dice.integer(1, 18));
  numbers.push_back(dice.integer(1, 5));
  for (const int fallback : {2, 1, 10, 30, 0, 100, 1'000, 5'000, 12'000, 2'020}) numbers.push_back(fallback);
  return numbers;
}

}  // namespace

FormFiller::FormFiller(FieldCore& core, const Uuid& visit_id, const Intent& intent, town::Dice& dice,
                       std::function<std::string(int)> day)
    : core_(core), visit_id_(visit_id), intent_(intent), dice_(dice), day_(std::move(day)) {}

Result<bool> FormFiller::fill(const Camera& camera, const Thinking& thinking) {
  auto opened = core_.form(visit_id_);
  if (!opened) return opened.error();
  view_ = std::move(*opened);
  std::set<std::string> seen;
  for (int step = 0; step < kMostSteps; ++step) {
    const auto next =
        std::find_if(view_.questions.begin(), view_.questions.end(), [&](const QuestionView& question) {
          return asks_something(question) && question.value.empty() && !seen.contains(question.path);
        });
    if (next == view_.questions.end()) {
      if (view_.problems.empty()) return true;
      for (const auto& problem : view_.problems) complaint_ += problem.path + ": " + problem.message + "; ";
      return false;
    }
    const QuestionView question = *next;  // the view is another after the answer
    seen.insert(question.path);
    const bool meant = intent_.values.contains(question.path) || intent_.days.contains(question.path);
    if (!question.required && !meant && !dice_.chance(intent_.thoroughness)) continue;
    thinking(dice_.lognormal(question.type == "text" ? 12 : 5, 0.4));
    if (!answer(question, camera) && question.required)
      complaint_ += question.path + " (" + question.type + ") took no answer; ";
  }
  return false;
}

bool FormFiller::offer(const QuestionView& question, const std::string& value) {
  if (value.empty()) return false;
  auto answered = core_.answer(visit_id_, question.path, value);
  if (answered) view_ = std::move(*answered);
  return answered.ok();
}

bool FormFiller::answer(const QuestionView& question, const Camera& camera) {
  const std::string& type = question.type;
  if (type == "image" || type == "file" || type == "audio" || type == "video")
    return take_picture(question, camera);
  if (const auto meant = intent_.values.find(question.path); meant != intent_.values.end()) {
    if (offer(question, meant->second)) return true;
  }
  if (const auto day = intent_.days.find(question.path); day != intent_.days.end()) {
    if (offer(question, day_text(day->second, type == "dateTime"))) return true;
  }
  if (type == "select_one" || type == "select_multiple" || type == "rank" || type == "trigger" ||
      type == "acknowledge")
    return offer(question, choice_for(question));
  if (type == "integer" || type == "decimal" || type == "int" || type == "range")
    return offer_number(question);
  if (type == "date" || type == "dateTime") return offer_day(question);
  if (type == "time") return offer(question, "10:30:00.000");
  if (type == "geopoint") {
    char text[96];
    std::snprintf(text, sizeof text, "%.6f %.6f 0 %.1f", intent_.here.lat, intent_.here.lon,
                  intent_.accuracy_m);
    return offer(question, text);
  }
  return offer(question, text_for(question));
}

bool FormFiller::take_picture(const QuestionView& question, const Camera& camera) {
  const Picture picture = camera(question);
  const auto kept =
      core_.attach_evidence(visit_id_, {picture.kind, question.path, picture.media_type, picture.bytes});
  if (!kept) return false;
  files_.push_back(kept->sha256);
  view_ = core_.form(visit_id_).value();
  return true;
}

std::string FormFiller::choice_for(const QuestionView& question) {
  if (question.choices.empty())
    return question.type == "trigger" || question.type == "acknowledge" ? "OK" : "";
  // People take what stands near the head of the list.
  const auto pick = [&] {
    const double share = dice_.uniform();
    const auto index = static_cast<std::size_t>(share * share * static_cast<double>(question.choices.size()));
    return question.choices[index].value;
  };
  if (question.type == "rank") {
    std::string all;
    for (const auto& choice : question.choices) all += (all.empty() ? "" : " ") + choice.value;
    return all;
  }
  std::string chosen = pick();
  if (question.type == "select_multiple" && dice_.chance(0.4)) {
    const std::string second = pick();
    if (second != chosen && second != "none" && chosen != "none") chosen += ' ' + second;
  }
  return chosen;
}

std::string FormFiller::text_for(const QuestionView& question) {
  if (mentions(question.path, {"phone", "telefono"})) return phone_number(dice_);
  if (mentions(question.path, {"employer", "empleador"})) return employer(dice_);
  if (mentions(question.path, {"occupation", "ocupacion"})) return occupation(dice_);
  if (mentions(question.path, {"business", "giro", "negocio"})) return business_name(dice_);
  if (mentions(question.path, {"name", "nombre", "who", "neighbo", "vecin"})) return person_name(dice_);
  if (mentions(question.path, {"receipt", "folio", "recibo"}))
    return std::string("F").append(std::to_string(dice_.integer(10'000, 99'999)));
  static const std::vector<std::string> remarks = {"Sin novedad.",
                                                   "Pide que se le llame por la tarde.",
                                                   "Atiende con amabilidad.",
                                                   "Hay perro en el patio.",
                                                   "Regresa del trabajo después de las seis.",
                                                   "La calle está en obras, entrar por la esquina."};
  return dice_.pick(remarks);
}

bool FormFiller::offer_number(const QuestionView& question) {
  for (const auto& [name, value] : question.parameters)
    if (name == "start" && offer(question, value)) return true;
  for (const int number : plausible_numbers(question.path, dice_))
    if (offer(question, std::to_string(number))) return true;
  return false;
}

bool FormFiller::offer_day(const QuestionView& question) {
  const bool with_time = question.type == "dateTime";
  for (const int days : {dice_.integer(1, 9), 3, 0, -30, -400})
    if (offer(question, day_text(days, with_time))) return true;
  return false;
}

std::string FormFiller::day_text(int days_from_now, bool with_time) const {
  return day_(days_from_now) + (with_time ? "T10:30:00.000" : "");
}

}  // namespace terreno::field_day
