// Languages of a form's columns: "Español (es)" holds a code that programs know.
#include <algorithm>

#include "core/forms/limits.hpp"
#include "core/forms/xlsform_model.hpp"
#include "core/forms/xlsform_names.hpp"

namespace terreno::forms {
namespace {

/// ISO 639-1, and the older codes that are still registered.
constexpr std::string_view kTwoLetters =
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy"
    " da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu"
    " hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb"
    " lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om"
    " or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw"
    " ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    " in iw ji jw mo sh ";

/// Codes of ISO 639-2 for languages that have one of two letters: BCP 47 wants that one.
constexpr std::string_view kWithShorterCode =
    " aar abk afr aka alb amh ara arg arm asm ava ave aym aze bak bam baq bel ben bih bis bod bos"
    " bre bul bur cat ces cha che chi chu chv cor cos cre cym cze dan deu div dut dzo ell eng epo"
    " est eus ewe fao fas fij fin fra fre fry ful geo ger gla gle glg glv gre grn guj hat hau heb"
    " her hin hmo hrv hun hye ibo ice ido iii iku ile ina ind ipk isl ita jav jpn kal kan kas kat"
    " kau kaz khm kik kin kir kom kon kor kua kur lao lat lav lim lin lit ltz lub lug mac mah mal"
    " mao mar may mkd mlg mlt mon mri msa mya nau nav nbl nde ndo nep nld nno nob nor nya oci oji"
    " ori orm oss pan per pli pol por pus que roh ron rum run rus sag san sin slk slo slv sme smo"
    " sna snd som sot spa sqi srd srp ssw sun swa swe tah tam tat tel tgk tgl tha tib tir ton tsn"
    " tso tuk tur twi uig ukr urd uzb ven vie vol wel wln wol xho yid yor zha zho zul"
    " ";

bool is_listed(std::string_view list, std::string_view code) {
  return list.find(" " + std::string(code) + " ") != std::string_view::npos;
}

/// Languages have two or three letters; "-" and a region or script may follow.
bool is_known_code(std::string_view code) {
  const std::string_view language = code.substr(0, code.find('-'));
  const bool letters =
      std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters) return false;
  return language.size() == 2 ? is_listed(kTwoLetters, language)
                              : language.size() == 3 && !is_listed(kWithShorterCode, language);
}

bool has_code(std::string_view language) {
  if (language.size() < 3 || language == "default" || !language.ends_with(')'))
    return language.size() < 3 || language == "default";
  const std::size_t open = language.rfind('(');
  return open != std::string_view::npos &&
         is_known_code(language.substr(open + 1, language.size() - open - 2));
}

/// A text that stands in one language of its columns and not in another: "label::English" is empty.
void check_rows(const HeadedSheet& sheet, XlsForm& form) {
  std::map<std::vector<std::string>, std::vector<const HeadedColumn*>> families;
  for (const HeadedColumn& column : sheet.columns) {
    const std::string& first = column.tokens.front();
    const bool text = first == "label" || first == "hint" || first == "guidance_hint";
    if (text && column.tokens.size() == 2) families[{first}].push_back(&column);
    if (first == "bind" && column.tokens.size() == 3) families[{first, column.tokens[1]}].push_back(&column);
  }
  for (const HeadedRow& row : sheet.rows) {
    std::set<const HeadedColumn*> filled;
    for (const auto& [column, text] : row.cells) filled.insert(column);
    for (const auto& [name, columns] : families) {
      const bool any = std::any_of(columns.begin(), columns.end(),
                                   [&filled](const HeadedColumn* column) { return filled.contains(column); });
      for (const HeadedColumn* const column : columns) {
        if (any && !filled.contains(column))
          form.warn({sheet.name, row.row, column->heading}, "xlsform.text_untranslated",
                    {{"language", column->tokens.back()}});
      }
    }
  }
}

}  // namespace

void check_languages(const HeadedSheet& survey, const HeadedSheet& choices, XlsForm& form) {
  std::set<std::string> seen;
  for (const HeadedSheet* const sheet : {&survey, &choices}) {
    for (const HeadedColumn& column : sheet->columns) {
      const std::string& first = column.tokens.front();
      const bool text = first == "label" || first == "hint" || first == "guidance_hint";
      const bool prefixed = (first == "media" || first == "bind") && column.tokens.size() == 3;
      if (!prefixed && !(text && column.tokens.size() == 2)) continue;
      const std::string& language = column.tokens.back();
      if (!seen.insert(language).second || has_code(language)) continue;
      form.warn({sheet->name, 1, column.heading}, "xlsform.language_unknown", {{"language", language}});
    }
  }
  check_rows(survey, form);
  check_rows(choices, form);
  if (seen.size() > kMaxLanguages)
    form.fault({}, "xlsform.too_many_languages", {{"most", std::to_string(kMaxLanguages)}});
}

}  // namespace terreno::forms
