// What is wrong with a page for those who listen to it, use a keyboard, or see little. [] is good.
() => {
  const problems = [];
  const say = (rule, element) => problems.push(`${rule}: ${element ? element.outerHTML.slice(0, 140) : ""}`);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const named = (element) =>
    (element.getAttribute("aria-label") || "").trim() ||
    (element.getAttribute("aria-labelledby") || "")
      .split(" ").map((id) => document.getElementById(id)?.textContent || "").join(" ").trim() ||
    element.textContent.trim() || (element.getAttribute("title") || "").trim();

  if (document.documentElement.lang !== "zh-CN") say("language", document.documentElement);
  if (!document.title.trim()) say("title");
  for (const [landmark, count] of [["main", 1], ["body > header", 1], ["body > footer", 1], ["h1", 1]]) {
    if (all(landmark).length !== count) say(`${all(landmark).length} × ${landmark}`);
  }
  all("nav, section").filter((e) => !e.hasAttribute("aria-label") && !e.hasAttribute("aria-labelledby")
    && e.matches("nav")).forEach((e) => say("nav without a name", e));
  const navs = all("nav").map(named);
  if (new Set(navs).size !== navs.length) say("two navs of one name");

  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(seen)) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say(`h${level} then h${next}`, heading);
    level = next;
  }

  const ids = all("[id]").map((element) => element.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach((id) => say(`id twice: ${id}`));
  for (const attribute of ["aria-labelledby", "aria-describedby"]) {
    all(`[${attribute}]`).forEach((element) => element.getAttribute(attribute).split(" ")
      .filter((id) => !document.getElementById(id)).forEach(() => say(`${attribute} of nothing`, element)));
  }
  all("input:not([type=hidden]), select, textarea").filter((e) => !e.labels.length
    && !e.hasAttribute("aria-label")).forEach((e) => say("no label", e));
  all("a[href], button, summary").filter((e) => !named(e)).forEach((e) => say("no name", e));
  all("img:not([alt])").forEach((e) => say("no alternative", e));
  all("th:not([scope])").forEach((e) => say("th without scope", e));
  all("table").filter((t) => !all("th", t).length).forEach((e) => say("table without heads", e));
  all("[style], script:not([src]), style").forEach((e) => say("inline code", e));
  all("[onclick], [onchange], [onsubmit], [onload]").forEach((e) => say("inline handler", e));
  all(".scroll").filter((e) => e.tabIndex < 0 || !named(e)).forEach((e) => say("scroll by keyboard", e));
  all("[role=region]").filter((e) => !e.getAttribute("aria-label")).forEach((e) => say("region", e));

  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
  const light = ({ r, g, b }) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      const stops = style.backgroundImage.match(/rgba?\([^)]*\)/g);
      if (stops) return stops.map(parse);
      const colour = parse(style.backgroundColor);
      if (colour.a > 0.99) return [colour];
    }
    return [{ r: 255, g: 255, b: 255 }];
  };
  const told = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.textContent.trim() || !seen(element) || element.closest(".visually-hidden, .skip, option")) continue;
    const style = getComputedStyle(element);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    for (const ground of behind(element)) {
      const [a, b] = [light(parse(style.color)), light(ground)].sort((x, y) => y - x);
      const contrast = (a + 0.05) / (b + 0.05);
      const what = `${style.color} on ${JSON.stringify(ground)}`;
      if (contrast < (large ? 3 : 4.5) && !told.has(what)) {
        told.add(what);
        say(`contrast ${contrast.toFixed(2)} ${what}`, element);
      }
    }
  }
  return problems;
}
