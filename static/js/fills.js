/* What one act fills: the empty boxes of a block, and what a pasted report proposes. Done here at once, by the server
   where no script runs. A block answers only what is empty, names the boxes, and may be taken back before a save. */
(function () {
  "use strict";

  const controls = (form, name) => Array.from(form.elements).filter((item) => item.name === name);
  const value = (items) => items.length && (items[0].type === "radio" ? (items.find((item) => item.checked) || {}).value : items[0].value);
  const labelOf = (item) => item.closest("[data-field]").querySelector("legend, label").textContent.trim();
  const inSight = (item) => !item.disabled && item.closest("[data-field]").getClientRects().length > 0;

  function isEmpty(form, name) {
    const items = controls(form, name);
    const ticks = controls(form, name.replace(/_0$/, "_1"));
    return items.length > 0 && inSight(items[0]) && !value(items) && !(/_0$/.test(name) && ticks.some((item) => item.checked));
  }

  function choose(form, name, answer) {
    controls(form, name).forEach((item) => {
      if (item.type === "radio") item.checked = item.value === answer;
      else item.value = answer;
    });
  }

  function tell(block, text) {
    block.querySelector("[role=status]").textContent = text;
  }

  function fill(block, form, back) {
    const pairs = block.dataset.fill.split(" ").map((pair) => pair.split("=")).filter(([name]) => isEmpty(form, name));
    if (!pairs.length) return tell(block, "Nothing was empty, so nothing changed.");
    pairs.forEach(([name, answer]) => choose(form, name, answer));
    block.dataset.filled = pairs.map((pair) => pair.join("=")).join(" ");
    back.hidden = false;
    const named = pairs.map(([name]) => labelOf(controls(form, name)[0]));
    tell(block, "Now “" + block.dataset.said + "”: " + named.join(", ") + ". Not saved yet.");
    return pairs;
  }

  function takeBack(block, form, back) {
    const pairs = block.dataset.filled.split(" ").map((pair) => pair.split("="));
    pairs.filter(([name, answer]) => value(controls(form, name)) === answer).forEach(([name]) => choose(form, name, ""));
    delete block.dataset.filled;
    back.hidden = true;
    block.querySelector("button[name=fill]").focus();
    tell(block, "Taken back.");
    return pairs;
  }

  /* A proposal in its box; the focus goes on to the next one, or to the box. */
  function take(button) {
    const [, name, answer] = button.value.match(/^(\S+) (.*)$/s);
    const [form, box] = [button.form, controls(button.form, name)[0]];
    const words = button.firstChild.textContent.trim().replace(/^Take /, "");
    const slot = button.closest(".proposals");
    choose(form, name, answer);
    slot.replaceChildren();
    const left = Array.from(form.querySelectorAll("button[name=take]"));
    const next = left.find((item) => slot.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING) || left[0];
    (next || controls(form, name).find((item) => item.checked) || box).focus();
    form.querySelector("#pasted [role=status]").textContent = labelOf(box) + ": " + words + ". " + left.length + " left.";
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=take]");
    if (!button) return;
    event.preventDefault();
    take(button);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill] button");
    if (!button) return;
    const block = button.closest("[data-fill]");
    if (button.name === "take_back" && !block.dataset.filled) return; // answered by the server, which takes it back
    event.preventDefault();
    const back = block.querySelector("button[name=take_back]");
    const done = button.name === "fill" ? fill(block, button.form, back) : takeBack(block, button.form, back);
    if (done) controls(button.form, done[0][0])[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
