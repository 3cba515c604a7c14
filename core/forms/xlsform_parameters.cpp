// The column parameters: "start=0 end=10", by the type of the question.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"
#include "core/forms/xpath_value.hpp"

namespace terreno::forms {
namespace {

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size() && !text.empty();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<long> whole_number_in(const std::string& text) {
  long value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional(value)
                                                                         : std::nullopt;
}

/// Whether `value` is a multiple of `step`, as decimals are written.
bool is_multiple(double value, double step) {
  const double quotient = value / step;
  return std::fabs(quotient - std::round(quotient)) < 1e-9;
}

class Parameters {
 public:
  Parameters(const HeadedRow& row, FormItem& item, XlsForm& form)
      : item_(item), form_(form), place_{"survey", row.row, row.heading({"parameters"})} {}

  void apply() {
    const std::string_view type = item_.type.name;
    if (type == "audit") return audit();
    if (type == "range") return range();
    if (type == "text") return text();
    if (type == "image") return image();
    if (type == "audio" || type == "background-audio") return audio(type == "background-audio");
    if (type == "geopoint" || type == "geotrace" || type == "geoshape") return geometry(type == "geopoint");
    if (type == "start-geopoint") return add_action("odk:setgeopoint", "odk-instance-first-load");
    if (type.starts_with("select") || type == "rank") select();
  }

 private:
  const std::string* get(const char* name) const {
    const auto found = item_.parameters.find(name);
    return found == item_.parameters.end() ? nullptr : &found->second;
  }
  void fault(std::string_view code, Words words) { form_.fault(place_, code, words); }

  void only(const std::vector<std::string>& known) {
    for (const auto& [name, value] : item_.parameters) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      std::string list;
      for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
      fault("xlsform.parameter_unknown", {{"parameter", name}, {"known", list}});
    }
  }

  void one_of(const char* name, std::initializer_list<const char*> values) {
    const std::string* const value = get(name);
    if (!value) return;
    std::string list;
    for (const char* const each : values) {
      if (*value == each) return;
      list += (list.empty() ? "" : ", ") + std::string(each);
    }
    fault("xlsform.parameter_value", {{"parameter", name}, {"value", *value}, {"values", list}});
  }

  void whole(const char* name) {
    const std::string* const value = get(name);
    if (value && !whole_number_in(*value))
      fault("xlsform.parameter_whole_number", {{"parameter", name}, {"value", *value}});
  }

  void bind(const char* parameter, const char* attribute) {
    if (const std::string* const value = get(parameter))
      item_.bind.push_back({attribute, *value, place_.column});
  }
  void control(const char* parameter, const char* attribute) {
    if (const std::string* const value = get(parameter))
      item_.control.push_back({attribute, *value, place_.column});
  }
  void add_action(const char* element, const char* event) {
    item_.actions.push_back({element, event, {}, {}});
  }

  void audit() {
    only({"identify-user", "location-max-age", "location-min-interval", "location-priority", "track-changes",
          "track-changes-reasons"});
    one_of("track-changes", {"true", "false"});
    one_of("track-changes-reasons", {"on-form-edit"});
    one_of("identify-user", {"true", "false"});
    one_of("location-priority", {"no-power", "low-power", "balanced", "high-accuracy"});
    const std::string* const interval = get("location-min-interval");
    const std::string* const age = get("location-max-age");
    const bool some = get("location-priority") || interval || age;
    if (some && !(get("location-priority") && interval && age))
      return fault("xlsform.audit_location_incomplete", {});
    for (const char* const name : {"location-min-interval", "location-max-age"}) {
      whole(name);
      const std::string* const value = get(name);
      if (value && whole_number_in(*value).value_or(0) < 0)
        fault("xlsform.parameter_negative", {{"parameter", name}, {"value", *value}});
    }
    if (interval && age && whole_number_in(*age).value_or(0) < whole_number_in(*interval).value_or(0))
      fault("xlsform.audit_age_below_interval", {});
    for (const auto& [name, value] : item_.parameters) bind(name.c_str(), ("odk:" + name).c_str());
  }

  void text() {
    only({"rows"});
    whole("rows");
    control("rows", "rows");
  }

