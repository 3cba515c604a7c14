#include "core/geo/gate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "core/geo/distance.hpp"

namespace terreno::geo {
namespace {

constexpr WallMs kNow = 1'760'000'000'000;
const GeoPoint kZocalo{19.4326, -99.1332};

Fence fence_of(double radius_m, PinPrecision precision = PinPrecision::Rooftop) {
  return {kZocalo, radius_m, precision};
}

Fix fix_at(double east_m, double north_m, double accuracy_m, std::int64_t age_ms = 0) {
  Fix fix;
  fix.captured_at_ms = kNow - age_ms;
  fix.point = LocalFrame(kZocalo).to_point({east_m, north_m});
  fix.accuracy_m = accuracy_m;
  return fix;
}

LocationVerdict judged(const Fence& fence, const std::vector<Fix>& fixes,
                       Platform platform = Platform::Android) {
  return judge(fence, GatePolicy{}, fixes, platform, kNow);
}

/// The same probability as a Poisson mixture of central χ² laws (the noncentral χ² with two degrees of
/// freedom).
double by_series(double d, double sigma, double radius) {
  const double a = d * d / (2 * sigma * sigma), b = radius * radius / (2 * sigma * sigma);
  double weight = std::exp(-a), term = std::exp(-b), tail = term, sum = weight * (1 - tail);
  for (int k = 1; k < 4000; ++k) {
    weight *= a / k;
    term *= b / k;
    tail += term;
    sum += weight * (1 - tail);
  }
  return sum;
}

}  // namespace

TEST_CASE("the probability of being inside agrees with the published check values") {
  struct Row {
    double accuracy, at_0, at_25, at_50, at_75;
  };
  for (const Row& row : {Row{15, 1.000, .991, .460, .005}, Row{30, .958, .833, .419, .077},
                         Row{65, .490, .436, .304, .165}, Row{100, .248, .233, .194, .142}}) {
    const double sigma = row.accuracy / kSigmasIn68;
    CHECK(std::abs(inside_circle_probability(0, sigma, 50) - row.at_0) <= 0.0006);
    CHECK(std::abs(inside_circle_probability(25, sigma, 50) - row.at_25) <= 0.0006);
    CHECK(std::abs(inside_circle_probability(50, sigma, 50) - row.at_50) <= 0.0006);
    CHECK(std::abs(inside_circle_probability(75, sigma, 50) - row.at_75) <= 0.0006);
  }
}

TEST_CASE("the probability of being inside equals the noncentral chi-squared series") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  double worst = 0;
  for (int i = 0; i < 4000; ++i) {
    const double radius = 1, sigma = 0.05 * std::pow(200.0, unit(random)), d = 2.2 * unit(random);
    worst =
        std::max(worst, std::abs(inside_circle_probability(d, sigma, radius) - by_series(d, sigma, radius)));
  }
  CHECK(worst < 1e-9);
  for (const double sigma : {0.5, 6.0, 50.0, 5000.0}) {
    const double at_centre = 1 - std::exp(-50.0 * 50 / (2 * sigma * sigma));
    CHECK(std::abs(inside_circle_probability(0, sigma, 50) - at_centre) < 1e-9);
  }
}

TEST_CASE("the probability falls with distance and never leaves 0..1") {
  for (const double sigma : {0.01, 6.0, 30.0, 400.0}) {
    double before = 1;
    for (double d = 0; d < 2000; d += 1.7) {
      const double p = inside_circle_probability(d, sigma, 500);
      CHECK(p >= 0);
      CHECK(p <= before + 1e-9);
      before = p;
    }
  }
  CHECK(inside_circle_probability(10, 0, 50) == 0);
  CHECK(inside_circle_probability(std::numeric_limits<double>::quiet_NaN(), 5, 50) == 0);
  CHECK(inside_circle_probability(10, std::numeric_limits<double>::infinity(), 50) == 0);
}

TEST_CASE("each platform's accuracy becomes its own sigma and a boast is not believed") {
  const Fix fix = fix_at(0, 0, 30);
  CHECK(sigma_of(fix, Platform::Android) == doctest::Approx(19.8729));
  CHECK(sigma_of(fix, Platform::Ios) == doctest::Approx(21.2132));
  CHECK(sigma_of(fix, Platform::Web) == doctest::Approx(12.2562));
  CHECK(sigma_of(fix_at(0, 0, 1), Platform::Android) == kSigmaFloor_m);
}

