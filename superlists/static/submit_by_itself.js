// Loaded with "defer", so that the form is there and the page has not finished loading: browsers
// then let the answer take this page's place in the history, and "Back" does not post again.
document.querySelector("form[data-submit-by-itself]").requestSubmit();
