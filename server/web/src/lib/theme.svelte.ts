export type Theme = "auto" | "light" | "dark";

const kStored = "terreno.theme";
const system_dark = matchMedia("(prefers-color-scheme: dark)");

class ThemeChoice {
  choice = $state<Theme>(stored_theme());
  #system_dark = $state(system_dark.matches);
  readonly dark = $derived(this.choice === "dark" || (this.choice === "auto" && this.#system_dark));

  constructor() {
    system_dark.addEventListener("change", (event) => (this.#system_dark = event.matches));
    this.#show();
  }

  choose(theme: Theme): void {
    this.choice = theme;
    localStorage.setItem(kStored, theme);
    this.#show();
  }

  #show(): void {
    document.documentElement.dataset.theme = this.choice;
  }
}

function stored_theme(): Theme {
  const stored = localStorage.getItem(kStored);
  return stored === "light" || stored === "dark" ? stored : "auto";
}

export const theme = new ThemeChoice();
