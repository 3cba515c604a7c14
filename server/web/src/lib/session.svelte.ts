import { api, ApiError, when_session_lost } from "./api";
import { texts } from "./i18n/index.svelte";
import type { User } from "./types";

type Phase = "asking" | "out" | "in" | "unreachable";

// The cookie itself is out of reach of scripts. This only saves asking the server who we are when nobody has
// logged in from this browser.
const kWasIn = "terreno.was_in";

class Session {
  phase = $state<Phase>("asking");
  user = $state<User | null>(null);
  expired = $state(false);

  constructor() {
    when_session_lost(() => {
      if (this.phase === "in") this.expired = true;
      this.#leave();
    });
  }

  /** Finds out whether the cookie still stands. */
  async resume(): Promise<void> {
    if (localStorage.getItem(kWasIn) === null) return this.#leave();
    this.phase = "asking";
    try {
      this.#enter(await api.me());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#leave();
      else this.phase = "unreachable";
    }
  }

  async login(login: string, password: string): Promise<void> {
    this.#enter(await api.login(login, password));
  }

  async logout(): Promise<void> {
    try {
      await api.logout();
    } finally {
      this.#leave();
    }
  }

  get is_admin(): boolean {
    return this.user?.role === "admin";
  }
  get manages(): boolean {
    return this.user?.role === "admin" || this.user?.role === "supervisor";
  }

  #enter(user: User): void {
    this.user = user;
    this.expired = false;
    this.phase = "in";
    localStorage.setItem(kWasIn, "1");
    texts.region = { utc_offset_minutes: user.tenant.utc_offset_minutes, currency: user.tenant.currency };
  }

  #leave(): void {
    this.user = null;
    this.phase = "out";
    localStorage.removeItem(kWasIn);
  }
}

export const session = new Session();