TEST_CASE("a visit 300 m away is refused and says how far and which way") {
  const LocationVerdict verdict = judged(fence_of(50), {fix_at(-212, -212, 8)});
  CHECK(verdict.answer == GateAnswer::Outside);
  CHECK(verdict.reason == GateReason::Outside);
  CHECK(verdict.distance_m == doctest::Approx(299.8).epsilon(0.001));
  CHECK_FALSE(may_begin(verdict, GatePolicy{}));
  const std::string said = explain(verdict, fence_of(50), GatePolicy{}, Language::Spanish);
  CHECK(said ==
        "Estás a 300 m del lugar. Acércate 250 m hacia el noreste; la visita se abre a 50 m del punto.");
}

TEST_CASE("65 m of accuracy at the door of a 50 m fence waits for a better signal on both phones") {
  for (const Platform platform : {Platform::Android, Platform::Ios}) {
    for (const double distance : {0.0, 20.0, 50.0, 75.0}) {
      for (const std::size_t count : {1U, 2U, 10U, 40U}) {
        std::vector<Fix> fixes;
        for (std::size_t i = 0; i < count; ++i)
          fixes.push_back(fix_at(distance, 0, 65, 600 * std::int64_t(i)));
        const LocationVerdict verdict = judged(fence_of(50), fixes, platform);
        CHECK(verdict.answer == GateAnswer::Inconclusive);
        CHECK(verdict.reason == GateReason::WaitBetterFix);
      }
    }
  }
  const LocationVerdict verdict = judged(fence_of(50), {fix_at(50, 0, 65)});
  const std::string said = explain(verdict, fence_of(50), GatePolicy{}, Language::Spanish);
  CHECK(said.find("Espera una mejor señal") != std::string::npos);
}

TEST_CASE("8 m of accuracy inside opens the visit") {
  const LocationVerdict verdict = judged(fence_of(50), {fix_at(20, 10, 8)});
  CHECK(verdict.answer == GateAnswer::Inside);
  CHECK(verdict.reason == GateReason::Inside);
  CHECK(verdict.probability > 0.95);
  CHECK(may_begin(verdict, GatePolicy{}));
}

TEST_CASE("at the edge with a good signal the gestor is told to move closer") {
  const LocationVerdict verdict = judged(fence_of(50), {fix_at(0, 50, 8)});
  CHECK(verdict.reason == GateReason::MoveCloser);
  CHECK(explain(verdict, fence_of(50), GatePolicy{}, Language::Spanish) ==
        "Casi llegas: estás a 50 m del punto. Acércate hacia el sur.");
}

