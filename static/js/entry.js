/* What a page of the record needs beyond htmx: unsaved changes and the panel's swaps. */
(function () {
  "use strict";

  document.documentElement.classList.add("js");

  const byId = (id) => document.getElementById(id);
  const announce = (text) => {
    const region = byId("announcer");
    if (region) region.textContent = text;
  };

  /* --- Unsaved changes -------------------------------------------------------------------------------------------- */

  const forms = Array.from(document.querySelectorAll("form[data-unsaved]"));
  const written = new Map();
  let leaving = false;

  function content(form) {
    const pairs = Array.from(new FormData(form).entries()).filter(([name]) => name !== "csrfmiddlewaretoken");
    return JSON.stringify(pairs);
  }

  const changed = (form) => form.dataset.unsaved === "from-start" || content(form) !== written.get(form);

  function showState(form) {
    const note = form.querySelector("[data-unsaved-note]");
    if (note) note.textContent = changed(form) ? "Unsaved changes" : "";
  }

  forms.forEach((form) => {
    written.set(form, content(form));
    showState(form);
    form.addEventListener("input", () => showState(form));
    form.addEventListener("change", () => showState(form));
    form.addEventListener("submit", () => { leaving = true; });
  });

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some(changed)) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  /* A ticked box of a list means "these". */
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("[data-ticks] input[type=checkbox]") || !box.checked) return;
    const some = box.closest("[data-list]").querySelector("input[type=radio][value=some]");
    if (some) some.checked = true;
  });

  /* --- Going to a field ------------------------------------------------------------------------------------------- */

  function focusField() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && byId(id);
    if (!target || !id.startsWith("id_")) return;
    const inputs = "input:not([type=hidden]), select, textarea";
    const input = target.matches(inputs) ? target : target.querySelector("input:checked") || target.querySelector(inputs);
    if (!input) return;
    closeDrawer();
    input.focus();
    input.closest("[data-field]")?.scrollIntoView({ block: "center" });
  }
  window.addEventListener("hashchange", focusField);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='#id_']");
    if (link && link.href === location.href) focusField();
  });

  /* --- The drawer ------------------------------------------------------------------------------------------------- */

  const drawer = byId("panel");
  const handle = byId("panel-handle");

  function setDrawer(open) {
    if (!drawer || !handle) return;
    drawer.classList.toggle("open", open);
    handle.setAttribute("aria-expanded", String(open));
    handle.textContent = open ? "Hide" : "Show";
  }
  function closeDrawer() { setDrawer(false); }

  if (handle) {
    handle.addEventListener("click", () => setDrawer(!drawer.classList.contains("open")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drawer.classList.contains("open")) return;
      closeDrawer();
      if (drawer.contains(document.activeElement)) handle.focus();
    });
  }

  /* --- The panel's swaps ------------------------------------------------------------------------------------------ */

  const PANEL = "recommendations";
  const MARKED_MS = 6000;
  let before = null;

  const rows = () => new Map(Array.from(document.querySelectorAll("#" + PANEL + " [data-row]"), (row) => [row.id, row]));
  const words = (count, text) => (count ? [count + " " + text] : []);

  function remember() {
    const states = new Map();
    const open = new Map();
    rows().forEach((row, id) => states.set(id, row.dataset.row));
    document.querySelectorAll("#" + PANEL + " details").forEach((item) => open.set(item.id, item.open));
    const focused = byId(PANEL).contains(document.activeElement) ? document.activeElement : null;
    return { states, open, scroll: drawer ? drawer.scrollTop : 0, focused, focusedId: focused && focused.id,
             focusedRow: focused && focused.closest("[data-row]")?.id };
  }

  function restore(then) {
    document.querySelectorAll("#" + PANEL + " details").forEach((item) => {
      if (then.open.has(item.id)) item.open = then.open.get(item.id);
    });
    if (drawer) drawer.scrollTop = then.scroll;
    if (!then.focused) return;
    const row = then.focusedRow && byId(then.focusedRow);
    const next = (then.focusedId && byId(then.focusedId)) || (row && row.querySelector("summary, a")) || byId("panel-title");
    if (next) next.focus({ preventScroll: true });
  }

  function compare(then) {
    const now = rows();
    let fresh = 0;
    let different = 0;
    now.forEach((row, id) => {
      const old = then.states.get(id);
      if (old === row.dataset.row) return;
      if (old === undefined) fresh += 1; else different += 1;
      row.classList.add("changed");
      window.setTimeout(() => row.classList.remove("changed"), MARKED_MS);
    });
    const gone = Array.from(then.states.keys()).filter((id) => !now.has(id)).length;
    const parts = [...words(fresh, "new"), ...words(different, "changed"),
                   ...words(gone, gone === 1 ? "no longer applies" : "no longer apply")];
    return parts.join(", ");
  }

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === PANEL) before = remember();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== PANEL || !before) return;
    const summary = compare(before);
    restore(before);
    before = null;
    const note = byId("panel-changes");
    if (note) note.textContent = summary;
    const counts = document.querySelector("#" + PANEL + " [data-counts]");
    const bar = byId("panel-counts");
    if (counts && bar) bar.textContent = counts.dataset.counts;
    if (summary) announce("Recommendations: " + summary + ".");
  });
  ["htmx:responseError", "htmx:sendError"].forEach((name) => document.body.addEventListener(name, (event) => {
    if (leaving || (event.detail.xhr && event.detail.xhr.status === 401)) return;
    const note = byId("panel-changes");
    if (note) note.textContent = "Not up to date: the server did not answer.";
    announce("The recommendations are not up to date: the server did not answer.");
  }));

  focusField();
  byId("problems")?.focus();
})();
