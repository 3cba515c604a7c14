// Compiles every header of the folder on its own behalf, so that a header that lacks an include fails here.
#include "core/model/entries.hpp"
#include "core/model/location.hpp"
#include "core/model/outcome_rules.hpp"
#include "core/model/wire.hpp"
#include "core/model/work.hpp"

namespace terreno {

static_assert(std::variant_size_v<EntryBody> == static_cast<std::size_t>(EntryKind::VisitCancelled) + 1);

}  // namespace terreno
