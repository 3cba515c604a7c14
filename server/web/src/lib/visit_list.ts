import { api } from "./api";
import type { ContactClass, VisitSummary } from "./types";

const kPage = 500;
const kMost = 5000;

/** All visits of a day, asked for page by page; `shown` is called after each so that the first is on screen at once. */
export async function fetch_day(
  day: string,
  gestor_id: string,
  shown: (visits: VisitSummary[]) => boolean,
): Promise<void> {
  const all: VisitSummary[] = [];
  for (let offset = 0; offset < kMost; offset += kPage) {
    const page = await api.visits({ day, gestor_id, limit: kPage, offset });
    all.push(...page);
    if (!shown([...all]) || page.length < kPage) return;
  }
}

export interface VisitFilter {
  gestor_id: string;
  contact: ContactClass | "";
  only_marked: boolean;
}

export function filtered(visits: readonly VisitSummary[], filter: VisitFilter): VisitSummary[] {
  return visits.filter(
    (visit) =>
      (filter.gestor_id === "" || visit.gestor_id === filter.gestor_id) &&
      (filter.contact === "" || visit.outcome.contact === filter.contact) &&
      (!filter.only_marked || visit.marks.length > 0),
  );
}
