import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completeFindings, type FindingDraft } from "../../src/findings/finding.js";
import { buildReport, type CheckResult, type Report } from "../../src/findings/report.js";
import { renderHtml } from "../../src/render/report-html.js";
import { openBrowser } from "../support/browser.js";
import { project } from "../support/project.js";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const attack = '<script>window.attacked = true</script><img src=x onerror="window.attacked = true">';
const drafts: FindingDraft[] = [
  {
    rule: "db/missing-index",
    subject: { schema: "public", table: "b_table", column: "tenantId" },
    message: "no index leads",
    remedy: "Build it.",
    remedySteps: ['CREATE INDEX ON "b_table" ("tenantId");'],
  },
  {
    rule: "db/orphan-rows",
    subject: { schema: "public", table: attack, column: "tenantId" },
    message: `37 rows of ${attack}`,
    remedy: attack,
    evidence: { rows: 37, tenants: [{ tenant: attack, rows: 37 }], sample: [1, attack] },
  },
  {
    rule: "db/nullable-column",
    subject: { schema: "public", table: "a_table" },
    message: "may be null",
    remedy: "Set it.",
  },
];

function reportOf(findings = completeFindings(drafts)): Report {
  const facts = { what: attack, scanned: [{ what: "a", durationMs: 1 }] };
  const at = new Date("2026-11-23T12:00:00Z");
  return buildReport(
    { version: "0.0.0", command: "audit", environment: attack, startedAt: at, finishedAt: at },
    [
      { id: "orphans", title: attack, status: "fail", durationMs: 5, facts, findings },
      {
        id: "registry",
        title: "Registry",
        status: "skipped",
        reason: attack,
        durationMs: 0,
        facts: {},
        findings: [],
      },
    ],
    { failOn: "error", required: [] },
  );
}

async function open(page: Page, report = reportOf()): Promise<string[]> {
  const path = join(project({}), "report.html");
  writeFileSync(path, renderHtml(report, attack));
  const trouble: string[] = [];
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") || request.url() !== `file://${path}`) trouble.push(request.url());
  });
  await page.goto(`file://${path}`);
  return trouble;
}

test("no request, no console message, and nothing from the database runs", async () => {
  const page = await browser.newPage();
  const trouble = await open(page);
  await page.locator("details").first().click();
  expect(await page.evaluate("window.attacked")).toBe(undefined);
  expect(await page.locator("img, body script:not(:last-of-type)").count()).toBe(0);
  expect(await page.locator("body").innerText()).toContain(attack);
  expect(trouble).toEqual([]);
  await page.close();
});

test("findings stand by severity, sort by any column, and filter by words", async () => {
  const page = await browser.newPage();
  await open(page);
  const rules = () => page.locator(".findings tbody > tr:not([hidden]) .rule").allInnerTexts();
  expect(await rules()).toEqual(["db/orphan-rows", "db/missing-index", "db/nullable-column"]);
  await page.getByRole("button", { name: "Subject" }).click();
  expect((await rules())[1]).toBe("db/nullable-column");
  expect(await page.locator("th", { hasText: "Subject" }).getAttribute("aria-sort")).toBe("ascending");
  await page.getByRole("button", { name: "Severity" }).focus();
  await page.keyboard.press("Enter");
  expect(await rules()).toEqual(["db/orphan-rows", "db/missing-index", "db/nullable-column"]);
  await page.getByRole("button", { name: "Severity" }).click();
  expect((await rules())[0]).toBe("db/nullable-column");
  await page.getByLabel("Filter").fill("b_table no");
  expect(await rules()).toEqual(["db/missing-index"]);
  expect(await page.locator("#shown").innerText()).toBe("1 shown");
  await page.close();
});

test.each([360, 390, 768, 1280])("at %i pixels nothing runs out of the page", async (width) => {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await open(page);
  for (const each of await page.locator("details").all())
    await each.evaluate((element) => element.setAttribute("open", ""));
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  await page.close();
});

test("light and dark follow the reader, and both keep text readable", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ colorScheme });
    await open(page);
    const contrast = await page.evaluate(() => {
      const luminance = (color: string) => {
        const [r = 0, g = 0, b = 0] = (color.match(/\d+/g) ?? []).map(Number).map((value) => {
          const share = value / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return [...document.querySelectorAll(".tag, .message, .muted, code")].map((element) => {
        const style = getComputedStyle(element);
        let behind: Element | null = element;
        while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
          behind = behind.parentElement;
        const [light, dark] = [
          luminance(style.color),
          luminance(behind ? getComputedStyle(behind).backgroundColor : "rgb(255,255,255)"),
        ].sort((a, b) => b - a);
        return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
      });
    });
    // WCAG 2.2, 1.4.3: 4.5 to 1 for text.
    expect(Math.min(...contrast)).toBeGreaterThanOrEqual(4.5);
    await page.close();
  }
});

