#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/base/texts.hpp"
#include "core/forms/form_session.hpp"
#include "core/store/device_store.hpp"

namespace terreno {

/// The questionnaires of the open visits. Answers live in the database; sessions here are made from them when
/// needed and thrown away whenever memory and database might differ. Same thread rule as the store.
class FormDesk {
 public:
  /// The store must outlive the object.
  explicit FormDesk(DeviceStore& store) : store_(store) {}

  /// The session of a draft whose form is open, restored when this process has none yet. NotFound when its
  /// form version is not on the phone; FormInvalid.
  Result<forms::FormSession*> session(const VisitDraft& draft);
  /// Writes what changed in the session since it was last saved. Inside the caller's transaction.
  void save(const Uuid& visit_id);
  /// The session is made anew from the database when it is asked for again.
  void forget(const Uuid& visit_id) { open_.erase(visit_id); }

 private:
  struct OpenForm {
    forms::FormSession session;
    std::vector<forms::Answer> saved;  ///< inputs() as the database has them
  };

  Result<std::shared_ptr<const forms::CompiledForm>> compiled(const FormVersion& form);
  Result<OpenForm> restore(const VisitDraft& draft);

  DeviceStore& store_;
  std::unordered_map<Uuid, OpenForm> open_;
  std::map<Sha256, std::shared_ptr<const forms::CompiledForm>> compiled_;  ///< by hash of the XForm
};

/// The tag that the questionnaires' sessions take.
std::string_view form_language(Language language);

/// The same values under the model's type, which the journal records.
std::vector<FormAnswer> as_form_answers(const std::vector<forms::Answer>& answers);

}  // namespace terreno
