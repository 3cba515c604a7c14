// Boost.JSON as a part of this library: its headers alone do not bring the code.
#include <boost/json/src.hpp>
