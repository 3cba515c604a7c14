// The list that a visit was opened from, so that 'next' and 'previous' walk it.
class VisitOrder {
  ids = $state.raw<string[]>([]);

  around(id: string): { previous: string | null; next: string | null; index: number; total: number } {
    const index = this.ids.indexOf(id);
    return {
      previous: index > 0 ? (this.ids[index - 1] ?? null) : null,
      next: index >= 0 ? (this.ids[index + 1] ?? null) : null,
      index,
      total: this.ids.length,
    };
  }
}

export const visit_order = new VisitOrder();
