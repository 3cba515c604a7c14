#include "server/domain/form_use.hpp"

namespace terreno::server {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"collection", "validation_home", "validation_business"};
constexpr std::array<const char*, 3> kDefaultForms = {"visita_cobranza", "validacion_domicilio",
                                                      "validacion_negocio"};

}  // namespace

FormUse form_use_of(Purpose purpose, PlaceKind kind) noexcept {
  if (purpose == Purpose::Collection) return FormUse::Collection;
  return kind == PlaceKind::Business ? FormUse::BusinessValidation : FormUse::HomeValidation;
}

std::string_view name_of(FormUse use) noexcept { return kNames[static_cast<std::size_t>(use)]; }

std::optional<FormUse> form_use_named(std::string_view name) noexcept {
  for (const FormUse use : kFormUses) {
    if (name_of(use) == name) return use;
  }
  return std::nullopt;
}

FormUses default_form_uses() {
  FormUses uses;
  for (const FormUse use : kFormUses) uses[use] = kDefaultForms.at(static_cast<std::size_t>(use));
  return uses;
}

}  // namespace terreno::server
