// Addresses of the console. The server answers index.html for each of them, so a link can be sent on.

export type Screen = "map" | "visits" | "visit" | "cases" | "forms" | "users";

interface Place {
  screen: Screen;
  id: string | null;
  query: URLSearchParams;
}

export function place_of(path: string, search: string): Place {
  const [first = "", id = ""] = path.split("/").filter(Boolean);
  const query = new URLSearchParams(search);
  if (first === "visits") return { screen: id ? "visit" : "visits", id: id || null, query };
  if (first === "cases") return { screen: "cases", id: id || null, query };
  if (first === "forms") return { screen: "forms", id: null, query };
  if (first === "users") return { screen: "users", id: null, query };
  return { screen: "map", id: null, query };
}

class Router {
  #place = $state<Place>(place_of(location.pathname, location.search));

  constructor() {
    addEventListener("popstate", () => (this.#place = place_of(location.pathname, location.search)));
  }

  get screen(): Screen {
    return this.#place.screen;
  }
  get id(): string | null {
    return this.#place.id;
  }
  param(name: string): string | null {
    return this.#place.query.get(name);
  }

  go(path: string, replace = false): void {
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    this.#place = place_of(location.pathname, location.search);
  }

  /** Lets a plain link change screens without loading the page; other clicks stay the browser's. */
  follow = (event: MouseEvent): void => {
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.pathname.startsWith("/api/")) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

export const router = new Router();
