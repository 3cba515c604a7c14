import { expect, it } from "vitest";
import { Glide } from "./glide";

it("slides from where the marker is drawn to the measured place and stops there", () => {
  const glide = new Glide(1000);
  glide.to("a", [0, 0], 0);
  glide.to("a", [0.01, 0], 100);
  const halfway = glide.at("a", 600)!;
  expect(halfway[0]).toBeCloseTo(0.005, 6);
  expect(glide.at("a", 1100)).toEqual([0.01, 0]);
  expect(glide.at("a", 99_999)).toEqual([0.01, 0]);
});

it("turns on the way without a jump when a newer position comes", () => {
  const glide = new Glide(1000);
  glide.to("a", [0, 0], 0);
  glide.to("a", [0.01, 0], 0);
  const before = glide.at("a", 500)!;
  glide.to("a", [0, 0.01], 500);
  expect(glide.at("a", 500)).toEqual(before);
});

it("puts a marker that went far there at once, and a new one where it is", () => {
  const glide = new Glide(1000);
  glide.to("a", [0, 0], 0);
  expect(glide.at("a", 0)).toEqual([0, 0]);
  glide.to("a", [5, 5], 10);
  expect(glide.at("a", 10)).toEqual([5, 5]);
  expect(glide.moving(10)).toBe(false);
});

it("rests when everybody has arrived, and forgets who left", () => {
  const glide = new Glide(1000);
  glide.to("a", [0, 0], 0);
  glide.to("a", [0.01, 0], 0);
  expect(glide.moving(999)).toBe(true);
  expect(glide.moving(1000)).toBe(false);
  glide.forget_all_but(new Set());
  expect(glide.at("a", 0)).toBeNull();
});
