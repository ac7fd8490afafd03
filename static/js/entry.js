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

  /* What only other cases have comes into sight when a field that tells so is changed. */
  document.addEventListener("change", (event) => {
    const folded = byId("fold-foreign");
    const changedField = event.target.closest("[data-field]");
    if (folded && changedField && (folded.dataset.grounds || "").split(" ").includes(changedField.dataset.field)) folded.open = true;
  });

  /* What is folded on a small screen only: in sight on a large one, and where no script runs. */
  const narrow = window.matchMedia("(max-width: 40rem)");
  const fold = () => document.querySelectorAll("details[data-fold]").forEach((item) => { item.open = !narrow.matches; });
  narrow.addEventListener("change", fold);
  fold();

  /* --- Going to a field ------------------------------------------------------------------------------------------- */

  function focusField() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && byId(id);
    if (!target || !id.startsWith("id_")) return;
    const inputs = "input:not([type=hidden]), select, textarea";
    const input = target.matches(inputs) ? target : target.querySelector("input:checked") || target.querySelector(inputs);
    if (!input) return;
    closeDrawer();
    for (let folded = input.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
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

  /* --- Rows that open --------------------------------------------------------------------------------------------- */

  const PANEL = "recommendations";
  const FETCHED = ".fetch li > a:not([id])"; // htmx puts what stands behind such a link into its line
  const lineOf = (link) => link.closest("li");
  const bodies = (line) => Array.from(line.children).filter((item) => item.matches(".rec-body"));

  function label() {
    document.querySelectorAll(FETCHED).forEach((link) => {
      link.setAttribute("aria-expanded", String(bodies(lineOf(link)).length > 0));
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(FETCHED);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const open = bodies(lineOf(link));
    if (!open.length && !link.classList.contains("htmx-request")) return;
    event.preventDefault();
    event.stopPropagation();
    open.forEach((body) => body.remove());
    label();
  }, true);

  /* While the form holds what is not saved, a row is asked for with the form, as the panel is. */
  document.body.addEventListener("htmx:configRequest", (event) => {
    const asked = event.detail;
    const form = document.querySelector("form[hx-post][data-part]");
    if (!asked.elt.matches(FETCHED) || !form || !asked.elt.closest("[data-unsaved]")) return;
    const left = form.getAttribute("hx-params").replace(/^not /, "").split(",");
    new FormData(form).forEach((value, name) => { if (!left.includes(name)) asked.formData.append(name, value); });
    asked.formData.append("row", asked.path.split("/").slice(-2)[0]);
    asked.verb = "post";
    asked.headers["Content-Type"] = "application/x-www-form-urlencoded";
    asked.path = form.getAttribute("hx-post");
    asked.useUrlParams = false;
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    const line = event.detail.target;
    if (!line.matches(".fetch li")) return;
    const [old, ...fresh] = bodies(line);
    if (fresh.length) {
      const focused = old.contains(document.activeElement) ? document.activeElement : null;
      old.remove();
      if (focused) ((focused.id && byId(focused.id)) || line.querySelector("a")).focus({ preventScroll: true });
    }
    label();
  });

  /* --- The panel's swaps ------------------------------------------------------------------------------------------ */

  const MARKED_MS = 6000;
  const MOST_TOLD = 2;
  let before = null;

  const rows = () => Array.from(document.querySelectorAll("#" + PANEL + " .rows > li[id]"));
  const said = (row) => row.className.replace(/\s*changed\s*/, "") + Array.from(row.childNodes)
    .filter((node) => node.className !== "rec-body").map((node) => node.textContent).join(" ");
  const textOf = (parent, selector) => parent.querySelector(selector)?.textContent.trim() || "";
  const diagnosis = () => textOf(byId("rec-why"), "b");

  function remember() {
    const panel = byId(PANEL);
    const focused = panel.contains(document.activeElement) ? document.activeElement : null;
    return {
      diagnosis: diagnosis(), rows: new Map(rows().map((row) => [row.id, said(row)])),
      details: new Map(Array.from(panel.querySelectorAll("details[id]"), (item) => [item.id, item.open])),
      bodies: Array.from(panel.querySelectorAll(".fetch li[id]"), (line) => [line.id, bodies(line)]).filter(([, open]) => open.length),
      scroll: drawer ? drawer.scrollTop : 0, focused, line: focused && focused.closest("li[id], details[id]")?.id,
    };
  }

  function restore(then) {
    document.querySelectorAll("#" + PANEL + " details[id]").forEach((item) => {
      if (then.details.has(item.id)) item.open = then.details.get(item.id);
    });
    then.bodies.forEach(([id, open]) => {
      const line = byId(id);
      if (!line) return;
      line.append(...open); // what was there stays until the new words come
      const link = line.querySelector("a");
      htmx.ajax("GET", link.href, { source: link, target: line, swap: "beforeend show:none" });
    });
    if (drawer) drawer.scrollTop = then.scroll;
    if (!then.focused) return;
    const line = then.line && byId(then.line);
    const next = (then.focused.id && byId(then.focused.id)) || (line && line.querySelector("summary, a")) || byId("panel-title");
    if (next) next.focus({ preventScroll: true });
  }

  function mark(row) {
    row.classList.add("changed");
    window.setTimeout(() => row.classList.remove("changed"), MARKED_MS);
  }

  /* The news, most telling first: "Now NEC. Platinum and etoposide: recommended. 11 more changed." */
  function compare(then) {
    const now = rows();
    const news = now.filter((row) => then.rows.get(row.id) !== said(row));
    news.forEach(mark);
    const here = new Set(now.map((row) => row.id));
    const gone = Array.from(then.rows.keys()).filter((id) => !here.has(id)).length;
    const parts = [];
    if (diagnosis() !== then.diagnosis) {
      mark(byId("rec-why"));
      const [was, is] = [then.diagnosis, diagnosis()].map((text) => text.split(",")[0]);
      parts.push("Now " + (was === is ? diagnosis() : is));
    }
    news.slice(0, MOST_TOLD).forEach((row) => {
      const condition = row.matches(".possible, .blocked") ? textOf(row, "p") : "";
      parts.push(textOf(row, "a") + ": " + textOf(row, "b").toLowerCase() + (condition && ", " + condition));
    });
    if (news.length > MOST_TOLD) parts.push((news.length - MOST_TOLD) + " more changed");
    if (gone) parts.push(gone + " no longer there");
    return parts;
  }

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === PANEL) before = remember();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== PANEL || !before) return;
    const news = compare(before);
    const count = document.querySelectorAll("#" + PANEL + " .rows > .changed").length;
    const moved = diagnosis() !== before.diagnosis ? diagnosis().split(",")[0] : "";
    restore(before);
    before = null;
    label();
    const note = byId("panel-changes");
    if (note) note.textContent = [moved && "Now " + moved, count && count + " changed"].filter(Boolean).join(" · ");
    const counts = document.querySelector("#" + PANEL + " [data-counts]");
    const bar = byId("panel-counts");
    if (counts && bar) bar.textContent = counts.dataset.counts;
    if (news.length) announce(news.join(". ") + ".");
  });
  ["htmx:responseError", "htmx:sendError"].forEach((name) => document.body.addEventListener(name, (event) => {
    if (leaving || (event.detail.xhr && event.detail.xhr.status === 401)) return;
    const note = byId("panel-changes");
    if (note) note.textContent = "Not up to date: the server did not answer.";
    announce("The recommendations are not up to date: the server did not answer.");
  }));

  label();
  focusField();
  byId("problems")?.focus();
})();
