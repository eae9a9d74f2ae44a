"use strict";

// Search, filters, links, folding, printing and pictures. The document can be read without them.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tools = document.querySelector(".tools");
  const found = document.querySelector("#found");
  const chosen = document.querySelector("#chosen");
  const nothing = document.querySelector(".nothing-found");
  const moved = document.querySelector(".moved");
  const showAll = document.querySelector("#show-all");
  const unfold = document.querySelector("#unfold");
  const FILTERS = ["words", "status", "place", "tag"];

  // Without capitals and accents: "cafe" finds "Café".
  const plain = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").toLowerCase();
  const words = (text) => text.split(" ").filter(Boolean);

  const scenarios = all(".scenario").map((element) => {
    const rule = element.closest(".rule");
    const capability = element.closest(".capability");
    const heading = (part, selector) => part.querySelector(selector)?.textContent ?? "";
    const described = (part) =>
      all(":scope > .description, :scope > .background", part).map((each) => each.textContent);
    // Above a scenario, in its first line, and in all of it.
    const above = [
      heading(capability, "h2"), ...described(capability), heading(rule, "h3[id]"), ...described(rule),
    ].join(" ");
    const body = all(".body", element).map((part) => part.textContent).join(" ");
    const line = heading(element, "h3, h4");
    return {
      element,
      details: element.querySelector("details"),
      rows: all("tr[data-statuses]", element),
      tags: words(element.dataset.tags),
      visible: plain(`${above} ${line}`),
      text: plain(`${above} ${line} ${body}`),
      count: Number(element.dataset.count),
      unfoldedBySearch: false,
    };
  });
  const terms = all(".glossary div").map((element) => ({ element, text: plain(element.textContent) }));
  const total = scenarios.reduce((sum, scenario) => sum + scenario.count, 0);

  const field = (name) => tools.elements[name];
  const filter = () =>
    Object.fromEntries(FILTERS.map((name) => [name, field(name)?.value ?? ""]));

  const set = (values) => {
    for (const name of FILTERS.filter(field)) {
      const value = values[name] ?? "";
      if (name === "words") field(name).value = value;
      else choose([...(field(name).options ?? field(name))], value);
    }
    show();
  };
  const choose = (choices, value) => {
    const choice = choices.find((each) => each.value === value) ?? choices[0];
    choice[choice instanceof HTMLOptionElement ? "selected" : "checked"] = true;
  };

  // "failed@staging" is a status at a place; what is planned is so everywhere.
  const has = (element, status, place) =>
    (!status && !place) ||
    words(element.dataset.statuses).some((word) => {
      const [itsStatus, itsPlace] = word.split("@");
      return (!status || status === itsStatus) && (!place || !itsPlace || place === itsPlace);
    });
  const countOf = (scenario, status, place) =>
    scenario.rows.length
      ? scenario.rows.filter((row) => has(row, status, place)).length
      : has(scenario.element, status, place) ? scenario.count : 0;

  const show = () => {
    const { status, place, tag, words: typed } = filter();
    const sought = words(plain(typed));
    let count = 0;
    for (const scenario of scenarios) {
      const matches =
        has(scenario.element, status, place) &&
        (!tag || scenario.tags.includes(tag)) &&
        sought.every((word) => scenario.text.includes(word));
      scenario.element.hidden = !matches;
      for (const row of scenario.rows) row.hidden = !has(row, status, place);
      if (matches) count += countOf(scenario, status, place);
      foldForSearch(scenario, matches && !sought.every((word) => scenario.visible.includes(word)));
    }
    for (const term of terms) {
      term.element.hidden = !sought.every((word) => term.text.includes(word));
    }
    for (const part of all("main [data-place]")) {
      part.hidden = place !== "" && !words(part.dataset.place).includes(place);
    }
    hideEmpty();
    countStatuses(place);
    const what = total === 1 ? "scenario" : "scenarios";
    found.textContent = count === total ? `${total} ${what}` : `${count} of ${total} ${what}`;
    const filtered = [status, place, tag, typed].some(Boolean);
    showAll.hidden = !filtered;
    document.body.classList.toggle("filtered", filtered);
    chosen.textContent = filtered ? `: ${namesOf(filter()).join(", ")}` : "";
    nothing.hidden = count > 0;
    mark(sought);
    leadToTheNext();
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
    for (const part of all(".rule, .capability, .glossary")) {
      // A feature that cannot be read has no scenarios, but always shows its problem.
      part.hidden = !part.querySelector(
        ".scenario:not([hidden]), .problem, :scope > dl > :not([hidden])",
      );
    }
    for (const link of all(".contents a")) {
      const capability = document.querySelector(link.hash).closest(".capability, .glossary");
      link.closest("li").hidden = capability.hidden;
    }
  };

  // From each scenario that fails to the next one that is shown.
  const leadToTheNext = () => {
    const links = all(".next-failing").filter((link) => !link.closest(".scenario").hidden);
    links.forEach((link, index) => {
      const next = links[index + 1];
      link.hidden = !next;
      if (next) link.hash = next.closest(".scenario").id;
    });
  };

  // What the filters are called on the page, for readers of a printed one.
  const namesOf = ({ words: typed, ...others }) => {
    const names = Object.entries(others)
      .filter(([, value]) => value)
      .map(([name, value]) =>
        name === "status"
          ? tools.querySelector(`[value="${value}"] + span`).firstElementChild.nextSibling.data.trim()
          : field(name).selectedOptions[0].text,
      );
    return typed ? [...names, `“${typed}”`] : names;
  };

  const countStatuses = (place) => {
    for (const choice of all("input[name=status]", tools)) {
      const count = scenarios.reduce((sum, each) => sum + countOf(each, choice.value, place), 0);
      choice.parentElement.querySelector("b").textContent = count;
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
      if (!node.parentElement.closest(".capability, .glossary") || node.parentElement.closest("[hidden]")) {
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

  // The filters are in the page's address, so that a view can be sent to someone.
  const address = (query, hash) =>
    location.href.replace(/[?#].*$/, "") + (query ? `?${query}` : "") + hash;
  const remember = () => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(filter())) {
      query.delete(name);
      if (value) query.set(name, value);
    }
    history.replaceState(null, "", address(String(query), ""));
  };
  const recall = () => set(Object.fromEntries(new URLSearchParams(location.search)));

  const foldAll = (open) => {
    for (const scenario of scenarios) {
      scenario.details.open = open;
      scenario.unfoldedBySearch = false;
    }
  };

  const changed = () => {
    moved.hidden = true;
    show();
    remember();
  };
  tools.addEventListener("input", changed);
  tools.addEventListener("submit", (event) => event.preventDefault());
  showAll.addEventListener("click", () => {
    set({});
    changed();
  });
  addEventListener("popstate", recall);
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    foldAll(open);
  });
  document.querySelector("#print").addEventListener("click", () => print());

  // Nothing can be unfolded on paper. The details of failures stay folded there.
  let foldedBeforePrint = [];
  addEventListener("beforeprint", () => {
    foldedBeforePrint = all(
      ".scenario > details:not([open]), .contents details:not([open]), .changes details:not([open])",
    );
    for (const details of foldedBeforePrint) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of foldedBeforePrint) details.open = false;
  });

  for (const link of all(".link")) {
    const label = link.firstChild;
    label.data = "Copy link";
    link.ariaLive = "polite";
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      history.replaceState(null, "", address(location.search.slice(1), link.hash));
      const done = await copied(address("", link.hash));
      label.data = done ? "Link copied" : "The link is in the address bar";
      setTimeout(() => (label.data = "Copy link"), 3000);
    });
  }
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };

  // A link that was copied before its rule or feature got another name ends in the same words.
  const target = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const last = id.split("--").at(-1);
    return (
      document.getElementById(id) ??
      scenarios.find(({ element }) => element.id.split("--").at(-1) === last)?.element
    );
  };

  // A link to a scenario shows it, even if the filters hide it.
  const open = () => {
    moved.hidden = true;
    if (!location.hash) return;
    const element = target();
    if (!element) {
      moved.hidden = false;
      moved.scrollIntoView();
      return;
    }
    if (element.closest("[hidden]")) set({});
    const details = element.querySelector(":scope > details");
    if (details) details.open = true;
    element.scrollIntoView({ behavior: "instant" });
  };
  addEventListener("hashchange", open);

  const dialog = document.querySelector(".large-picture");
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".picture");
    if (button) {
      dialog.querySelector(".scroll").replaceChildren(button.querySelector("img").cloneNode());
      dialog.querySelector("p").textContent =
        button.closest("figure").querySelector("figcaption").textContent;
      dialog.showModal();
    } else if (event.target === dialog) {
      dialog.close();
    }
  });

  // On a phone the contents would be in the way.
  if (matchMedia("(max-width: 60rem)").matches) {
    document.querySelector(".contents details").open = false;
  }
  tools.hidden = false;
  recall();
  open();
})();
