import type { Language } from "../format";
import type { GateReason } from "../types";

// The gate's reasons as a supervisor reads them, in the third person and without the instructions that the
// gestor gets on the phone.
const kTexts: Record<Language, Record<GateReason, string>> = {
  es: {
    inside: "La posición cae dentro de la zona permitida.",
    outside: "La posición cae fuera de la zona permitida.",
    wait_better_fix: "La señal era demasiado imprecisa para decidir.",
    move_closer: "Estaba cerca, pero no lo bastante para asegurar que dentro.",
    no_fix: "No había ninguna lectura del GPS.",
    stale_fix: "La última lectura del GPS ya era vieja.",
    pin_uncertain: "El punto del domicilio es aproximado y no permite decidir.",
  },
  en: {
    inside: "The position falls inside the allowed zone.",
    outside: "The position falls outside the allowed zone.",
    wait_better_fix: "The signal was too imprecise to decide.",
    move_closer: "Close, but not close enough to be sure of being inside.",
    no_fix: "There was no GPS reading.",
    stale_fix: "The last GPS reading was too old.",
    pin_uncertain: "The pin of the address is approximate and does not allow a decision.",
  },
  pt: {
    inside: "A posição cai dentro da zona permitida.",
    outside: "A posição cai fora da zona permitida.",
    wait_better_fix: "O sinal estava impreciso demais para decidir.",
    move_closer: "Estava perto, mas não o bastante para garantir que dentro.",
    no_fix: "Não havia nenhuma leitura do GPS.",
    stale_fix: "A última leitura do GPS já era antiga.",
    pin_uncertain: "O ponto do endereço é aproximado e não permite decidir.",
  },
};

export function gate_texts(language: Language): Record<GateReason, string> {
  return kTexts[language];
}
