import { expect, test } from "vitest";
import {
  count,
  displayWidth,
  duration,
  grouped,
  shorten,
  shortenAll,
  visible,
  wrap,
} from "../../../src/render/words.js";

test("numbers and durations", () => {
  expect([grouped(0), grouped(999), grouped(1000), grouped(1234567), grouped(1234.5)]).toEqual([
    "0",
    "999",
    "1,000",
    "1,234,567",
    "1,234.5",
  ]);
  expect([count(1, "row"), count(2000, "row"), count(0, "index", "indexes")]).toEqual([
    "1 row",
    "2,000 rows",
    "0 indexes",
  ]);
  expect([duration(3), duration(1234), duration(125_000)]).toEqual(["3 ms", "1.2 s", "2 min 5 s"]);
});

test("escape sequences from a database are shown, not obeyed", () => {
  expect(visible("a\u001b[31mred\u0007\u202e")).toBe("a\\u001b[31mred\\u0007\\u202e");
  expect(visible("two\nlines ünïcödé 🚚")).toBe("two\nlines ünïcödé 🚚");
});

test("lines are broken at spaces, by what they take on the screen", () => {
  expect(wrap("one two three", 8, "  ")).toBe("  one\n  two\n  three");
  expect(wrap("表 表 表", 5)).toBe("表 表\n表");
  expect(displayWidth("\u001b[31m✗\u001b[39m a")).toBe(3);
});

test("long names are cut so that they can still be told apart", () => {
  const [one, two] = ["client_business_units_tenant_idx", "client_business_units_tenant_key"];
  expect([shorten(one, 15), shorten(two, 15)]).toEqual(["client_…ant_idx", "client_…ant_key"]);
  expect(shorten("short", 15)).toBe("short");
});

test("names that are cut stay different where they are", () => {
  const names = [
    "Dup (00000001-0002-4000-8000-000000000000)",
    "Dup (00000001-0003-4000-8000-000000000000)",
    "client_business_units_of_the_north_tenant_idx",
    "client_business_units_of_the_south_tenant_idx",
    "short",
  ];
  for (const width of [12, 18, 24, 28]) {
    const cut = shortenAll(names, width);
    expect(new Set(cut).size, cut.join("  ")).toBe(names.length);
    for (const each of cut) expect(each.length).toBeLessThanOrEqual(width);
  }
  expect(shortenAll(names.slice(0, 2), 28)).toEqual([
    "Dup (0000…02-4000-8000-0000…",
    "Dup (0000…03-4000-8000-0000…",
  ]);
});
