import { describe, expect, it } from "vitest";
import { coarse_span, day_of, day_start_ms, ServerClock } from "./time";

describe("the server's clock", () => {
  it("takes the first time it hears as it is, however late it comes", () => {
    const clock = new ServerClock(0);
    clock.observe(50_000_000, 90_000);
    expect(clock.now(90_000)).toBe(50_000_000);
    expect(clock.now(91_000)).toBe(50_001_000);
  });

  it("keeps wall pace when samples arrive with the jitter of a network", () => {
    const clock = new ServerClock(0);
    clock.observe(1_000_000, 0);
    clock.observe(1_020_900, 20_000);
    expect(clock.pace).toBe(1);
    expect(clock.now(30_000)).toBe(1_030_900);
  });

  it("follows a simulated day that runs sixty times faster", () => {
    const clock = new ServerClock(0);
    clock.observe(0, 0);
    clock.observe(600_000, 10_000);
    expect(clock.pace).toBe(60);
    expect(clock.now(11_000)).toBe(660_000);
  });

  it("learns no pace from two samples in the same breath", () => {
    const clock = new ServerClock(0);
    clock.observe(0, 0);
    clock.observe(5000, 10);
    expect(clock.pace).toBe(1);
  });

  it("goes back with a server that was set back, at wall pace", () => {
    const clock = new ServerClock(0);
    clock.observe(10_000_000, 0);
    clock.observe(4_000_000, 5000);
    expect(clock.now(6000)).toBe(4_001_000);
  });
});

describe("the tenant's day", () => {
  it("is cut at the tenant's midnight, not at Greenwich's", () => {
    const late_evening = Date.parse("2026-11-22T05:30:00Z");
    expect(day_of(late_evening, -360)).toBe("2026-11-21");
    expect(day_of(late_evening, 0)).toBe("2026-11-22");
  });

  it("starts at the moment from which it is that day", () => {
    for (const offset of [-360, -180, 0, 330]) {
      const start = day_start_ms("2026-11-21", offset);
      expect(day_of(start, offset)).toBe("2026-11-21");
      expect(day_of(start - 1, offset)).toBe("2026-11-20");
    }
  });
});

describe("a coarse span", () => {
  it("changes its unit where the finer one stops mattering", () => {
    expect(coarse_span(59_999)).toEqual({ value: 59, unit: "second" });
    expect(coarse_span(60_000)).toEqual({ value: 1, unit: "minute" });
    expect(coarse_span(3_599_999)).toEqual({ value: 59, unit: "minute" });
    expect(coarse_span(3_600_000)).toEqual({ value: 1, unit: "hour" });
    expect(coarse_span(86_400_000 * 3)).toEqual({ value: 3, unit: "day" });
    expect(coarse_span(-5)).toEqual({ value: 0, unit: "second" });
  });
});
