/* Follow-through by keys: a cursor on the rows, and on the row under it d, n and p press what the row shows anyway.
   Single keys come by way of keys.js, which knows when nobody is typing; the list of them stands in forms/keys.py. */
(function () {
  "use strict";

  const table = document.querySelector("[data-follow]");
  if (!table) return;
  const hint = document.querySelector("[data-follow-keys]");
  if (hint) hint.hidden = false;
  const rows = Array.from(table.querySelectorAll("tbody tr"));
  const at = () => rows.find((row) => row.classList.contains("at"));

  function stand(row, focus) {
    if (!row) return;
    at()?.classList.remove("at");
    row.classList.add("at");
    if (focus) row.focus();
  }

  function move(by) {
    const place = rows.indexOf(at());
    stand(rows[Math.min(Math.max(place + by, 0), rows.length - 1)], true);
  }

  function open(what) {
    const fold = at()?.querySelector('details[data-does="' + what + '"]');
    if (!fold) return;
    fold.open = true;
    fold.querySelector("select, input:not([type=hidden])").focus();
  }

  const ACTS = {
    j: () => move(1),
    k: () => move(-1),
    d: () => at()?.querySelector('[data-does="done"]')?.click(),
    n: () => open("not_done"),
    p: () => open("postpone"),
  };

  table.addEventListener("focusin", (event) => stand(event.target.closest("tbody tr"), false));
  table.addEventListener("keydown", (event) => {
    const fold = event.key === "Escape" && event.target.closest("details[open]");
    if (!fold) return;
    fold.open = false;
    fold.closest("tr").focus();
  });
  document.addEventListener("pagekey", (event) => {
    const act = ACTS[event.detail];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // After an act the list goes on where it was; where that row has gone too, at the first.
  const named = location.hash && document.getElementById(location.hash.slice(1));
  stand(rows.includes(named) ? named : rows[0], Boolean(location.hash));
})();
