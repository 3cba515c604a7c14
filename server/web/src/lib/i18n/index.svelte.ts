import { ApiError } from "../api";
import { Formats, kLocales, type Language, type Region } from "../format";
import type { GateReason, Mark, OutcomeLabel, Verdict } from "../types";
import { en } from "./en";
import { es, type Dictionary } from "./es";
import { pt } from "./pt";
import { gate_texts } from "./gate_texts";

const kDictionaries: Record<Language, Dictionary> = { es, en, pt };
const kMoneyFields = new Set([
  "balance",
  "overdue",
  "principal",
  "interest",
  "late_interest",
  "fees",
  "requested_amount",
  "declared_income",
  "declared_sales_month",
]);
const kStored = "terreno.language";

export const kLanguages: { code: Language; name: string }[] = [
  { code: "es", name: "Español" },
  { code: "en", name: "English" },
  { code: "pt", name: "Português" },
];

function first_language(): Language {
  const stored = localStorage.getItem(kStored);
  return stored === "en" || stored === "pt" ? stored : "es";
}

/** The language on screen and everything that is written in it. Reading it in a component keeps that current. */
class Texts {
  language = $state<Language>(first_language());
  region = $state<Region>({ utc_offset_minutes: -360, currency: "MXN" });
  readonly t = $derived(kDictionaries[this.language]);
  readonly format = $derived(new Formats(this.language, this.region));

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(kStored, language);
    document.documentElement.lang = kLocales[language];
  }

  outcome(outcome: OutcomeLabel): string {
    const label = { es: outcome.label_es, en: outcome.label_en, pt: outcome.label_pt }[this.language];
    return label || outcome.label_es || spelled_out(outcome.code);
  }

  /** A mark's name and reason; one that this console does not know yet still shows what the server said. */
  mark(mark: Mark): { name: string; why: string } {
    const known = this.t.marks as Record<string, { name: string; why: string }>;
    return known[mark.code] ?? { name: spelled_out(mark.code), why: "" };
  }

  /** What a mark says beside its reason. */
  mark_detail(mark: Mark): string {
    return (this.t.outcome_faults as Record<string, string>)[mark.detail] ?? mark.detail;
  }

  /** The name of something that a case carries. */
  field(name: string): string {
    return (this.t.fields as Record<string, string>)[name] ?? spelled_out(name);
  }

  /** Its value; amounts of money as money. */
  field_value(name: string, value: string): string {
    const amount = Number(value);
    if (kMoneyFields.has(name) && value !== "" && Number.isFinite(amount)) return this.format.money(amount * 100);
    return (this.t.codes as Record<string, string>)[value] ?? value;
  }

  code(code: string): string {
    return (this.t.codes as Record<string, string>)[code] ?? spelled_out(code);
  }

  verdict_text(verdict: Verdict): string {
    return gate_texts(this.language)[verdict.reason as GateReason] ?? verdict.text ?? "";
  }

  /** What went wrong, in words for people. */
  error(error: unknown): string {
    if (!(error instanceof ApiError)) return this.t.errors.other;
    const known = this.t.errors as Record<string, string>;
    return known[error.code] ?? this.t.errors.other;
  }
}

/** 'asks_to_restructure' as 'Asks to restructure'. */
export function spelled_out(code: string): string {
  const words = code.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const texts = new Texts();
document.documentElement.lang = kLocales[texts.language];
