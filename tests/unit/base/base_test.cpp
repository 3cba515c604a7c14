#include <doctest/doctest.h>

#include <ctime>

#include "core/base/bytes.hpp"
#include "core/base/clock.hpp"
#include "core/base/crypto.hpp"
#include "core/base/texts.hpp"
#include "core/base/uuid.hpp"

using namespace terreno;

TEST_CASE("hex and base64url give back the bytes they were made from") {
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes(size);
    fill_random(bytes);
    CHECK(from_hex(to_hex(bytes)).value() == bytes);
    CHECK(from_base64url(to_base64url(bytes)).value() == bytes);
  }
}

TEST_CASE("text that is no hex or base64url is refused") {
  CHECK(from_hex("abc").error().code == ErrorCode::MalformedBytes);
  CHECK(from_hex("zz").error().code == ErrorCode::MalformedBytes);
  CHECK(from_base64url("a").error().code == ErrorCode::MalformedBytes);
  CHECK(from_base64url("ab+/").error().code == ErrorCode::MalformedBytes);
}

TEST_CASE("SHA-256 gives the digest of FIPS 180 for 'abc', whole or in pieces") {
  const std::string expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(to_hex(sha256(as_bytes("abc"))) == expected);
  CHECK(to_hex(Sha256Stream().update(as_bytes("a")).update(as_bytes("bc")).finish()) == expected);
}

TEST_CASE("a signature verifies for its message and key and for nothing else") {
  const KeyPair pair = make_key_pair();
  const KeyPair other = make_key_pair();
  const Signature signature = sign(as_bytes("visita"), pair.secret_key);
  CHECK(verify(as_bytes("visita"), signature, pair.public_key));
  CHECK_FALSE(verify(as_bytes("visitA"), signature, pair.public_key));
  CHECK_FALSE(verify(as_bytes("visita"), signature, other.public_key));
}

TEST_CASE("the clock that never jumps counts the time that the machine slept") {
  timespec before{};
  timespec after{};
  REQUIRE(clock_gettime(CLOCK_BOOTTIME, &before) == 0);
  const MonoMs now = SystemClock().mono_ms();
  REQUIRE(clock_gettime(CLOCK_BOOTTIME, &after) == 0);
  CHECK(now >= before.tv_sec * 1000 + before.tv_nsec / 1'000'000);
  CHECK(now <= after.tv_sec * 1000 + after.tv_nsec / 1'000'000);
}

TEST_CASE("a password verifies against its own hash only") {
  const std::string hash = hash_password("correcto caballo");
  CHECK(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(verify_password("correcto caballo", hash));
  CHECK_FALSE(verify_password("correcto caball", hash));
  CHECK_FALSE(verify_password("correcto caballo", "not a hash"));
  CHECK_FALSE(verify_password("correcto caballo", std::string(4096, 'x')));
}

TEST_CASE("identifiers of version 7 are ordered by time and survive their text") {
  const SystemClock clock;
  const Uuid id = make_uuid_v7(clock);
  CHECK(id.to_string()[14] == '7');
  CHECK(Uuid::parse(id.to_string()).value() == id);
  CHECK_FALSE(Uuid::parse("no es un uuid").ok());
  CHECK_FALSE(id.is_nil());
}

TEST_CASE("a text is found in three languages with its arguments put in") {
  CHECK(text(Language::Spanish, "gate.inside", {{"distance", "12 m"}}) ==
        "Estás en el lugar, a 12 m del punto. Puedes empezar la visita.");
  CHECK(text(Language::English, "gate.inside", {{"distance", "12 m"}}).starts_with("You are"));
  CHECK(text(language_from_tag("pt-BR"), "direction.n") == "norte");
  CHECK_THROWS_AS(text(Language::Spanish, "no.such.key"), Error);
}

TEST_CASE("value() of a failed result throws its error") {
  const Result<int> failed = Error(ErrorCode::NotFound, "nothing there");
  CHECK_THROWS_AS((void)failed.value(), Error);
  CHECK(Result<int>(7).value() == 7);
}
