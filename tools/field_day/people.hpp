#pragma once

#include <string>

#include "tools/town/dice.hpp"

namespace terreno::field_day {

/// Given name and two surnames of somebody who does not exist.
std::string person_name(town::Dice& dice);
/// Ten digits that no network of the country gives out (area 555).
std::string phone_number(town::Dice& dice);
/// What a small business writes over its door.
std::string business_name(town::Dice& dice);
std::string occupation(town::Dice& dice);
std::string employer(town::Dice& dice);
/// How to find the door.
std::string door_hint(town::Dice& dice);
/// One word in lower case without accents, from the first two words of a name: "rosa.medina".
std::string login_of(const std::string& name);

}  // namespace terreno::field_day
