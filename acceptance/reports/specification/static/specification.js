"use strict";

// Search, filter, folding and pictures. Without any of this the document can still be read.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tools = document.querySelector(".tools");
  const words = document.querySelector("#words");
  const found = document.querySelector("#found");
  const nothing = document.querySelector(".nothing-found");
  const unfold = document.querySelector("#unfold");

  // Letters as people type them: "cafe" finds "Café".
  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").toLowerCase();

  const scenarios = all(".scenario").map((element) => {
    const rule = element.closest(".rule");
    const capability = element.closest(".capability");
    const heading = (part, selector) => part.querySelector(selector)?.textContent ?? "";
    // Above a scenario, in the folded line, and in all of it.
    const above = `${heading(capability, "h2")} ${heading(rule, "h3[id]")}`;
    const body = all(".body", element).map((part) => part.textContent).join(" ");
    const line = heading(element, "h3, h4");
    return {
      element,
      details: element.querySelector("details"),
      rows: all("tr[data-statuses]", element),
      visible: plain(`${above} ${line}`),
      text: plain(`${above} ${line} ${body}`),
      count: Number(element.dataset.count),
      unfoldedBySearch: false,
    };
  });

  const total = scenarios.reduce((sum, scenario) => sum + scenario.count, 0);
  const wanted = () => plain(words.value).split(" ").filter(Boolean);
  const wantedStatus = () => tools.elements.status?.value ?? "";
  const has = (element, status) =>
    !status || element.dataset.statuses.split(" ").includes(status);

  const show = () => {
    const terms = wanted();
    const status = wantedStatus();
    let count = 0;
    for (const scenario of scenarios) {
      const matches =
        has(scenario.element, status) && terms.every((term) => scenario.text.includes(term));
      scenario.element.hidden = !matches;
      for (const row of scenario.rows) row.hidden = !has(row, status);
      if (matches) {
        count += scenario.rows.length
          ? scenario.rows.filter((row) => !row.hidden).length
          : scenario.count;
      }
      foldForSearch(scenario, matches && !terms.every((term) => scenario.visible.includes(term)));
    }
    hideEmpty();
    const what = total === 1 ? "scenario" : "scenarios";
    found.textContent = count === total ? `${total} ${what}` : `${count} of ${total} ${what}`;
    nothing.hidden = count > 0;
    mark(terms);
  };

  // A scenario is unfolded while what was searched for would be out of sight, and folded after.
  const foldForSearch = (scenario, needed) => {
    if (needed && !scenario.details.open) {
      scenario.details.open = scenario.unfoldedBySearch = true;
    } else if (!needed && scenario.unfoldedBySearch) {
      scenario.details.open = scenario.unfoldedBySearch = false;
    }
  };

  const hideEmpty = () => {
    for (const part of all(".rule, .capability")) {
      // What cannot be read is no scenario, and nobody should miss it.
      part.hidden = !part.querySelector(".scenario:not([hidden]), .problem");
    }
    for (const link of all(".contents a")) {
      const capability = document.querySelector(link.hash).closest(".capability");
      link.closest("li").hidden = capability.hidden;
    }
  };

  const mark = (terms) => {
    if (!CSS.highlights) return;
    CSS.highlights.delete("found");
    const ranges = terms.length ? rangesOf(terms) : [];
    if (ranges.length) CSS.highlights.set("found", new Highlight(...ranges));
  };

  const rangesOf = (terms) => {
    const ranges = [];
    const texts = document.createTreeWalker(
      document.querySelector("main"),
      NodeFilter.SHOW_TEXT,
    );
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (!node.parentElement.closest(".capability") || node.parentElement.closest("[hidden]")) {
        continue;
      }
      const text = node.data.toLowerCase();
      for (const term of terms) {
        for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length)) {
          // Lower case may be longer than the text itself: İ.
          if (at + term.length > node.length) break;
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + term.length);
          ranges.push(range);
        }
      }
    }
    return ranges;
  };

  const foldAll = (open) => {
    for (const scenario of scenarios) {
      scenario.details.open = open;
      scenario.unfoldedBySearch = false;
    }
  };

  words.addEventListener("input", show);
  tools.addEventListener("change", show);
  tools.addEventListener("submit", (event) => event.preventDefault());
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    foldAll(open);
  });

  // On paper nothing can be unfolded.
  let foldedBeforePrint = [];
  addEventListener("beforeprint", () => {
    foldedBeforePrint = all("details:not([open])");
    for (const details of foldedBeforePrint) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of foldedBeforePrint) details.open = false;
  });

  // Whoever follows a link to a scenario wants to read it, whatever was searched for before.
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) {
      tools.reset();
      show();
    }
    const details = target.querySelector(":scope > details");
    if (details) details.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);

  const dialog = document.querySelector(".large-picture");
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".picture");
    if (button) {
      dialog.querySelector("img")?.remove();
      dialog.append(button.querySelector("img").cloneNode());
      dialog.querySelector("p").textContent =
        button.closest("figure").querySelector("figcaption").textContent;
      dialog.showModal();
    } else if (event.target === dialog || event.target.closest(".large-picture img")) {
      dialog.close();
    }
  });

  // On a phone the contents would be in the way.
  if (matchMedia("(max-width: 60rem)").matches) {
    document.querySelector(".contents details").open = false;
  }
  tools.hidden = false;
  show();
  open();
})();
