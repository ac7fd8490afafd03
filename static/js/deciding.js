/* The decision screen by keys: a cursor on the options, choices under it, lines that grow. Everything it does can be
   done by pointer and, in steps, without it. Single keys come by way of keys.js, which knows when nobody is typing. */
(function () {
  "use strict";

  const form = document.getElementById("decision");
  if (!form) return;
  const CHOICES = { a: "accepted", r: "rejected", d: "deferred" };
  const template = document.getElementById("reason-of-choice");
  const announce = (text) => { document.getElementById("announcer").textContent = text; };

  /* --- The cursor ------------------------------------------------------------------------------------------------- */

  const inSight = (item) => item.checkVisibility ? item.checkVisibility() : item.getClientRects().length > 0;
  const rows = () => Array.from(form.querySelectorAll(".choice-row")).filter(inSight);
  const at = () => form.querySelector(".choice-row.at");

  function number() {
    form.querySelectorAll("[data-digit]").forEach((row) => row.removeAttribute("data-digit"));
    rows().slice(0, 9).forEach((row, place) => row.setAttribute("data-digit", place + 1));
  }

  function stand(row, focus) {
    if (!row) return;
    at()?.classList.remove("at");
    row.classList.add("at");
    if (focus) row.querySelector("a").focus();
  }

  function move(by) {
    const all = rows();
    const place = all.indexOf(at());
    stand(all[Math.min(Math.max(place + by, 0), all.length - 1)], true);
  }

  form.addEventListener("focusin", (event) => stand(event.target.closest(".choice-row"), false));
  form.addEventListener("toggle", number, true);

  /* --- Choices, with their reasons -------------------------------------------------------------------------------- */

  const deviates = (row, choice) => Boolean(choice) && row.dataset.deviates.split(" ").includes(choice);

  function reasonOf(row, name) {
    const found = row.querySelector(".reason");
    if (found) return found;
    const made = template.content.firstElementChild.cloneNode(true);
    made.querySelectorAll("[name], [for]").forEach((item) => {
      ["name", "id", "for"].forEach((attribute) => {
        const value = item.getAttribute(attribute);
        if (value) item.setAttribute(attribute, value.replace("__name__", name));
      });
    });
    row.append(made);
    return made;
  }

  function tell(row, focus) {
    const radio = row.querySelector(".choices input:checked");
    const name = radio.name.replace(/-choice$/, "");
    const needs = radio.value === "rejected" || deviates(row, radio.value);
    row.querySelector(".relation").textContent = (radio.value && row.dataset[radio.value]) || "";
    if (needs || row.querySelector(".reason")) reasonOf(row, name).hidden = !needs;
    if (focus && deviates(row, radio.value)) row.querySelector(".reason select").focus();
  }

  function choose(row, choice) {
    const now = row.querySelector(".choices input:checked");
    const wanted = row.querySelector('.choices input[value="' + (now.value === choice ? "" : choice) + '"]');
    wanted.checked = true;
    stand(row, true);
    wanted.dispatchEvent(new Event("change", { bubbles: true }));
    const words = wanted.value ? wanted.closest("label").textContent.trim() : "Not discussed";
    const relation = row.querySelector(".relation").textContent;
    announce(row.querySelector("a").textContent + ": " + words + (relation && ". " + relation));
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches(".choices input")) tell(event.target.closest(".choice-row"), true);
  });

  /* --- Lines that grow -------------------------------------------------------------------------------------------- */

  const BOX = "input:not([type=hidden]), select, textarea";

  function grow(fold) {
    const lines = fold.querySelectorAll(".row-line");
    const total = fold.querySelector("input[name$=-TOTAL_FORMS]");
    if (lines.length >= Number(fold.querySelector(".rows-of-kind").dataset.most)) return null;
    const last = lines[lines.length - 1];
    const made = last.cloneNode(true);
    const index = new RegExp("-" + (lines.length - 1) + "-");
    made.querySelectorAll("[name], [for], [id]").forEach((item) => {
      ["name", "id", "for"].forEach((attribute) => {
        const value = item.getAttribute(attribute);
        if (value) item.setAttribute(attribute, value.replace(index, "-" + lines.length + "-"));
      });
    });
    made.querySelectorAll(".message").forEach((message) => message.remove());
    made.querySelectorAll(BOX).forEach((box) => { box.value = ""; });
    last.after(made);
    total.value = lines.length + 1;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    return made;
  }

  const isEmpty = (line) => Array.from(line.querySelectorAll(BOX)).every((box) => !box.value);

  /* Enter in a line: the next line of the same kind; in an empty one it saves, as everywhere. */
  form.addEventListener("keydown", (event) => {
    const typed = "input.line, input.day, input.number";
    if (event.key !== "Enter" || event.isComposing || !event.target.matches(typed)) return;
    const line = event.target.closest(".rows-of-kind > .row-line");
    if (!line || isEmpty(line)) return;
    event.preventDefault();
    (line.nextElementSibling || grow(line.closest("details")) || line).querySelector(BOX).focus();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=add]");
    if (!button) return;
    event.preventDefault();
    const made = grow(button.closest("details"));
    if (made) made.querySelector(BOX).focus();
  });

  function open(fold) {
    fold.open = true;
    const line = Array.from(fold.querySelectorAll(".row-line")).find(isEmpty) || fold;
    const box = line.querySelector(BOX);
    if (box) box.focus();
    else fold.querySelector("summary").focus();
  }

  /* --- Keys ------------------------------------------------------------------------------------------------------- */

  function pressed(key) {
    const row = at();
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1), true;
    if (key in CHOICES) return row ? (choose(row, CHOICES[key]), true) : false;
    if (/^[1-9]$/.test(key)) return stand(form.querySelector('[data-digit="' + key + '"]'), true), true;
    const item = Array.from(document.querySelectorAll(".table-of-board :is(summary[aria-keyshortcuts], [data-goto])"))
      .find((one) => one.getAttribute("aria-keyshortcuts") === key);
    if (!item) return false;
    if (item.matches("summary")) open(item.parentElement);
    else (item.querySelector("input:checked") || item).focus();
    return true;
  }

  document.addEventListener("pagekey", (event) => { if (pressed(event.detail)) event.preventDefault(); });

  /* --- What somebody else saved ----------------------------------------------------------------------------------- */

  /* Shown as it is saved by now: each part of the form in which nothing is typed here. What is sent keeps the marks of
     what this page showed first, so that the server still tells what both have changed. */
  const PARTS = ".choice-row, #id_intent, .rationale, #decision > details[id^=fold-]";
  const LABEL = "h3, legend, label, a";
  const CONTROLS = "a, summary, button, input:not([type=hidden]), select, textarea";
  const nameOf = (part) => part.id || "rationale";
  const partsOf = (root) => new Map(Array.from(root.querySelectorAll(PARTS), (part) => [nameOf(part), part]));
  const boxesOf = (part) => Array.from(part.querySelectorAll(BOX));
  const shownFirst = (select) => Math.max(0, Array.from(select.options).findIndex((one) => one.defaultSelected));

  function isTyped(box) {
    if (box.matches("select")) return box.selectedIndex !== shownFirst(box);
    if (box.matches("[type=radio], [type=checkbox]")) return box.checked !== box.defaultChecked;
    return box.value !== box.defaultValue;
  }

  function saidIn(part) {
    return boxesOf(part).map((box) => {
      if (box.matches("select")) return box.name + "=" + (box.options[shownFirst(box)] || { value: "" }).value;
      if (box.matches("[type=radio], [type=checkbox]")) return box.defaultChecked ? box.name + "=" + box.value : "";
      return box.name + "=" + box.defaultValue;
    }).filter((said) => said && !said.endsWith("=")).join("\n");
  }

  function fill(mine, theirs) {
    const held = mine.contains(document.activeElement) ? document.activeElement : null;
    const place = Array.from(mine.querySelectorAll(CONTROLS)).indexOf(held);
    const made = document.importNode(theirs, true);
    if (made.matches("details")) made.open = mine.open || made.open;
    made.classList.toggle("at", mine.classList.contains("at"));
    mine.replaceWith(made);
    window.htmx.process(made);
    if (made.matches(".choice-row")) tell(made, false);
    if (held) made.querySelectorAll(CONTROLS)[place]?.focus();
    return made.querySelector(LABEL).textContent.trim().replace(/ \(\d+\)$/, "");
  }

  async function show(notice) {
    if (form.dataset.unsaved === "from-start") return; // what was typed cannot be told from what was saved
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [mine, theirs] = [form, page].map(partsOf);
    const box = document.activeElement.matches("textarea, .line, .day, .number") ? document.activeElement : null;
    const isNew = (part, other) => other && saidIn(part) !== saidIn(other);
    const filled = Array.from(mine).filter(([name, part]) => isNew(part, theirs.get(name)) && !part.contains(box) &&
      !boxesOf(part).some(isTyped)).map(([name, part]) => fill(part, theirs.get(name)));
    const head = page.querySelector(".part-head");
    if (head) document.querySelector(".part-head").replaceWith(document.importNode(head, true));
    number();
    if (filled.length) notice.querySelector("[data-now]").textContent = "Shown as saved: " + filled.join(", ") + ".";
  }

  const isChanged = () => Boolean(form.querySelector("[data-unsaved-note]").textContent);

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "meanwhile") return;
    const notice = event.detail.target.querySelector("[data-state]");
    document.getElementById("watch").setAttribute("hx-vals", JSON.stringify({ seen: notice.dataset.state }));
    if (isChanged()) { if (notice.querySelector("[data-now]")) show(notice); return; }
    if (at()) history.replaceState(null, "", "#" + at().id); // nothing is typed here: the page shows theirs by itself
    location.reload();
  });

  form.querySelectorAll(".choice-row").forEach((row) => tell(row, false));
  number();
  stand(rows().find((row) => "#" + row.id === location.hash) || rows()[0], false);
})();
