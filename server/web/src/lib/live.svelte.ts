import { api } from "./api";
import { apply_live, backoff_ms, kEmptyLive, type LiveState } from "./live_reducer";
import { texts } from "./i18n/index.svelte";
import { day_of, ServerClock } from "./time";
import type { LiveEvent, Summary } from "./types";

export type Connection = "connecting" | "online" | "offline";

// The server sends a tick every 20 s; a line this long silent is dead though TCP has not noticed.
const kSilenceMs = 50_000;
const kGestoresEveryMs = 20_000;
const kSummaryEveryMs = 60_000;
const kSummaryAfterEventMs = 1_200;

/** What the console watches: the gestores, the day's figures and what has arrived since it was opened. */
class Live {
  connection = $state<Connection>("connecting");
  retry_at_ms = $state(0);
  now_ms = $state(Date.now());
  day = $state("");
  summary = $state.raw<Summary | null>(null);
  /** Counts reconnections and manual refreshes; whoever shows fetched lists fetches again when it grows. */
  generation = $state(0);
  loaded = $state(false);
  #state = $state.raw<LiveState>(kEmptyLive);

  readonly gestores = $derived([...this.#state.gestores.values()]);
  readonly by_id = $derived(this.#state.gestores);
  readonly arrived = $derived(this.#state.arrived);
  readonly case_states = $derived(this.#state.case_states);

  #clock = new ServerClock(Date.now());
  #socket: WebSocket | null = null;
  #attempt = 0;
  #last_heard_ms = 0;
  #running = false;
  #timers = new Set<number>();
  #retry = 0;
  #summary_due = 0;
  #gestores_due = 0;

  /** One rule for every list: a visit belongs to the tenant's day on which it was finished. */
  is_of(finished_at_ms: number, day: string): boolean {
    return day_of(finished_at_ms, texts.region.utc_offset_minutes) === day;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#every(1000, () => this.#beat());
    this.#every(kGestoresEveryMs, () => void this.refresh_gestores());
    this.#every(kSummaryEveryMs, () => void this.refresh_summary());
    void this.#refresh_all();
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers.clear();
    clearTimeout(this.#retry);
    clearTimeout(this.#summary_due);
    clearTimeout(this.#gestores_due);
    this.#summary_due = this.#gestores_due = 0;
    this.#socket?.close();
    this.#socket = null;
    this.#state = kEmptyLive;
    this.summary = null;
    this.loaded = false;
    this.day = "";
  }

  async refresh_gestores(): Promise<void> {
    try {
      const answer = await api.gestores();
      this.#clock.observe(answer.now_ms, Date.now());
      const new_day = this.day !== "" && this.day !== answer.day;
      this.day = answer.day;
      this.#state = {
        ...this.#state,
        arrived: new_day ? [] : this.#state.arrived,
        gestores: new Map(answer.gestores.map((gestor) => [gestor.id, gestor])),
      };
      this.loaded = true;
      if (new_day) this.generation++;
    } catch {
      // The connection's own state tells the user; the next beat asks again.
    }
  }

  async refresh_summary(): Promise<void> {
    if (!this.day) return;
    try {
      this.summary = await api.summary(this.day);
    } catch {
      // As above.
    }
  }

  async #refresh_all(): Promise<void> {
    await this.refresh_gestores();
    await this.refresh_summary();
  }

  #every(interval_ms: number, action: () => void): void {
    this.#timers.add(window.setInterval(action, interval_ms));
  }

  #beat(): void {
    this.now_ms = this.#clock.now(Date.now());
    if (this.#socket && this.connection === "online" && Date.now() - this.#last_heard_ms > kSilenceMs) {
      this.#socket.close();
    }
  }

  #connect(): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/live`);
    this.#socket = socket;
    this.connection = "connecting";
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (message) => this.#heard(String(message.data)));
    socket.addEventListener("close", () => this.#lost(socket));
  }

  #opened(): void {
    this.#last_heard_ms = Date.now();
    this.connection = "online";
    if (this.#attempt > 0) {
      // Whatever happened while the line was down was not told: ask for everything again.
      this.generation++;
      void this.#refresh_all();
    }
    this.#attempt = 0;
  }

  #lost(socket: WebSocket): void {
    if (!this.#running || socket !== this.#socket) return;
    this.connection = "offline";
    const wait = backoff_ms(this.#attempt++, Math.random());
    this.retry_at_ms = Date.now() + wait;
    this.#retry = window.setTimeout(() => this.#connect(), wait);
    // A refused upgrade does not say why; asking for the gestores finds out whether the session ended.
    void this.refresh_gestores();
  }

  #heard(text: string): void {
    this.#last_heard_ms = Date.now();
    let event: LiveEvent;
    try {
      event = JSON.parse(text) as LiveEvent;
    } catch {
      return;
    }
    if ("now_ms" in event) this.#clock.observe(event.now_ms, Date.now());
    const applied = apply_live(this.#state, event, (at_ms) => this.is_of(at_ms, this.day));
    this.#state = applied.state;
    if (applied.refetch_gestores) this.#soon("gestores");
    if (applied.refetch_summary) this.#soon("summary");
  }

  /** A burst of events asks the server once. */
  #soon(what: "gestores" | "summary"): void {
    if (what === "gestores") {
      this.#gestores_due ||= window.setTimeout(() => {
        this.#gestores_due = 0;
        void this.refresh_gestores();
      }, kSummaryAfterEventMs);
      return;
    }
    this.#summary_due ||= window.setTimeout(() => {
      this.#summary_due = 0;
      void this.refresh_summary();
    }, kSummaryAfterEventMs);
  }
}

export const live = new Live();
