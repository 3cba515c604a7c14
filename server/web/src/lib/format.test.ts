import { describe, expect, it } from "vitest";
import { Formats } from "./format";

const mexico = { utc_offset_minutes: -360, currency: "MXN" };
const brazil = { utc_offset_minutes: -180, currency: "BRL" };
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

describe("formats", () => {
  it("write money of the tenant in the reader's language", () => {
    expect(plain(new Formats("es", mexico).money(435_050))).toBe("$4,350.50");
    expect(plain(new Formats("pt", brazil).money(435_050))).toBe("R$ 4.350,50");
    expect(plain(new Formats("en", mexico).whole_money(123_456_789))).toBe("$1,234,568");
  });

  it("tell the time by the tenant's clock wherever the reader sits", () => {
    const at = Date.parse("2026-11-22T00:05:00Z");
    expect(new Formats("es", mexico).time(at)).toBe("18:05");
    expect(new Formats("pt", brazil).time(at)).toBe("21:05");
  });

  it("add the date only when it is another day than today", () => {
    const f = new Formats("en", mexico);
    const now = Date.parse("2026-11-22T01:00:00Z");
    expect(f.moment(now - 3_600_000, now)).toBe("18:00");
    expect(f.moment(now - 86_400_000, now)).toContain("Nov 20, 2026");
  });

  it("say how long ago in words", () => {
    expect(plain(new Formats("es", mexico).ago(0, 180_000))).toMatch(/^hace 3 min/);
    expect(plain(new Formats("en", mexico).ago(0, 180_000))).toBe("3 min. ago");
    expect(plain(new Formats("pt", mexico).ago(0, 180_000))).toMatch(/^há 3 min/);
    expect(plain(new Formats("es", mexico).ago(7_200_000, 0))).toMatch(/^en 2 h/);
  });

  it("put nothing that has happened into the future, whatever the clocks say", () => {
    const f = new Formats("es", mexico);
    expect(f.since(5000, 1000)).toBe(f.ago(1000, 1000));
    expect(f.since(1000, 121_000)).toBe(f.ago(1000, 121_000));
  });

  it("do not call a share of nothing zero", () => {
    const f = new Formats("es", mexico);
    expect(f.share(0, 0)).toBe("—");
    expect(plain(f.share(1, 4))).toBe("25%");
  });

  it("write durations and distances in the unit that a person would use", () => {
    const f = new Formats("es", mexico);
    expect(f.duration(42_000)).toBe("42 s");
    expect(f.duration(12 * 60_000)).toBe("12 min");
    expect(f.duration(185 * 60_000)).toBe("3 h 05 min");
    expect(plain(f.distance(8.4))).toBe("8 m");
    expect(plain(f.distance(3_420))).toBe("3.4 km");
    expect(plain(f.distance(27_400))).toBe("27 km");
  });

  it("leave a date that they cannot read as it came", () => {
    expect(new Formats("es", mexico).day("mañana")).toBe("mañana");
  });
});
