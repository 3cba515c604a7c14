#include "tools/field_day/people.hpp"

#include <map>
#include <sstream>
#include <string_view>
#include <vector>

namespace terreno::field_day {
namespace {

using Words = std::vector<std::string>;

const Words kGiven = {
    "María",   "Guadalupe", "Rosa",    "Leticia", "Verónica", "Patricia", "Elena",   "Norma",  "Silvia",
    "Yolanda", "Adriana",   "Claudia", "Beatriz", "Fernanda", "Daniela",  "Ximena",  "Karina", "Rocío",
    "José",    "Juan",      "Luis",    "Miguel",  "Ángel",    "Ricardo",  "Alberto", "Raúl",   "Héctor",
    "Ramón",   "Óscar",     "Ernesto", "Emilio",  "Rubén",    "Gerardo",  "Iván",    "Tomás",  "Julián"};
const Words kSurnames = {"Hernández", "García",  "Martínez", "López",   "González",  "Pérez",   "Rodríguez",
                         "Sánchez",   "Ramírez", "Cruz",     "Flores",  "Gómez",     "Morales", "Vázquez",
                         "Jiménez",   "Reyes",   "Díaz",     "Torres",  "Gutiérrez", "Ruiz",    "Mendoza",
                         "Aguilar",   "Ortiz",   "Castillo", "Moreno",  "Romero",    "Álvarez", "Rivera",
                         "Chávez",    "Ramos",   "Herrera",  "Medina",  "Vargas",    "Castro",  "Méndez",
                         "Guzmán",    "Juárez",  "Rojas",    "Ortega",  "Delgado",   "Olvera",  "Trejo",
                         "Zamora",    "Cabrera", "Luna",     "Salinas", "Bautista",  "Estrada"};
const Words kTrades = {"Abarrotes",  "Miscelánea", "Papelería",        "Tortillería",
                       "Panadería",  "Ferretería", "Farmacia",         "Estética",
                       "Taquería",   "Carnicería", "Frutería",         "Refaccionaria",
                       "Lavandería", "Zapatería",  "Cocina económica", "Vidriería"};
const Words kShopNames = {"La Esperanza",   "Doña Lupita", "El Porvenir", "San Judas",
                          "La Económica",   "Los Primos",  "Mary",        "El Güero",
                          "La Guadalupana", "Don Chuy",    "La Esquina",  "Tres Hermanos"};
const Words kOccupations = {"albañil",
                            "comerciante",
                            "maestra de primaria",
                            "enfermera",
                            "chofer",
                            "operador de máquina",
                            "cocinera",
                            "empleada de mostrador",
                            "mecánico",
                            "costurera",
                            "guardia",
                            "electricista",
                            "secretaria",
                            "estilista",
                            "campesino",
                            "contadora",
                            "carpintero",
                            "repartidor"};
const Words kEmployers = {
    "Empacadora del Bajío",    "Escuela primaria", "por su cuenta",      "Transportes del Centro",
    "Maquiladora Los Fresnos", "Municipio",        "Clínica San Rafael", "Tienda de autoservicio",
    "Constructora Olmedo",     "Hotel Plaza",      "Taller familiar",    "Granja avícola La Loma"};
const Words kHints = {"Portón verde, frente a la tienda",
                      "Casa de dos pisos, barandal blanco",
                      "Junto a la tortillería",
                      "Zaguán negro, timbre de lado derecho",
                      "A media cuadra del parque",
                      "Fachada amarilla con reja",
                      "Frente al kínder",
                      "Esquina, local de la planta baja",
                      "Casa con bugambilia",
                      "Entre la farmacia y el taller",
                      "Puerta de madera, tocar fuerte",
                      "Al fondo del pasillo, interior 2"};

std::string plain(std::string_view text) {
  static const std::map<std::string, char, std::less<>> accents = {
      {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"ü", 'u'}, {"ñ", 'n'},
      {"Á", 'a'}, {"É", 'e'}, {"Í", 'i'}, {"Ó", 'o'}, {"Ú", 'u'}, {"Ü", 'u'}, {"Ñ", 'n'}};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto found = accents.find(text.substr(i, 2));
    if (found != accents.end()) {
      out += found->second;
      ++i;
    } else {
      out += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    }
  }
  return out;
}

}  // namespace

std::string person_name(town::Dice& dice) {
  return dice.pick(kGiven) + ' ' + dice.pick(kSurnames) + ' ' + dice.pick(kSurnames);
}

std::string phone_number(town::Dice& dice) {
  return "555" + std::to_string(dice.integer(1'000'000, 9'999'999));
}

std::string business_name(town::Dice& dice) { return dice.pick(kTrades) + ' ' + dice.pick(kShopNames); }
std::string occupation(town::Dice& dice) { return dice.pick(kOccupations); }
std::string employer(town::Dice& dice) { return dice.pick(kEmployers); }
std::string door_hint(town::Dice& dice) { return dice.pick(kHints); }

std::string login_of(const std::string& name) {
  std::istringstream words(plain(name));
  std::string given, surname;
  words >> given >> surname;
  return surname.empty() ? given : given + '.' + surname;
}

}  // namespace terreno::field_day
