#pragma once

#include <string>

#include "tools/field_day/company.hpp"
#include "tools/field_day/form_filler.hpp"

namespace terreno::field_day {

/// Whom a visit finds.
enum class Met { Direct, ThirdParty, NoContact, NotLocatable };

/// What comes of a collection visit, by whom it found and how long the debt is due: a code of the default
/// catalogue.
std::string throw_outcome(const Errand& errand, Met met, town::Dice& dice);

/// What the gestor answers in the collection questionnaire when `outcome` has come of it.
void collection_answers(const Errand& errand, const std::string& outcome, Intent& intent, town::Dice& dice);

/// A figure of the case's file.
double data_number(const Errand& errand, const char* name, double otherwise);
/// Whole currency units, without exponent.
std::string money_text(double amount);

}  // namespace terreno::field_day
