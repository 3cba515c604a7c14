#include "tools/town/names.hpp"

namespace terreno::town {

const std::vector<std::string>& street_names() {
  static const std::vector<std::string> names = {
      "Hidalgo",         "Morelos",      "Juárez",          "Allende",       "Guerrero",
      "Matamoros",       "Aldama",       "Abasolo",         "Galeana",       "Nicolás Bravo",
      "Ocampo",          "Zaragoza",     "Madero",          "Zapata",        "Independencia",
      "Reforma",         "Constitución", "Libertad",        "5 de Mayo",     "16 de Septiembre",
      "20 de Noviembre", "Niños Héroes", "Corregidora",     "Pípila",        "Xicoténcatl",
      "Jacarandas",      "Fresnos",      "Ahuehuetes",      "Mezquites",     "Encinos",
      "Laureles",        "Sauces",       "Olivos",          "Pirules",       "Cedros",
      "Nogales",         "Granados",     "Tabachines",      "Colorines",     "Higueras",
      "Naranjos",        "Limoneros",    "Álamos",          "Bugambilias",   "Azucenas",
      "Alcatraces",      "Nardos",       "Dalias",          "Cempasúchil",   "Magnolias",
      "Alfareros",       "Canteros",     "Plateros",        "Herreros",      "Tejedores",
      "Arrieros",        "Carpinteros",  "Talabarteros",    "Panaderos",     "Obrajeros",
      "Gorriones",       "Zenzontles",   "Golondrinas",     "Colibríes",     "Garzas",
      "Calandrias",      "Cardenales",   "Tórtolas",        "Ópalo",         "Cuarzo",
      "Obsidiana",       "Turquesa",     "Amatista",        "Jade",          "Ámbar",
      "Lucero",          "Orión",        "Aurora",          "Pléyades",      "Cometa",
      "Del Pozo",        "De la Fuente", "Del Molino",      "De la Acequia", "Del Puente Viejo",
      "De la Estación",  "Del Mesón",    "De la Alhóndiga", "Del Calvario",  "De la Cruz Verde",
      "Manantial",       "Cañada",       "Loma Alta",       "Vergel",        "Tepozán",
      "Huizache",        "Nopalera",     "Garambullo",      "Biznaga",       "Agave",
  };
  return names;
}

const std::vector<std::string>& colonia_names() {
  static const std::vector<std::string> names = {
      "Centro",
      "Barrio del Carmen",
      "Barrio de la Cruz",
      "Barrio de San Judas",
      "La Ladrillera",
      "Obrera",
      "Ferrocarrilera",
      "Los Mezquites",
      "El Mirador",
      "Las Palomas",
      "Santa Cecilia",
      "Lomas del Río",
      "El Tepetate",
      "Jardines de la Ribera",
      "La Huerta",
      "Los Pirules",
      "Magisterial",
      "La Joya",
      "El Batán",
      "Nueva Esperanza",
      "San Isidro",
      "Valle Dorado",
      "Hacienda Vieja",
      "Las Peñitas",
      "Rancho Chico",
  };
  return names;
}

const std::vector<std::string>& avenue_names() {
  static const std::vector<std::string> names = {
      "Av. de la Constancia", "Av. de los Fundadores", "Av. Tecnológico", "Av. del Ferrocarril",
      "Calzada del Panteón",  "Av. de las Torres",     "Av. Revolución",  "Calzada de los Arcos",
      "Av. Insurgentes",      "Av. del Trabajo",       "Av. Solidaridad", "Calzada de la Presa",
      "Av. Las Américas",     "Av. Universidad",
  };
  return names;
}

const std::vector<std::string>& town_names() {
  static const std::vector<std::string> names = {"Santa Rosalba del Llano", "San Telmo de los Fresnos",
                                                 "Villa del Mezquite", "Puente Colorado de Mina"};
  return names;
}

}  // namespace terreno::town
