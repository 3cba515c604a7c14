#include <doctest/doctest.h>

#include "core/codec/codec.hpp"

using namespace terreno;

// These bytes are what released phones and servers speak (schema/wire.md). A test that fails here means a new
// version of the message, not a new constant.

TEST_CASE("the bytes of version 1 stay what they are") {
  const Uuid id = Uuid::parse("01890000-0000-7000-8000-000000000001").value();

  CHECK(to_hex(codec::encode_body(ShiftStarted{id, 1'790'000'000'000})) ==
        "01890000000070008000000000000001"
        "80b083c59868");

  VisitCancelled cancelled;
  cancelled.visit_id = id;
  cancelled.arrived_at_ms = 1;
  cancelled.cancelled_at_ms = -1;
  cancelled.reason = "ñ";
  cancelled.verdict = {GateAnswer::Outside, GateReason::MoveCloser, 0.5, 12.34, 1, 90, {20.5, -100.25}};
  CHECK(to_hex(codec::encode_body(cancelled)) ==
        "0189000000007000800000000000000100000000000000000000000000000000000000000000000000000000000000000201"
        "02c3b10103c0843da413c801880e80b5c0c301bfbe87bc07");

  EnrolRequest enrol;
  enrol.code = "AB";
  enrol.platform = Platform::Ios;
  enrol.device_name = "x";
  CHECK(to_hex(codec::encode(enrol)) ==
        "0001024142000000000000000000000000000000000000000000000000000000000000000001017800");
}
