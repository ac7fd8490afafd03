/* A roll called by single keys: on a row's radios h, r and a choose, and the focus goes to the next row. */
(function () {
  "use strict";

  const roll = document.querySelector("[data-roll]");
  const hint = document.querySelector("[data-roll-keys]");
  if (!roll) return;
  if (hint) hint.hidden = false;

  roll.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== "radio") return;
    const value = roll.dataset[event.key]; // data-h="room" and so on: the list of keys stands in forms/keys.py
    if (value === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const row = event.target.closest("tr");
    const chosen = Array.from(row.querySelectorAll("input[type=radio]")).find((radio) => radio.value === value);
    chosen.checked = true;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
    const next = row.nextElementSibling && row.nextElementSibling.querySelector("input[type=radio]:checked");
    (next || chosen).focus();
  });
})();
