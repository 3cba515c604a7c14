#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/base/texts.hpp"
#include "core/forms/compiled_form.hpp"
#include "server/domain/records.hpp"

namespace terreno::server {

struct AnswerSources {
  const VisitRecord& record;
  const std::vector<EvidenceRecord>& files;
  std::shared_ptr<const forms::CompiledForm> form;  ///< null: the server has no such version
  std::string gestor_name;
  Language language = Language::Spanish;
};

/// The answers of a visit as a person reads them: with the questions' labels and the choices' names in the
/// language asked for. The questionnaire is filled again for it, since labels may hold expressions. Without
/// the form, paths and values stand for themselves.
boost::json::array answers_json(const AnswerSources& sources);

}  // namespace terreno::server
