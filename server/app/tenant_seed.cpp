#include "server/app/tenant_seed.hpp"

#include "core/forms/xlsform.hpp"
#include "server/domain/outcomes.hpp"

namespace terreno::server {
namespace {

struct DefaultForm {
  const char* file;
  ByteView workbook;
};

// The workbooks of schema/forms travel inside the program, so that an installed server needs no files beside
// it.
#include "default_forms.inc"

FormVersion convert(const DefaultForm& form) {
  forms::XlsFormResult result = forms::convert_xlsform(form.workbook);
  if (!result.ok()) {
    throw Error(ErrorCode::Internal, std::string("the default form ") + form.file + " does not convert");
  }
  return {result.form_id, result.version, result.title, std::move(result.xform_xml)};
}

}  // namespace

Tenant add_tenant_with_defaults(Storage& storage, std::string_view name, const Clock& clock) {
  Tenant tenant;
  tenant.id = make_uuid_v7(clock);
  tenant.name = name;
  tenant.policy.tenant_name = name;
  storage.add_tenant(tenant);
  storage.set_outcomes(tenant.id, default_outcomes());
  for (const DefaultForm& form : kDefaultForms) {
    FormAddition addition;
    addition.at_ms = clock.wall_ms();
    addition.file_name = form.file;
    addition.source = to_bytes(form.workbook);
    storage.add_form(tenant.id, convert(form), addition).value();
  }
  return tenant;
}

}  // namespace terreno::server
