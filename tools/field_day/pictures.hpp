#pragma once

#include "core/base/bytes.hpp"
#include "tools/town/dice.hpp"

namespace terreno::field_day {

// Pictures that a phone's camera and screen could have made, drawn in code: what they show does not exist.

/// A street front with the number beside the door, about 6 kB of PNG. `home_seed` decides the house, so that
/// two pictures of one place look alike; the dice move the camera and the light a little.
Bytes facade_picture(std::uint64_t home_seed, int number, bool business, town::Dice& dice);

/// A street seen along its length.
Bytes street_picture(std::uint64_t street_seed, town::Dice& dice);

/// A sheet of paper, as proof of address is one.
Bytes document_picture(town::Dice& dice);

/// A name written with the finger.
Bytes signature_picture(town::Dice& dice);

}  // namespace terreno::field_day