  void image() {
    only({"app", "max-pixels"});
    whole("max-pixels");
    bind("max-pixels", "orx:max-pixels");
    const std::string appearance = item_.appearance();
    if (!get("max-pixels")) form_.warn(place_, "xlsform.image_without_max_pixels", {{"name", item_.name}});
    // A file name among the defaults means one that comes with the form.
    std::string& value = item_.default_value.text;
    if (!value.empty() && !item_.dynamic_default && value.find("jr://images/") == std::string::npos)
      value = "jr://images/" + value;
    if (const std::string* const app = get("app"); app && (appearance.empty() || appearance == "annotate")) {
      if (const char* const code = package_fault(*app)) return fault(code, {{"app", *app}});
      control("app", "intent");
    }
  }

  /// An Android package: segments of letters, digits and "_" with dots between them.
  static const char* package_fault(const std::string& name) {
    if (name.find('.') == std::string::npos) return "xlsform.app_without_dot";
    std::size_t begin = 0;
    while (begin <= name.size()) {
      const std::size_t end = std::min(name.find('.', begin), name.size());
      const std::string_view segment = std::string_view(name).substr(begin, end - begin);
      const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      };
      if (segment.empty() || segment.front() == '_' || (segment.front() >= '0' && segment.front() <= '9') ||
          !std::all_of(segment.begin(), segment.end(), letter))
        return "xlsform.app_broken";
      begin = end + 1;
    }
    return nullptr;
  }

  void audio(bool in_background) {
    only({"quality"});
    if (in_background)
      one_of("quality", {"voice-only", "low", "normal"});
    else
      one_of("quality", {"voice-only", "low", "normal", "external"});
    if (!in_background) return bind("quality", "odk:quality");
    add_action("odk:recordaudio", "odk-instance-load");
    if (const std::string* const quality = get("quality"))
      item_.actions.back().attributes.emplace_back("odk:quality", *quality);
  }

  void geometry(bool point) {
    if (point)
      only({"allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"});
    else
      only({"allow-mock-accuracy", "incremental", "reference-geometry"});
    for (const char* const name : {"capture-accuracy", "warning-accuracy"}) {
      const std::string* const value = get(name);
      if (value && !number_in(*value))
        fault("xlsform.parameter_number", {{"parameter", name}, {"value", *value}});
    }
    control("capture-accuracy", "accuracyThreshold");
    control("warning-accuracy", "unacceptableAccuracyThreshold");
    one_of("allow-mock-accuracy", {"true", "false"});
    bind("allow-mock-accuracy", "odk:allow-mock-accuracy");
    if (const std::string* const value = get("incremental"); value && !point) {
      if (!is_yes(*value))
        return fault("xlsform.parameter_value",
                     {{"parameter", "incremental"}, {"value", *value}, {"values", "true"}});
      item_.control.push_back({"incremental", "true", place_.column});
    }
    if (const std::string* const value = get("reference-geometry")) item_.list = *value;
  }

  void select() {
    const bool from_file = is_list_extension(file_extension(item_.list));
    if (from_file)
      only({"label", "randomize", "seed", "value"});
    else
      only({"randomize", "seed"});
    if (from_file) {
      for (const char* const name : {"value", "label"}) {
        const std::string* const value = get(name);
        if (value && !is_xlsform_name(*value))
          fault("xlsform.parameter_name", {{"parameter", name}, {"value", *value}});
      }
    }
    one_of("randomize", {"true", "false"});
    const std::string* const seed = get("seed");
    if (!seed) return;
    if (!get("randomize")) return fault("xlsform.seed_without_randomize", {});
    if (!is_reference(*seed) && !number_in(*seed))
      fault("xlsform.seed_broken", {{"value", *seed}, {"example", "${name}"}});
  }

  // ---- range ----

  std::optional<double> range_number(const char* name) {
    const std::string* const value = get(name);
    if (!value) return std::nullopt;
    const auto number = number_in(*value);
    if (!number) {
      fault("xlsform.range_number", {{"parameter", name}, {"value", *value}});
      range_good_ = false;
    }
    return number;
  }

  void range_fault(std::string_view code, const char* name) {
    fault(code, {{"parameter", name}});
    range_good_ = false;
  }