const distribution = {
  schema: "public",
  table: attack,
  basis: "estimate",
  rows: 1000,
  rowsError: 50,
  bytes: 81_920,
  tenantsWithRows: null,
  tenantsWithNothing: null,
  rowsWithoutTenant: 3,
  rowsOfUnknownTenants: 1,
  gini: null,
  topShare: 0.6,
  unseenBelow: 40,
  growth: 12,
  tenants: [
    { tenant: "1", name: attack, rows: 600, low: 500, high: 700, share: 0.6, bytes: 49_152, growth: 10 },
    { tenant: "2", name: null, rows: 400, low: 300, high: 500, share: 0.4, bytes: 32_768, growth: null },
  ],
  nothing: [],
};

function withDistribution(): Report {
  const report = reportOf();
  const check: CheckResult = {
    id: "distribution",
    title: "Distribution",
    status: "pass",
    durationMs: 1,
    facts: { tables: [distribution] },
    findings: [],
  };
  const cell = { rule: "isolation/list", label: "list", reason: attack };
  const matrix = [
    { ...cell, route: attack, outcome: "leaked" },
    { ...cell, route: "GET /assets", outcome: "denied" },
    { ...cell, route: "GET /assets", rule: "isolation/update", label: "update", outcome: "inconclusive" },
  ];
  const isolation: CheckResult = { ...check, id: "isolation", title: "Isolation", facts: { matrix } };
  return { ...report, checks: [...report.checks, check, isolation] };
}

test("a matrix says each outcome in words too", async () => {
  const page = await browser.newPage();
  await open(page, withDistribution());
  const table = page.getByRole("region", { name: "Routes by classes of leaks" });
  expect(await table.locator("th").allInnerTexts()).toEqual(["Route", "list", "update"]);
  expect(await table.getByRole("img", { name: `leaked: ${attack}` }).innerText()).toBe("✗");
  expect(await table.getByRole("img", { name: /^inconclusive/ }).innerText()).toBe("?");
  await page.close();
});

test("a distribution says what the terminal says: signed growth, rows of nobody, what was not met", async () => {
  const page = await browser.newPage();
  await open(page, withDistribution());
  const overview = await page.locator("table", { hasText: "Largest" }).innerText();
  expect(overview).toMatch(/1,000 ±50\s+80\.0 kB\s+60\.0 %\s+\+12/);
  const figure = await page.locator("figure").textContent();
  expect(figure).toContain("3 rows without a tenant");
  expect(figure).toContain("1 row of tenants that do not exist");
  expect(figure).toContain("tenants that the sample did not meet have fewer than 40 rows each");
  expect(figure).toContain("600 · 60.0 % · 48.0 kB · growth +10");
  expect(figure).toContain("400 · 40.0 % · 32.0 kB · growth new");
  await page.close();
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test.each([
  ["light", 1280],
  ["dark", 1280],
  ["light", 375],
] as const)("axe-core finds nothing to mend: %s, %i pixels", async (colorScheme, width) => {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  const trouble = await open(page, withDistribution());
  for (const each of await page.locator("details").all())
    await each.evaluate((element) => element.setAttribute("open", ""));
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
    );
  });
  expect(violations).toEqual([]);
  expect(await page.evaluate("window.attacked")).toBe(undefined);
  expect(trouble).toEqual([]);
  await page.close();
});

test("on paper everything is open and nothing is dark", async () => {
  const page = await browser.newPage({ colorScheme: "dark" });
  await open(page);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  expect(await page.locator("details:not([open])").count()).toBe(0);
  await page.emulateMedia({ media: "print" });
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toMatch(/rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\)/);
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
  await page.close();
});

test("a filter leaves evidence whole, and hides rows on a phone too", async () => {
  const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
  await open(page);
  await page.getByLabel("Filter").fill("37");
  await page
    .locator(".findings > tbody > tr:not([hidden]) details")
    .first()
    .evaluate((element) => element.setAttribute("open", ""));
  expect(await page.locator(".findings table.small tbody tr:visible").count()).toBeGreaterThan(0);
  await page.getByLabel("Filter").fill("zzz");
  expect(await page.locator(".findings > tbody > tr:visible").count()).toBe(0);
  await page.close();
});
