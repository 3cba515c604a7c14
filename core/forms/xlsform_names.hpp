#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace terreno::forms {

std::string lower_case(std::string_view text);
/// "Repeat  Count" gives "repeat_count".
std::string snake_case(std::string_view text);
/// Whether a text may name a question or any other XML element, perhaps with a prefix.
bool is_xlsform_name(std::string_view text);
/// The word of `known` nearest to `word`, for "did you mean"; empty when none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);
/// Changes of one letter that lead from one word to the other.
std::size_t letters_between(std::string_view a, std::string_view b);
/// "yes", "TRUE" and the like.
bool is_yes(std::string_view text);
bool is_no(std::string_view text);

/// A ${name} in a text.
struct Reference {
  std::size_t begin = 0;  ///< of "${"
  std::size_t end = 0;    ///< behind "}"
  std::string name;       ///< empty when what stands there is no name
  bool last_saved = false;
};
std::vector<Reference> references_in(std::string_view text);
/// Whether the text holds at least one well-formed ${name}.
bool has_reference(std::string_view text);
/// Whether the text is one ${name} and nothing else.
bool is_reference(std::string_view text);
/// Whether a default must be computed: it calculates, calls or refers. `type` is the question's.
bool is_dynamic_default(std::string_view text, std::string_view type);
/// "towns.csv" gives ".csv"; empty when there is no dot.
std::string_view file_extension(std::string_view name);
/// Whether choices may come from a file of this extension.
bool is_list_extension(std::string_view extension);

}  // namespace terreno::forms