  void range() {
    only({"end", "placeholder", "start", "step", "tick_interval", "tick_labelset"});
    const std::string appearance = item_.appearance();
    const bool shows_ticks = appearance.empty() || appearance.find("vertical") != std::string::npos ||
                             appearance.find("no-ticks") != std::string::npos;
    if (!shows_ticks && (get("tick_interval") || get("placeholder") || get("tick_labelset")))
      return fault("xlsform.range_appearance", {{"appearance", appearance}});
    item_.parameters.emplace("start", "1");
    item_.parameters.emplace("end", "10");
    item_.parameters.emplace("step", "1");
    const auto start = range_number("start");
    const auto end = range_number("end");
    const auto step = range_number("step");
    const auto tick = range_number("tick_interval");
    const auto placeholder = range_number("placeholder");
    if (!start || !end || !step || !range_good_) return;
    check_step("step", *step, std::fabs(*end - *start));
    if (tick) check_step("tick_interval", *tick, std::fabs(*end - *start));
    if (!range_good_) return;
    if (tick && !is_multiple(*tick, *step)) range_fault("xlsform.range_multiple", "tick_interval");
    if (placeholder) {
      if (!is_multiple(*placeholder - *start, *step)) range_fault("xlsform.range_multiple", "placeholder");
      if (*placeholder < std::min(*start, *end) || *placeholder > std::max(*start, *end))
        range_fault("xlsform.range_outside", "placeholder");
    }
    if (range_good_) check_labels(*start, *end, *step, tick, appearance);
    if (!range_good_) return;
    for (const char* const name : {"start", "end", "step"}) control(name, name);
    control("tick_interval", "odk:tick-interval");
    control("placeholder", "odk:placeholder");
    for (const auto& number : {start, end, step, tick, placeholder}) {
      if (number && *number != std::trunc(*number)) item_.type.bind_type = "decimal";
    }
  }

  void check_step(const char* name, double step, double width) {
    if (step == 0) return range_fault("xlsform.range_zero", name);
    if (step > width) range_fault("xlsform.range_too_large", name);
  }

  void check_labels(double start, double end, double step, std::optional<double> tick,
                    const std::string& appearance) {
    const std::string* const name = get("tick_labelset");
    if (!name) return;
    const ChoiceList* const list = form_.list_named(*name);
    if (!list) return range_fault("xlsform.range_labels_unknown", "tick_labelset");
    const bool ends_only = appearance.find("no-ticks") != std::string::npos;
    std::set<double> values;
    for (const ChoiceRow& choice : list->rows) {
      const auto value = number_in(choice.name);
      if (!value) return range_fault("xlsform.range_labels_numbers", "tick_labelset");
      if (*value < std::min(start, end) || *value > std::max(start, end))
        return range_fault("xlsform.range_labels_outside", "tick_labelset");
      if (!is_multiple(*value - start, tick.value_or(step)))
        return range_fault("xlsform.range_labels_multiple", tick ? "tick_interval" : "step");
      values.insert(*value);
    }
    if (ends_only && values.size() > 2) return range_fault("xlsform.range_labels_two", "tick_labelset");
    if (ends_only && values != std::set<double>{start, end})
      return range_fault("xlsform.range_labels_ends", "tick_labelset");
    item_.list = *name;
  }

  FormItem& item_;
  XlsForm& form_;
  Place place_;
  bool range_good_ = true;
};

bool is_gap(char c) { return c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

bool parse_parameters(const HeadedRow& row, FormItem& item, XlsForm& form) {
  const std::string cell = row.at({"parameters"});
  std::vector<std::string> tokens;  // words and "="
  for (const char c : cell) {
    if (c == '=')
      tokens.emplace_back("=");
    else if (is_gap(c))
      tokens.emplace_back();
    else if (tokens.empty() || tokens.back().empty() || tokens.back() == "=")
      tokens.emplace_back(1, c);
    else
      tokens.back() += c;
  }
  std::erase_if(tokens, [](const std::string& token) { return token.empty(); });
  for (std::size_t i = 0; i < tokens.size(); i += 3) {
    const bool pair =
        i + 2 < tokens.size() && tokens[i] != "=" && tokens[i + 1] == "=" && tokens[i + 2] != "=";
    if (!pair) {
      form.fault({"survey", row.row, row.heading({"parameters"})}, "xlsform.parameters_broken",
                 {{"text", cell}});
      item.parameters.clear();
      return false;
    }
    const std::string name = lower_case(tokens[i]);
    // Names of columns in files keep their case.
    const bool as_written = name == "label" || name == "value" || has_reference(tokens[i + 2]);
    item.parameters[name] = as_written ? tokens[i + 2] : lower_case(tokens[i + 2]);
  }
  return true;
}

void apply_parameters(const HeadedRow& row, FormItem& item, XlsForm& form) {
  Parameters(row, item, form).apply();
}

}  // namespace terreno::forms
