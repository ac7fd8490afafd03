/* Keys of a page: each presses the control that names it (aria-keyshortcuts), while nobody is typing. "?" shows the list
   that the page of keys shows, over the page, and gives the focus back. Who is disturbed by single keys turns them off. */
(function () {
  "use strict";

  const SETTING = "keys"; // "off" in the browser: a habit of its user, nothing of a patient
  const TYPED = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";
  const link = document.querySelector("[data-keys]");
  if (!link) return;
  let dialog = null;

  const areOff = () => localStorage.getItem(SETTING) === "off";
  const inSight = (item) => !item.disabled && !item.closest(":disabled") && item.getClientRects().length > 0;

  function named(key) {
    return Array.from(document.querySelectorAll("[aria-keyshortcuts]"))
      .find((item) => item.getAttribute("aria-keyshortcuts") === key && inSight(item));
  }

  function element(name, text, attributes) {
    const made = Object.assign(document.createElement(name), { textContent: text });
    Object.entries(attributes || {}).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  function made(list) {
    const box = element("dialog", "", { class: "keys-dialog", "aria-labelledby": "keys-title" });
    const off = element("input", "", { type: "checkbox" });
    const label = element("label", "", { class: "option" });
    const close = element("button", "Close", { class: "btn btn-outline-secondary", type: "button" });
    box.append(element("h1", "Keys", { id: "keys-title" }));
    box.insertAdjacentHTML("beforeend", list);
    label.append(off, " No single keys in this browser");
    box.append(label, close);
    off.checked = areOff();
    off.addEventListener("change", () => localStorage.setItem(SETTING, off.checked ? "off" : "on"));
    close.addEventListener("click", () => box.close());
    document.body.append(box);
    return box;
  }

  async function show() {
    const before = document.activeElement;
    const answer = dialog || await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || (!dialog && !answer.ok)) return;
    dialog = dialog || made(await answer.text());
    dialog.addEventListener("close", () => before && before.focus({ preventScroll: true }), { once: true });
    dialog.showModal();
  }

  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show();
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || document.body.classList.contains("session-over")) return;
    if (event.target.closest(TYPED) || (areOff() && event.key !== "?")) return;
    // A page may have keys of its own, which press nothing.
    if (!document.dispatchEvent(new CustomEvent("pagekey", { detail: event.key, cancelable: true }))) {
      event.preventDefault();
      return;
    }
    const item = named(event.key);
    if (!item) return;
    event.preventDefault();
    item.click();
  });
})();