TEST_CASE("no fix and stale fixes say so and never open a visit") {
  GatePolicy lenient;
  lenient.inconclusive_allows = true;
  const LocationVerdict none = judge(fence_of(50), lenient, {}, Platform::Android, kNow);
  CHECK(none.reason == GateReason::NoFix);
  CHECK_FALSE(may_begin(none, lenient));
  const std::vector<Fix> old{fix_at(0, 0, 8, 31'000)};
  const LocationVerdict stale = judge(fence_of(50), lenient, old, Platform::Android, kNow);
  CHECK(stale.reason == GateReason::StaleFix);
  CHECK(stale.answer == GateAnswer::Inconclusive);
  CHECK_FALSE(may_begin(stale, lenient));
  Fix senseless = fix_at(0, 0, 8);
  senseless.accuracy_m = std::numeric_limits<double>::quiet_NaN();
  CHECK(judged(fence_of(50), {senseless}).reason == GateReason::NoFix);
}

TEST_CASE("where the tenant allows it an inconclusive visit opens and is told as unconfirmed") {
  GatePolicy lenient;
  lenient.inconclusive_allows = true;
  const LocationVerdict verdict = judged(fence_of(50), {fix_at(0, 0, 65)});
  CHECK(may_begin(verdict, lenient));
  CHECK_FALSE(may_begin(verdict, GatePolicy{}));
  CHECK(explain(verdict, fence_of(50), lenient, Language::Spanish).find("sin confirmar") !=
        std::string::npos);
}

TEST_CASE("an imprecise fix is no proof of absence but a far one is, whatever its precision") {
  CHECK(judged(fence_of(50), {fix_at(0, 0, 500)}).reason == GateReason::WaitBetterFix);
  CHECK(judged(fence_of(50), {fix_at(300, 0, 500)}).reason == GateReason::WaitBetterFix);
  CHECK(judged(fence_of(50), {fix_at(9000, 0, 500)}).answer == GateAnswer::Outside);
}

TEST_CASE("a pin that nobody knows well cannot be confirmed by waiting") {
  const LocationVerdict verdict = judged(fence_of(50, PinPrecision::Approximate), {fix_at(0, 0, 5)});
  CHECK(verdict.reason == GateReason::PinUncertain);
  CHECK(judged(fence_of(50, PinPrecision::Interpolated), {fix_at(0, 0, 5)}).answer == GateAnswer::Inside);
  CHECK(judged(fence_of(600, PinPrecision::Approximate), {fix_at(0, 0, 5)}).answer == GateAnswer::Inside);
}

TEST_CASE("ten fixes in a row are worth about two, and a repeated fix nothing") {
  std::vector<Fix> spaced, repeated;
  for (int i = 0; i < 10; ++i) {
    spaced.push_back(fix_at(0, 0, 40, 5'000 * i));
    spaced.back().speed_mps = 0;
    repeated.push_back(fix_at(0, 0, 40));
  }
  const double one = sigma_of(spaced[0], Platform::Android);
  const auto fused = fuse(spaced, Platform::Android, kNow, 60'000);
  REQUIRE(fused.has_value());
  const double worth = (one / fused->sigma_m) * (one / fused->sigma_m);
  CHECK(worth > 1.8);
  CHECK(worth < 2.9);
  const auto same = fuse(repeated, Platform::Android, kNow, 60'000);
  REQUIRE(same.has_value());
  CHECK(same->sigma_m == doctest::Approx(one));
}

TEST_CASE("one bad fix does not flip the fence") {
  std::vector<Fix> fixes;
  for (int i = 0; i < 6; ++i) fixes.push_back(fix_at(3 * i, -2 * i, 10, 2'000 * i));
  fixes.push_back(fix_at(280, 100, 5, 1'000));
  CHECK(judged(fence_of(50), fixes).answer == GateAnswer::Inside);
  for (Fix& fix : fixes) fix.point = LocalFrame(kZocalo).to_point({500, 500});
  fixes.back().point = kZocalo;
  CHECK(judged(fence_of(50), fixes).answer == GateAnswer::Outside);
}

TEST_CASE("fixes that contradict each other widen the result") {
  const std::vector<Fix> agreeing{fix_at(0, 0, 10), fix_at(2, 0, 10, 1'000)};
  const std::vector<Fix> scattered{fix_at(0, 0, 10), fix_at(120, 0, 10, 1'000)};
  const auto narrow = fuse(agreeing, Platform::Android, kNow, 30'000);
  const auto wide = fuse(scattered, Platform::Android, kNow, 30'000);
  REQUIRE((narrow && wide));
  CHECK(wide->sigma_m > 4 * narrow->sigma_m);
}

TEST_CASE("a fix from after the phone's clock counts as new, since the clock may be behind") {
  CHECK(judged(fence_of(50), {fix_at(10, 0, 8, -3'600'000)}).answer == GateAnswer::Inside);
}

TEST_CASE("the verdict does not depend on the order of the fixes and is the same every time") {
  std::mt19937_64 random(11);
  std::normal_distribution<double> noise(0, 15);
  for (int round = 0; round < 200; ++round) {
    std::vector<Fix> fixes;
    for (int i = 0; i < 14; ++i)
      fixes.push_back(fix_at(noise(random), noise(random), 5 + std::abs(noise(random)), 1'900 * i));
    const LocationVerdict expected = judged(fence_of(40), fixes);
    std::shuffle(fixes.begin(), fixes.end(), random);
    CHECK(judged(fence_of(40), fixes) == expected);
  }
}

TEST_CASE("the gate works on the antimeridian and at a pole, and the antipode is outside") {
  for (const GeoPoint& centre :
       {GeoPoint{-16.8, 180}, GeoPoint{-16.8, -180}, GeoPoint{90, 0}, GeoPoint{-90, 12}}) {
    const LocalFrame frame(centre);
    const Fence fence{centre, 50, PinPrecision::Rooftop};
    Fix fix = fix_at(0, 0, 8);
    fix.point = frame.to_point({-15, 9});
    CHECK(judged(fence, {fix}).answer == GateAnswer::Inside);
    fix.point = {-centre.lat, centre.lon > 0 ? centre.lon - 180 : centre.lon + 180};
    CHECK(judged(fence, {fix}).answer == GateAnswer::Outside);
  }
}

TEST_CASE("honest visitors are let in and absent ones are not, over many simulated arrivals") {
  std::mt19937_64 random(3);
  std::normal_distribution<double> standard(0, 1);
  int refused_inside = 0, opened_far = 0;
  constexpr int kVisits = 2000;
  for (int i = 0; i < kVisits; ++i) {
    const double sigma = i % 2 == 0 ? 6 : 12;
    std::vector<Fix> at_door, far;
    for (int k = 0; k < 5; ++k) {
      const double x = sigma * standard(random), y = sigma * standard(random);
      at_door.push_back(fix_at(8 + x, y, sigma * kSigmasIn68, 1'000 * k));
      far.push_back(fix_at(150 + x, y, sigma * kSigmasIn68, 1'000 * k));
    }
    refused_inside += judged(fence_of(50), at_door).answer != GateAnswer::Inside;
    opened_far += judged(fence_of(50), far).answer != GateAnswer::Outside;
  }
  CHECK(refused_inside < kVisits / 50);
  CHECK(opened_far < kVisits / 50);
}

TEST_CASE("any numbers give a verdict") {
  std::mt19937_64 random(19);
  const std::vector<double> odd{0,
                                -0.0,
                                1,
                                -1,
                                50,
                                90,
                                -90,
                                180,
                                -180,
                                1e9,
                                -1e9,
                                1e300,
                                1e-300,
                                std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::quiet_NaN()};
  const auto any = [&] { return odd[random() % odd.size()]; };
  for (int i = 0; i < 20'000; ++i) {
    std::vector<Fix> fixes(random() % 12);
    for (Fix& fix : fixes) {
      fix.point = {any(), any()};
      fix.accuracy_m = any();
      fix.speed_mps = any();
      fix.captured_at_ms =
          random() % 3 == 0 ? std::numeric_limits<WallMs>::min() : kNow - WallMs(random() % 40'000);
    }
    const Fence fence{{any(), any()}, any(), PinPrecision(random() % 5)};
    const GatePolicy policy{any(), any(), WallMs(random() % 60'000), random() % 2 == 0};
    const LocationVerdict verdict = judge(fence, policy, fixes, Platform(random() % 4), kNow);
    CHECK(verdict.probability >= 0);
    CHECK(verdict.probability <= 1);
    CHECK_FALSE(explain(verdict, fence, policy, Language::Portuguese).empty());
  }
}

TEST_CASE("the least provable radius is where the best fix at the pin begins to prove it") {
  const GatePolicy policy;
  for (const PinPrecision precision :
       {PinPrecision::Verified, PinPrecision::Rooftop, PinPrecision::Interpolated, PinPrecision::Street,
        PinPrecision::Approximate}) {
    const double least_m = least_provable_radius(precision, policy.inside_probability);
    Fix fix;
    fix.captured_at_ms = 1'773'331'200'000;
    fix.point = {19.4, -99.1};
    fix.accuracy_m = 1;
    const auto reason = [&](double radius_m) {
      const Fence fence{fix.point, radius_m, precision};
      return judge(fence, policy, std::span(&fix, 1), Platform::Android, fix.captured_at_ms).reason;
    };
    CAPTURE(least_m);
    CHECK(reason(least_m * 1.01) == GateReason::Inside);
    CHECK(reason(least_m * 0.99) == GateReason::PinUncertain);
  }
  CHECK(least_provable_radius(PinPrecision::Street, 0.8) > 100);
  CHECK(std::isinf(least_provable_radius(PinPrecision::Verified, 1)));
}

}  // namespace terreno::geo
