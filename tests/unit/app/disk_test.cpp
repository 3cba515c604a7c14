#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>

#include "tests/unit/app/phone_world.hpp"

using namespace terreno;
using tests::PhoneWorld;

namespace {

/// While it lives, no file of this process grows past `bytes`: every write beyond fails, as on a full disk.
class DiskLimit {
 public:
  explicit DiskLimit(std::uintmax_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    rlimit limit = old_limit_;
    limit.rlim_cur = static_cast<rlim_t>(bytes);
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~DiskLimit() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }
  DiskLimit(const DiskLimit&) = delete;
  DiskLimit& operator=(const DiskLimit&) = delete;

 private:
  rlimit old_limit_{};
  void (*old_handler_)(int);
};

std::string photo_answer(const FormView& form) {
  const auto found = std::find_if(form.questions.begin(), form.questions.end(),
                                  [](const auto& question) { return question.path == "photo"; });
  return found == form.questions.end() ? "(hidden)" : found->value;
}

}  // namespace

TEST_CASE("a call that the disk breaks has not happened, and the next one works") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.core->answer(visit, "outcome", "refuses").value();
  world.attach(visit, "", "kept");
  {
    const DiskLimit limit(std::filesystem::file_size(world.path() + "-wal") + 64 * 1024);
    const std::string photo = "\xFF\xD8\xFF" + std::string(1024 * 1024, 'x');
    const EvidenceInput input{EvidenceKind::Photo, "photo", "image/jpeg", as_bytes(photo)};
    CHECK_THROWS_AS(world.core->attach_evidence(visit, input), Error);
  }
  CHECK(photo_answer(*world.core->form(visit)).empty());
  CHECK(world.core->sync_status().pending_files == 0);
  world.reopen();
  CHECK(photo_answer(*world.core->form(visit)).empty());
  Outcome outcome;
  outcome.code = "refuses";
  const FinishedVisit finished = world.core->finish_visit(visit, outcome).value();
  CHECK(finished.files_pending == 1);
}

TEST_CASE("a visit that cannot be written stays open with all of its answers") {
  PhoneWorld world;
  const Uuid visit = world.answering_visit();
  world.core->answer(visit, "outcome", "refuses").value();
  Outcome outcome;
  outcome.code = "refuses";
  {
    const DiskLimit limit(std::filesystem::file_size(world.path() + "-wal"));
    CHECK_THROWS_AS(world.core->finish_visit(visit, outcome), Error);
  }
  REQUIRE(world.core->open_visits().size() == 1);
  CHECK(world.core->finished_visits(10).empty());
  CHECK(world.core->find_case(world.case_id())->state == CaseState::Open);
  REQUIRE(world.core->finish_visit(visit, outcome).ok());
  CHECK(world.core->finished_visits(10).size() == 1);
}

TEST_CASE("a disk that fails is told in the phone's language") {
  PhoneWorld world;
  const Error full(ErrorCode::DiskFull, "full");
  CHECK(world.core->words_for(full).find("espacio") != std::string::npos);
  world.core->set_language(Language::Portuguese);
  CHECK(world.core->words_for(full).find("espaço") != std::string::npos);
  CHECK(world.core->words_for(Error(ErrorCode::Io, "disk I/O error")).find("disk I/O error") !=
        std::string::npos);
  CHECK(world.core->words_for(Error(ErrorCode::Internal, "a bug")) == "a bug");
}
