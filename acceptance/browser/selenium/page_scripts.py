"""The scripts that sessions run in pages."""

TEXT = "return document.body?.innerText ?? ''"
HTML = "return document.documentElement.outerHTML"
VISIBLE_TEXTS = """
return [...document.querySelectorAll(arguments[0])]
    .filter(element => element.checkVisibility())
    .map(element => element.innerText.trim());
"""

# The name of an element for screen readers, without its rarer sources (Accessible Name and
# Description Computation, steps 2D, 2E and 2F).
NAME = """
const nameOf = element => {
    const label = [...(element.labels ?? [])].map(each => each.innerText).join(" ");
    return (element.getAttribute("aria-label") || label || element.innerText || "")
        .replace(/\\s+/g, " ").trim();
};
"""
VISIBLE_NAMES = f"""{NAME}
return [...document.querySelectorAll(arguments[0])]
    .filter(element => element.checkVisibility())
    .map(nameOf);
"""

# A page that stays open could be mistaken for one of the next scenario. Emptying it is several
# times faster than opening a blank one.
WIPE = """
try {
    localStorage.clear();
    sessionStorage.clear();
} catch (noStorage) {}  // the browser's own error pages have none
document.documentElement.replaceChildren();
"""

# The time at which a page began identifies it (W3C High Resolution Time, section 4). It is ready
# when its deferred scripts have run (HTML Standard, "the end").
PAGE = "return performance.timeOrigin"
ANOTHER_PAGE = """
const [timing] = performance.getEntriesByType("navigation");
const isThere = performance.timeOrigin !== arguments[0] && timing?.domContentLoadedEventEnd > 0;
return isThere ? [timing.responseStatus ?? 0, location.href] : null;
"""

# The status of failed requests for the page and its files, and the use of such a file; 0 if there
# was no response (Resource Timing, which hides the status of other sites' files). And what the
# page's own policies, such as its content security policy, blocked (Reporting API).
FAILURES = """
(() => {
    const sheets = [...document.querySelectorAll("link[rel~=stylesheet i]")].map(({href}) => href);
    const useOf = ({name, initiatorType}) =>
        sheets.includes(name) ? "style sheet" : initiatorType === "script" ? "script" : "";
    const requests = [...performance.getEntriesByType("navigation"),
                      ...performance.getEntriesByType("resource")]
        .filter(({responseStatus: status, name}) =>
            status >= 400 || status === 0 && name.startsWith(`${location.origin}/`))
        .map(entry => [entry.responseStatus, entry.name, useOf(entry)]);
    if (!window.ReportingObserver) return JSON.stringify([requests, []]);
    const observer = new ReportingObserver(() => {}, {types: ["csp-violation"], buffered: true});
    observer.observe();
    const violations = observer.takeRecords().map(({body}) =>
        [body.effectiveDirective, body.blockedURL, body.sourceFile, body.lineNumber]);
    observer.disconnect();
    return JSON.stringify([requests, violations]);
})()
"""

# Expressions for an element that is found by the first argument.
BY_SELECTOR = "document.querySelector(arguments[0])"
BY_LINK_TEXT = """[...document.links].find(
    link => link.checkVisibility() && link.innerText.trim() === arguments[0])"""

# WebDriver's own find, click, clear and send-keys make the same checks, but one by one, which takes
# longer than loading a page. This script makes them in one command, and returns the problem (null
# if there is no such element) and the page's time. Text for the field is inserted with the
# browser's own editing, which respects the field's limits and triggers the page's events. The last
# value is the form that Enter would send, without the values of its fields.
FOCUS = """
const [, text] = arguments;
const problem = (() => {
    if (!element) return null;
    if (!element.checkVisibility()) return "it cannot be seen";
    if (element.disabled) return "it is disabled";
    element.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
    const box = element.getClientRects()[0];
    const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!element.contains(above)) return `${above?.cloneNode().outerHTML} is in front of it`;
    element.focus();
    element.select?.();
    if (document.activeElement !== element) return "it does not take the focus";
    if (text !== undefined) document.execCommand("insertText", false, text);
    return "";
})();
const formOf = () => {
    const form = element?.form;
    if (!form) return null;
    const sends = control => control.type === "submit" || control.type === "image";
    const button = sends(element) ? element : [...form.elements].find(sends);
    const decided = name => button?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
    const data = new FormData(form, button);
    // The key that comes next ticks a box, or removes its tick.
    if (element.type === "checkbox" && element.name)
        element.checked ? data.delete(element.name) : data.append(element.name, element.value);
    const filled = [...data].filter(([, value]) => value !== "").map(([name]) => name);
    const isField = control => control.name && !control.disabled
        && control.matches("input, select, textarea")
        && !["button", "image", "reset", "submit"].includes(control.type);
    const others = [...form.elements].filter(isField).map(({name}) => name)
        .filter(name => !filled.includes(name));
    const {pathname} = new URL(decided("action") || location.href, document.baseURI);
    return [decided("method").toUpperCase() || "GET", pathname, filled, others];
};
return [problem, performance.timeOrigin, problem === "" ? formOf() : null];
"""

MATCHES = f"return {BY_SELECTOR} !== null"
VALUE = f"return [{BY_SELECTOR}?.value ?? null]"
