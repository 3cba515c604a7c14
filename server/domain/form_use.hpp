#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/work.hpp"

namespace terreno::server {

/// What a questionnaire is for. A tenant has one form for each; its number is stored.
enum class FormUse : std::uint8_t { Collection = 0, HomeValidation = 1, BusinessValidation = 2 };
inline constexpr std::array kFormUses = {FormUse::Collection, FormUse::HomeValidation,
                                         FormUse::BusinessValidation};

/// The form's id by what it is for; holds every use.
using FormUses = std::map<FormUse, std::string>;

/// The use whose form a case gets. A workplace is validated as a home is: it is the person who is looked for.
FormUse form_use_of(Purpose purpose, PlaceKind kind) noexcept;
/// "collection", "validation_home", "validation_business".
std::string_view name_of(FormUse use) noexcept;
std::optional<FormUse> form_use_named(std::string_view name) noexcept;
/// What a tenant uses that has chosen nothing: the three questionnaires that it began with.
FormUses default_form_uses();

}  // namespace terreno::server
