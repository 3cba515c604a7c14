// Smooth motion between the positions that arrive: a marker slides to its new place instead of jumping. It
// is a picture, not a claim: it always ends on the measured position and never runs ahead of it.

export type LonLat = readonly [lon: number, lat: number];

interface Motion {
  from: LonLat;
  to: LonLat;
  started_ms: number;
  duration_ms: number;
}

/** Farther than this a marker is put there at once: nobody slides over half a city. */
const kJumpDegrees = 0.05;

export class Glide {
  #motions = new Map<string, Motion>();

  constructor(private readonly duration_ms: number) {}

  /** Sends one marker to a place; from where it is drawn now, or right there when it is new. */
  to(id: string, target: LonLat, now_ms: number): void {
    const motion = this.#motions.get(id);
    if (motion && motion.to[0] === target[0] && motion.to[1] === target[1]) return;
    const from = motion ? place_in(motion, now_ms) : target;
    const jump = Math.abs(from[0] - target[0]) + Math.abs(from[1] - target[1]) > kJumpDegrees;
    this.#motions.set(id, {
      from: jump ? target : from,
      to: target,
      started_ms: now_ms,
      duration_ms: jump ? 0 : this.duration_ms,
    });
  }

  at(id: string, now_ms: number): LonLat | null {
    const motion = this.#motions.get(id);
    return motion ? place_in(motion, now_ms) : null;
  }

  forget_all_but(ids: ReadonlySet<string>): void {
    for (const id of this.#motions.keys()) if (!ids.has(id)) this.#motions.delete(id);
  }

  moving(now_ms: number): boolean {
    for (const motion of this.#motions.values()) {
      if (now_ms - motion.started_ms < motion.duration_ms) return true;
    }
    return false;
  }
}

function place_in(motion: Motion, now_ms: number): LonLat {
  const elapsed = now_ms - motion.started_ms;
  if (elapsed >= motion.duration_ms) return motion.to;
  const share = Math.max(0, elapsed / motion.duration_ms);
  const eased = share * share * (3 - 2 * share);
  return [
    motion.from[0] + (motion.to[0] - motion.from[0]) * eased,
    motion.from[1] + (motion.to[1] - motion.from[1]) * eased,
  ];
}
