#include "core/forms/xlsform_types.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "core/forms/xlsform_names.hpp"

namespace terreno::forms {
namespace {

// name, control, media type, bind type, preload, its parameters, constraint, hint
constexpr auto kTypes = std::to_array<QuestionType>({
    {"text", "input", "", "string", "", "", "", ""},
    {"integer", "input", "", "int", "", "", "", ""},
    {"decimal", "input", "", "decimal", "", "", "", ""},
    {"range", "range", "", "int", "", "", "", ""},
    {"date", "input", "", "date", "", "", "", ""},
    {"time", "input", "", "time", "", "", "", ""},
    {"dateTime", "input", "", "dateTime", "", "", "", ""},
    {"note", "input", "", "string", "", "", "", ""},
    {"geopoint", "input", "", "geopoint", "", "", "", ""},
    {"geotrace", "input", "", "geotrace", "", "", "", ""},
    {"geoshape", "input", "", "geoshape", "", "", "", ""},
    {"barcode", "input", "", "barcode", "", "", "", ""},
    {"image", "upload", "image/*", "binary", "", "", "", ""},
    {"audio", "upload", "audio/*", "binary", "", "", "", ""},
    {"video", "upload", "video/*", "binary", "", "", "", ""},
    {"file", "upload", "application/*", "binary", "", "", "", ""},
    {"acknowledge", "trigger", "", "string", "", "", "", ""},
    {"calculate", "", "", "string", "", "", "", ""},
    {"hidden", "", "", "string", "", "", "", ""},
    {"start", "", "", "dateTime", "timestamp", "start", "", ""},
    {"end", "", "", "dateTime", "timestamp", "end", "", ""},
    {"today", "", "", "date", "date", "today", "", ""},
    {"deviceid", "", "", "string", "property", "deviceid", "", ""},
    {"phonenumber", "", "", "string", "property", "phonenumber", "", ""},
    {"username", "", "", "string", "property", "username", "", ""},
    {"email", "", "", "string", "property", "email", "", ""},
    {"simserial", "", "", "string", "property", "simserial", "", ""},
    {"subscriberid", "", "", "string", "property", "subscriberid", "", ""},
    {"uri:deviceid", "", "", "string", "property", "uri:deviceid", "", ""},
    {"uri:phonenumber", "", "", "string", "property", "uri:phonenumber", "", ""},
    {"uri:username", "", "", "string", "property", "uri:username", "", ""},
    {"uri:email", "", "", "string", "property", "uri:email", "", ""},
    {"uri:simserial", "", "", "string", "property", "uri:simserial", "", ""},
    {"uri:subscriberid", "", "", "string", "property", "uri:subscriberid", "", ""},
    {"audit", "", "", "binary", "", "", "", ""},
    {"xml-external", "", "", "", "", "", "", ""},
    {"csv-external", "", "", "", "", "", "", ""},
    {"start-geopoint", "", "", "geopoint", "", "", "", ""},
    {"background-audio", "", "", "binary", "", "", "", ""},
    {"background-geopoint", "trigger", "", "geopoint", "", "", "", ""},
    {"percentage", "input", "", "int", "", "", "0 <= . and . <= 100", ""},
    {"phone number", "input", "", "string", "", "", "regex(., '^\\d*$')", "Enter numbers only."},
    {"number of days in last month", "input", "", "int", "", "", "0 <= . and . <= 31",
     "Enter a number 0-31."},
    {"number of days in last six months", "input", "", "int", "", "", "0 <= . and . <= 183",
     "Enter a number 0-183."},
    {"number of days in last year", "input", "", "int", "", "", "0 <= . and . <= 365",
     "Enter a number 0-365."},
    {"trigger", "trigger", "", "", "", "", "", ""},
});

constexpr QuestionType kSelectOne{"select_one", "select1", "", "string", "", "", "", ""};
constexpr QuestionType kSelectMultiple{"select_multiple", "select", "", "string", "", "", "", ""};
constexpr QuestionType kRank{"rank", "odk:rank", "", "odk:rank", "", "", "", ""};
constexpr QuestionType kSelectExternal{"select_one_external", "input", "", "string", "", "", "", ""};
constexpr QuestionType kOsm{"osm", "upload", "osm/*", "binary", "", "", "", ""};

/// Older spellings that forms still use.
const std::map<std::string, std::string, std::less<>>& type_aliases() {
  static const std::map<std::string, std::string, std::less<>> kAliases{
      {"string", "text"},
      {"q string", "text"},
      {"add text prompt", "text"},
      {"int", "integer"},
      {"q int", "integer"},
      {"add integer prompt", "integer"},
      {"q decimal", "decimal"},
      {"add decimal prompt", "decimal"},
      {"q note", "note"},
      {"add note prompt", "note"},
      {"photo", "image"},
      {"q image", "image"},
      {"q picture", "image"},
      {"add image prompt", "image"},
      {"add photo prompt", "image"},
      {"q audio", "audio"},
      {"add audio prompt", "audio"},
      {"q video", "video"},
      {"add video prompt", "video"},
      {"add file prompt", "file"},
      {"q barcode", "barcode"},
      {"add barcode prompt", "barcode"},
      {"q date", "date"},
      {"add date prompt", "date"},
      {"datetime", "dateTime"},
      {"date time", "dateTime"},
      {"q dateTime", "dateTime"},
      {"q date time", "dateTime"},
      {"add dateTime prompt", "dateTime"},
      {"add date time prompt", "dateTime"},
      {"location", "geopoint"},
      {"gps", "geopoint"},
      {"q geopoint", "geopoint"},
      {"q location", "geopoint"},
      {"add location prompt", "geopoint"},
      {"q geotrace", "geotrace"},
      {"q geoshape", "geoshape"},
      {"q acknowledge", "acknowledge"},
      {"add acknowledge prompt", "acknowledge"},
      {"q calculate", "calculate"},
      {"add calculate prompt", "calculate"},
      {"start time", "start"},
      {"get start time", "start"},
      {"end time", "end"},
      {"get end time", "end"},
      {"get today", "today"},
      {"imei", "deviceid"},
      {"device id", "deviceid"},
      {"device_id", "deviceid"},
      {"get device id", "deviceid"},
      {"get phone number", "phonenumber"},
      {"sim id", "simserial"},
      {"get sim id", "simserial"},
      {"subscriber id", "subscriberid"},
      {"get subscriber id", "subscriberid"}};
  return kAliases;
}

struct SelectSpelling {
  std::string_view words;
  std::string_view name;
  bool from_file = false;
};
/// Those with more words first, so that "select one from file" is not read as "select one from".
constexpr auto kSelects = std::to_array<SelectSpelling>({
    {"add select multiple prompt using", "select_multiple"},
    {"add select one prompt using", "select_one"},
    {"select all that apply from", "select_multiple"},
    {"select multiple from file", "select_multiple", true},
    {"select all that apply", "select_multiple"},
    {"select one from file", "select_one", true},
    {"select_multiple_from_file", "select_multiple", true},
    {"select_one_from_file", "select_one", true},
    {"select_one_external", "select_one_external"},
    {"select one from", "select_one"},
    {"select multiple", "select_multiple"},
    {"select_multiple", "select_multiple"},
    {"select one", "select_one"},
    {"select_one", "select_one"},
    {"select1", "select_one"},
    {"rank", "rank"},
});

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string joined(const std::vector<std::string>& words, std::size_t first, std::size_t end) {
  std::string made;
  for (std::size_t i = first; i < end && i < words.size(); ++i) made += (i > first ? " " : "") + words[i];
  return made;
}

/// "begin_group", "end repeat", "begin loop over towns": the block's kind, empty when it is none.
std::string block_kind(std::string_view words) {
  if (words == "group") return "group";
  if (words == "repeat" || words == "lgroup" || words == "looped group") return "repeat";
  return words == "loop" ? "loop" : "";
}

bool read_block(const std::string& text, TypeWords& made) {
  const bool begins = text.starts_with("begin") && text.size() > 6;
  const bool ends = text.starts_with("end") && text.size() > 4;
  if (!begins && !ends) return false;
  std::string rest = text.substr(begins ? 5 : 3);
  if (rest.front() != ' ' && rest.front() != '_') return false;
  rest.erase(0, 1);
  made.form = begins ? TypeForm::Begin : TypeForm::End;
  made.command = block_kind(rest);
  if (!made.command.empty()) return true;
  if (!begins) return false;
  const std::size_t space = rest.rfind(' ');
  if (space == std::string::npos) return false;
  made.list = rest.substr(space + 1);
  rest.resize(space);
  if (rest.ends_with(" over")) rest.resize(rest.size() - 5);
  made.command = block_kind(rest);
  return !made.command.empty();
}

/// What follows the select's words: a list, and perhaps "or_other".
bool read_select(const std::vector<std::string>& words, TypeWords& made) {
  const std::string text = joined(words, 0, words.size());
  for (const SelectSpelling& spelling : kSelects) {
    if (!text.starts_with(std::string(spelling.words) + " ")) continue;
    const std::vector<std::string> rest = words_of(text.substr(spelling.words.size()));
    const std::string tail = joined(rest, 1, rest.size());
    const bool other = tail == "or_other" || tail == "or other" || tail == "or specify other";
    if (!tail.empty() && !other) continue;
    made = {TypeForm::Select,           std::string(spelling.name), rest.front(), spelling.from_file, other,
            std::string(spelling.words)};
    return true;
  }
  return false;
}

}  // namespace

const QuestionType* question_type(std::string_view spelled) {
  auto plain = [](std::string_view name) -> const QuestionType* {
    const auto* const found = std::find_if(kTypes.begin(), kTypes.end(),
                                           [name](const QuestionType& type) { return type.name == name; });
    return found == kTypes.end() ? nullptr : found;
  };
  const auto alias = type_aliases().find(spelled);
  if (alias != type_aliases().end()) return plain(alias->second);
  if (const QuestionType* const found = plain(spelled)) return found;
  const std::string lower = lower_case(spelled);
  return lower == spelled ? nullptr : question_type(lower);
}

const QuestionType& select_type(std::string_view name) {
  if (name == "select_multiple") return kSelectMultiple;
  if (name == "rank") return kRank;
  return name == "select_one_external" ? kSelectExternal : kSelectOne;
}

const QuestionType& osm_type() { return kOsm; }

std::vector<std::string> known_types() {
  std::vector<std::string> known{"begin_group",     "end_group", "begin_repeat", "end_repeat",
                                 "select_multiple", "rank",      "select_one"};
  for (const QuestionType& type : kTypes) known.emplace_back(type.name);
  return known;
}

TypeWords type_words(const std::string& cell) {
  const std::vector<std::string> words = words_of(cell);
  const std::string text = joined(words, 0, words.size());
  TypeWords made;
  if (read_block(text, made) || read_block(lower_case(text), made)) return made;
  made = {};
  if (read_select(words, made)) return made;
  if (words.size() == 2 && words[0] == "osm") return {TypeForm::Osm, "osm", words[1], false, false, {}};
  if (words.size() == 1 && words[0] == "osm") return {TypeForm::Osm, "osm", {}, false, false, {}};
  made.command = text;
  return made;
}

}  // namespace terreno::forms
