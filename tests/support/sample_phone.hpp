#pragma once

#include <string>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/model/wire.hpp"
#include "core/store/device_store.hpp"

namespace terreno::tests {

// A small phone as it stands after enrolment and the first sync: what the tests of store, tracking, visit and
// app begin with.

/// The town's pins lie on a line to the north, 1.1 km apart.
inline Case sample_case(int number, Purpose purpose = Purpose::Collection) {
  Case item;
  item.id.bytes[15] = static_cast<std::uint8_t>(number & 0xFF);
  item.id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  item.id.bytes[0] = 1;
  item.key = "C-" + std::to_string(1000 + number);
  item.purpose = purpose;
  item.party = {"Persona " + std::to_string(number), "5550000000"};
  item.place.address = "Calle " + std::to_string(number) + ", Colonia Centro";
  item.place.reference = "portón verde";
  item.place.fence = {{19.40 + 0.01 * number, -99.15}, 50, PinPrecision::Verified};
  item.form_id = purpose == Purpose::Collection ? "visita" : "validacion";
  item.due_at_ms = 1'773'400'000'000 - number * 86'400'000LL;
  item.data = {{"balance", "1500"}};
  return item;
}

inline OutcomeDefinition sample_outcome(std::string code, Purpose purpose, CaseState becomes) {
  OutcomeDefinition outcome;
  outcome.code = std::move(code);
  outcome.label_es = outcome.label_en = outcome.label_pt = outcome.code;
  outcome.purpose = purpose;
  outcome.becomes = becomes;
  return outcome;
}

inline OutcomeCatalogue sample_outcomes() {
  OutcomeCatalogue catalogue;
  auto& all = catalogue.outcomes;
  all.push_back(sample_outcome("promise", Purpose::Collection, CaseState::Promised));
  all.back().asks_promise = true;
  all.push_back(sample_outcome("paid_part", Purpose::Collection, CaseState::Revisit));
  all.back().asks_payment = true;
  all.push_back(sample_outcome("nobody_in", Purpose::Collection, CaseState::Revisit));
  all.back().asks_photo = true;
  all.push_back(sample_outcome("refuses", Purpose::Collection, CaseState::Escalated));
  all.push_back(sample_outcome("validation_positive", Purpose::Validation, CaseState::Resolved));
  return catalogue;
}

/// A collection visit: outcome, promise, payment, photo, neighbours as a repeat.
inline FormVersion sample_form(std::string version = "1") {
  FormVersion form{"visita", std::move(version), "Visita de cobranza", {}};
  form.xform_xml =
      "<?xml version=\"1.0\"?>\n"
      "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
      "xmlns:jr=\"http://openrosa.org/javarosa\">\n"
      "<h:head><h:title>Visita de cobranza</h:title><model>\n"
      "<instance><data id=\"visita\" version=\"" +
      form.version +
      "\">"
      "<outcome/><promise><amount/><date/><means/></promise><payment><method/><amount/><receipt/></payment>"
      "<photo/><neighbours jr:template=\"\"><name/><picture/></neighbours><debt/></data></instance>\n"
      "<instance id=\"case\" src=\"jr://instance/case\"/>\n"
      "<bind nodeset=\"/data/outcome\" type=\"string\" required=\"true()\"/>\n"
      "<bind nodeset=\"/data/promise\" relevant=\"/data/outcome = 'promise'\"/>\n"
      "<bind nodeset=\"/data/promise/amount\" type=\"decimal\" required=\"true()\" constraint=\". &gt; 0\" "
      "jr:constraintMsg=\"El monto debe ser mayor que cero\"/>\n"
      "<bind nodeset=\"/data/promise/date\" type=\"date\" required=\"true()\"/>\n"
      "<bind nodeset=\"/data/promise/means\" type=\"string\"/>\n"
      "<bind nodeset=\"/data/payment\" relevant=\"/data/outcome = 'paid_part'\"/>\n"
      "<bind nodeset=\"/data/payment/method\" type=\"string\"/>\n"
      "<bind nodeset=\"/data/payment/amount\" type=\"decimal\"/>\n"
      "<bind nodeset=\"/data/payment/receipt\" type=\"string\"/>\n"
      "<bind nodeset=\"/data/photo\" type=\"binary\"/>\n"
      "<bind nodeset=\"/data/neighbours/name\" type=\"string\"/>\n"
      "<bind nodeset=\"/data/neighbours/picture\" type=\"binary\"/>\n"
      "<bind nodeset=\"/data/debt\" type=\"string\" calculate=\"instance('case')/root/balance\"/>\n"
      "</model></h:head>\n"
      "<h:body>\n"
      "<input ref=\"/data/outcome\"><label>Resultado</label></input>\n"
      "<group ref=\"/data/promise\"><label>Promesa</label>"
      "<input ref=\"/data/promise/amount\"><label>Monto</label></input>"
      "<input ref=\"/data/promise/date\"><label>Fecha</label></input>"
      "<input ref=\"/data/promise/means\"><label>Medio</label></input></group>\n"
      "<group ref=\"/data/payment\"><label>Pago</label>"
      "<input ref=\"/data/payment/method\"><label>Medio</label></input>"
      "<input ref=\"/data/payment/amount\"><label>Monto</label></input>"
      "<input ref=\"/data/payment/receipt\"><label>Recibo</label></input></group>\n"
      "<upload ref=\"/data/photo\" mediatype=\"image/*\"><label>Fachada</label></upload>\n"
      "<group ref=\"/data/neighbours\"><label>Vecinos</label><repeat nodeset=\"/data/neighbours\">"
      "<input ref=\"/data/neighbours/name\"><label>Nombre</label></input>"
      "<upload ref=\"/data/neighbours/picture\" mediatype=\"image/*\"><label>Foto</label></upload>"
      "</repeat></group>\n"
      "</h:body></h:html>\n";
  return form;
}

/// The server's half of the receipts.
inline KeyPair enrol_sample(DeviceStore& store) {
  const KeyPair server = make_key_pair();
  store.keep_enrolment_key(make_key_pair());
  EnrolResponse response;
  response.device_id.bytes[0] = 7;
  response.gestor_id.bytes[0] = 8;
  response.gestor_name = "Lucía Gestora";
  response.token = "token";
  response.server_key = server.public_key;
  response.epoch = 1;
  response.policy.tenant_name = "Demo";
  store.enrol(response);
  return server;
}

/// Cases 1..count, the catalogue and the questionnaire.
inline void seed_sample(DeviceStore& store, int count = 3) {
  std::vector<Change> changes{sample_outcomes(), sample_form()};
  for (int number = 1; number <= count; ++number) changes.emplace_back(sample_case(number));
  store.apply_changes(changes, store.cursor() + changes.size());
}

}  // namespace terreno::tests
