import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Markdown } from "./markdown";

const html = (text: string) => renderToStaticMarkup(<Markdown>{text}</Markdown>);

it("raw HTML stays text", () => {
  const out = html('<img src=x onerror="alert(1)"> <script>alert(1)</script>');
  expect(out).not.toMatch(/<(img|script)/);
  expect(out).toContain("&lt;script&gt;");
});

it("links to scripts lose their address and other links give nothing away", () => {
  expect(html("[a](javascript:alert(1))")).not.toContain("javascript");
  expect(html("[a](https://example.com)")).toContain('rel="noopener noreferrer nofollow"');
});

it("pictures from elsewhere are named, not loaded", () => {
  const out = html("![a chart](https://example.com/x.png)");
  expect(out).toContain("Image: a chart");
  expect(out).not.toContain("example.com");
});

it("no heading competes with the page's own", () => {
  expect(html("# A\n## B\n### C")).toMatch(/<h3>A<\/h3>\s*<h3>B<\/h3>\s*<h4>C<\/h4>/);
});
